"""Suites that are no cases of questions: each measures one property and gives a report."""
