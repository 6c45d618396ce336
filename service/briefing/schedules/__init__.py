"""Briefings that write themselves: when, what, where to, and what became of each run."""
