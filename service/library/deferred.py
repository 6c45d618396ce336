"""A vector index that is made when it is first needed: its name needs the model's key, and the model takes seconds."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from service.library.ports import Hit, Vector, VectorIndex, VectorRecord


class DeferredVectorIndex:
    """The port `VectorIndex` in front of one that a function makes. A failure is not kept: the next call tries anew."""

    def __init__(self, make: Callable[[], VectorIndex]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._made: VectorIndex | None = None

    def upsert(self, records: Sequence[VectorRecord]) -> None:
        self._index().upsert(records)

    def delete(self, chunk_ids: Sequence[str]) -> None:
        self._index().delete(chunk_ids)

    def query(self, vector: Vector, k: int, article_ids: Sequence[str] | None = None) -> list[Hit]:
        return self._index().query(vector, k, article_ids)

    def ids(self) -> set[str]:
        return self._index().ids()

    def count(self) -> int:
        return self._index().count()

    def reset(self) -> None:
        self._index().reset()

    def close(self) -> None:
        made = self._made
        if made is not None:
            made.close()

    def _index(self) -> VectorIndex:
        with self._lock:
            if self._made is None:
                self._made = self._make()
            return self._made
