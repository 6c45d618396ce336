"""What the rest of groundwire asks of a model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from service.types import Span

Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ChunkText:
    """A chunk's text and its sentences' spans, relative to that text."""

    text: str
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class ChunkVectors:
    """L2-normalised vectors of one chunk: `chunk` has shape (d,), `sentences` (number of sentences, d)."""

    chunk: Vector
    sentences: Vector


class Embedder(Protocol):
    """Text to L2-normalised float32 vectors. Safe to call from several threads."""

    @property
    def name(self) -> str:
        """The model's name as the user gave it."""

    @property
    def key(self) -> str:
        """Identifies the vector space: model, dimension and precision, `[a-z0-9-]`, at most 60 characters."""

    @property
    def dimension(self) -> int: ...

    def embed_chunks(self, chunks: Sequence[ChunkText]) -> list[ChunkVectors]:
        """One forward pass a chunk: its vector, and by pooling the same token states, its sentences' vectors."""

    def embed_query(self, text: str, meanwhile: Iterator[object] | None = None) -> Vector:
        """Shape (d,). A text longer than the model reads is cut at its limit.

        `meanwhile` is other work in steps. This thread takes them while the model computes, if it does that outside
        Python, and until the vector is there; those that are left are left to the caller. What a step raises is raised
        here.
        """


class Reranker(Protocol):
    """Reads a query together with each text, which no vector can. Safe to call from several threads."""

    @property
    def name(self) -> str:
        """The model's name as the user gave it."""

    def rerank(self, query: str, texts: Sequence[str]) -> Vector:
        """Shape (number of texts,), in their order; higher is better, any range. Raises ModelUnavailable."""
