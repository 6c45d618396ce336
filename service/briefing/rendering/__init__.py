"""A briefing as Markdown, HTML, plain text, PDF and JSON."""
