"""The HTTP edge: parsing, limits, problem details. No SQL, no prompts."""
