"""Briefings brought to their readers: into a folder, by mail, to a webhook, as a feed."""
