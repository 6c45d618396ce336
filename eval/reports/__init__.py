"""What a run found, for people and for machines: one HTML page, Markdown, JSON, JUnit."""
