"""The outside world becomes articles: readers, identity, duplicates and the indexing pipeline."""
