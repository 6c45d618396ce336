"""The shipped fake of a vector store: exact, in memory, gone with the process."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np

from service.library.ports import Hit, Vector, VectorRecord


class InMemoryVectorIndex:
    """Compares the query with every record. For tests and for runs that keep nothing."""

    def __init__(self) -> None:
        self._records: dict[str, VectorRecord] = {}
        self._lock = threading.Lock()

    def upsert(self, records: Sequence[VectorRecord]) -> None:
        with self._lock:
            self._records.update((record.chunk_id, record) for record in records)

    def delete(self, chunk_ids: Sequence[str]) -> None:
        with self._lock:
            for chunk_id in chunk_ids:
                self._records.pop(chunk_id, None)

    def query(self, vector: Vector, k: int, article_ids: Sequence[str] | None = None) -> list[Hit]:
        allowed = None if article_ids is None else set(article_ids)
        with self._lock:
            records = [r for r in self._records.values() if allowed is None or r.article_id in allowed]
        if not records or k <= 0:
            return []
        scores = np.stack([r.vector for r in records]) @ vector
        hits = [Hit(record.chunk_id, float(score)) for record, score in zip(records, scores, strict=True)]
        return sorted(hits, key=lambda hit: (-hit.score, hit.chunk_id))[:k]

    def ids(self) -> set[str]:
        with self._lock:
            return set(self._records)

    def count(self) -> int:
        with self._lock:
            return len(self._records)

    def reset(self) -> None:
        with self._lock:
            self._records.clear()

    def close(self) -> None:
        """Nothing is held open."""
