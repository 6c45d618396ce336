"""From a query to fused evidence. Knows nothing of LLMs."""
