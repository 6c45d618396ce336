"""The dates that an article's sentences name."""

from __future__ import annotations

from collections.abc import Sequence

from service.text.dating import ArticleDates, ArticleDating
from service.types import Article, Chunk


def dates_of(article: Article, chunks: Sequence[Chunk]) -> ArticleDates:
    """None for a copy without chunks: its sentences are those of the article that it repeats."""
    if not chunks:
        return ArticleDates()
    spans = [span for chunk in chunks for span in chunk.sentences]
    return ArticleDating(article.title, article.text, spans, article.published_at).all()
