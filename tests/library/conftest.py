"""Articles with chunks and vectors that follow from their text, and libraries to put them in."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from service.library.library import Library
from service.library.ports import IndexedArticle, Vector
from service.types import Article, Chunk, Span

DIMENSION = 16

MakeArticle = Callable[..., IndexedArticle]


def vector_of(text: str) -> Vector:
    """The same text always has the same direction; different texts have different ones."""
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    vector = np.random.default_rng(seed).standard_normal(DIMENSION).astype(np.float32)
    return vector / np.linalg.norm(vector)


def index_article(article_id: str = "a", text: str = "Rain fell. Wind rose.", **fields: Any) -> IndexedArticle:
    """Paragraphs become chunks, `. ` ends a sentence; a copy gets no chunks."""
    known = {"title": "A title", "raw_text": text, "origin": f"{article_id}.txt", "cleaner": "c1"}
    article = Article(id=article_id, text=text, **{**known, "ingested_at": "2025-11-20T12:00:00+00:00", **fields})
    if article.duplicate_of is not None:
        return IndexedArticle(article, (), np.zeros((0, DIMENSION), dtype=np.float32), ())
    chunks: list[Chunk] = []
    start = 0
    for paragraph in text.split("\n\n"):
        end = start + len(paragraph)
        sentences, at = [], start
        for sentence in paragraph.split(". "):
            sentences.append(Span(at, min(at + len(sentence) + 1, end)))
            at = min(at + len(sentence) + 2, end)
        chunks.append(Chunk(article.id, article.revision, len(chunks), start, end, paragraph, tuple(sentences)))
        start = end + 2
    return IndexedArticle(
        article,
        tuple(chunks),
        np.stack([vector_of(chunk.text) for chunk in chunks]),
        tuple(np.stack([vector_of(s.of(text)) for s in chunk.sentences]) for chunk in chunks),
    )


@pytest.fixture
def make_article() -> MakeArticle:
    return index_article


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    opened = Library(tmp_path / "library.sqlite3")
    yield opened
    opened.close()


@pytest.fixture
def settle_all() -> Callable[[Library], list[tuple[str, str]]]:
    """Empties the outbox and returns what was in it."""

    def settle(library: Library) -> list[tuple[str, str]]:
        entries = library.pending(10_000)
        library.settle([entry.sequence for entry in entries])
        return [(entry.action, entry.chunk_id) for entry in entries]

    return settle
