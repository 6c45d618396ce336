"""Ports to things with weights, and their adapters."""
