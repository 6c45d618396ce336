"""Measures answers and briefings case by case, and says whether a change made them better or worse."""
