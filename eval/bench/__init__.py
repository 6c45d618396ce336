"""Measurements of speed and of design choices: scripts that print, not a part of the service."""
