"""Articles of files with their sentences, without a library: what checking a sentence needs, in a moment."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from service.errors import InputRejected
from service.grounding.context import ArticleContext
from service.ingest.incoming import IncomingArticle, ReadingOptions
from service.ingest.readers import read_paths
from service.ingest.titles import title_of
from service.text.clean import CLEANER, clean
from service.text.sentences import sentence_spans
from service.types import Article


def contexts_of(paths: Iterable[Path]) -> dict[str, ArticleContext]:
    """By article id, in the order of the files. Raises InputRejected for one that cannot be read."""
    contexts: dict[str, ArticleContext] = {}
    for item in read_paths([os.fspath(path) for path in paths], ReadingOptions()):
        if not isinstance(item, IncomingArticle):
            raise InputRejected(f"{item.origin}: {item.error}")
        article = _article(item)
        contexts[article.id] = ArticleContext(article, sentence_spans(article.text, article.language or "en"))
    return contexts


def _article(incoming: IncomingArticle) -> Article:
    text = clean(incoming.text, markdown=incoming.markdown)
    title = incoming.title or title_of(text, incoming.origin, incoming.language)
    return Article(
        id=incoming.id or title,
        title=title,
        text=text,
        raw_text=incoming.text,
        origin=incoming.origin,
        cleaner=CLEANER,
        ingested_at="1970-01-01T00:00:00+00:00",  # read for a measurement, not at a time
        source=incoming.source,
        published_at=incoming.published_at,
        language=incoming.language,
    )
