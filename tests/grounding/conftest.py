"""Articles of a few sentences."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.grounding.context import ArticleContext
from service.text.sentences import sentence_spans
from service.types import Article


@pytest.fixture(scope="session")
def make_context() -> Callable[..., ArticleContext]:
    """An article's sentences from its text, with any other field of an article."""

    def make(text: str, **fields: str | None) -> ArticleContext:
        known = {"id": "a", "title": "", "origin": "a.txt", "cleaner": "1", "ingested_at": "2025-11-20T12:00:00Z"}
        article = Article(**{**known, "text": text, "raw_text": text, **fields})
        return ArticleContext(article, sentence_spans(article.text))

    return make
