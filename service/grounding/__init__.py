"""Whether what is said is in the articles: claims, support, verdicts, disagreements."""
