"""Suites, metrics and benchmarks: the measured pipeline, never a part of it."""
