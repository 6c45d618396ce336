"""The library: SQLite is the truth, the vector store is derived from it."""
