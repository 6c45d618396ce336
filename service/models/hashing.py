"""The shipped fake of the port `Embedder`: no weights, no meaning, the same vector for the same words everywhere."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import numpy as np

from service.models.ports import ChunkText, ChunkVectors, Vector

_WORD = re.compile(r"[^\W_]+")


class HashingEmbedder:
    """Words hashed to places of a vector, so that texts are near when they share words: a bag of words, not a model.

    For tests and for trying the pipeline without weights. It knows no synonyms; "drone" and "drones" are neighbours
    only through their common beginning.
    """

    def __init__(self, dimension: int = 256) -> None:
        if dimension < 8:
            raise ValueError(f"a hashing embedder needs at least 8 dimensions, got {dimension}")
        self._dimension = dimension

    @property
    def name(self) -> str:
        return "hashing"

    @property
    def key(self) -> str:
        return f"hashing-words-{self._dimension}-fp32"

    @property
    def dimension(self) -> int:
        return self._dimension

    def embed_chunks(self, chunks: Sequence[ChunkText]) -> list[ChunkVectors]:
        return [self._embed_chunk(chunk) for chunk in chunks]

    def embed_query(self, text: str, meanwhile: Iterator[object] | None = None) -> Vector:
        return self._embed(text)

    def _embed_chunk(self, chunk: ChunkText) -> ChunkVectors:
        sentences = np.zeros((len(chunk.sentences), self._dimension), dtype=np.float32)
        for row, span in enumerate(chunk.sentences):
            sentences[row] = self._embed(span.of(chunk.text))
        return ChunkVectors(chunk=self._embed(chunk.text), sentences=sentences)

    def _embed(self, text: str) -> Vector:
        vector = np.zeros(self._dimension, dtype=np.float32)
        for feature, weight in _features(text):
            place, sign = _place(feature, self._dimension)
            vector[place] += sign * weight
        length = float(np.linalg.norm(vector))
        if length == 0.0:  # no words, or words that cancel out: any fixed direction will do
            vector[0] = length = 1.0
        return vector / np.float32(length)


def _features(text: str) -> Iterable[tuple[str, float]]:
    for word in _WORD.findall(text.casefold()):
        yield word, 1.0
        if len(word) > 4:
            yield word[:4] + "*", 0.5


@lru_cache(maxsize=50_000)
def _place(feature: str, dimension: int) -> tuple[int, float]:
    number = int.from_bytes(hashlib.blake2b(feature.encode("utf-8", "replace"), digest_size=8).digest(), "big")
    return number % dimension, 1.0 if number >> 63 else -1.0
