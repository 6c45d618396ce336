"""Groundwire beside its peers: the same chunks, weights and queries, each system in a process of its own."""
