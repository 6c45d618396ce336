"""The seam to a vector store, and the records that cross the library's border."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from service.text.dating import ArticleDates
from service.types import Article, Chunk

Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class VectorRecord:
    """One chunk as the vector store holds it. `vector` has shape (d,) and is L2-normalised."""

    chunk_id: str
    article_id: str
    vector: Vector


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that an index returned. `score`: cosine similarity, or positive bm25; higher is better."""

    chunk_id: str
    score: float


class VectorIndex(Protocol):
    """A vector store holding exactly one collection, cosine space. Raises IndexUnavailable when it does not answer."""

    def upsert(self, records: Sequence[VectorRecord]) -> None: ...

    def delete(self, chunk_ids: Sequence[str]) -> None: ...

    def query(self, vector: Vector, k: int, article_ids: Sequence[str] | None = None) -> list[Hit]:
        """The k nearest chunks, best first, ties by id; `article_ids` limits them to these articles' chunks."""

    def ids(self) -> set[str]: ...

    def count(self) -> int: ...

    def reset(self) -> None:
        """Drop and recreate the collection, empty."""

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class IndexedArticle:
    """An article ready to be stored: its chunks and their vectors.

    `chunk_vectors` (number of chunks, d); `sentence_vectors[i]` (sentences of chunk i, d), all float32, L2-normalised.
    An exact copy (`article.duplicate_of`, the same text) has no chunks: arrays of length 0. A near copy has its own.
    """

    article: Article
    chunks: tuple[Chunk, ...]
    chunk_vectors: Vector
    sentence_vectors: tuple[Vector, ...]
    dates: ArticleDates = field(default_factory=ArticleDates)
    """The days that its sentences name; each mention lies in a chunk."""
    signature: tuple[int, ...] = ()
    """Hashes by which near copies find each other, as in copies.py; empty for a short text."""


@dataclass(frozen=True, slots=True)
class ArticlePage:
    articles: tuple[Article, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class LibrarySize:
    articles: int
    copies: int
    chunks: int
    revisions: int
    pending: int
    """Changes committed here that the vector store has not taken yet."""
