"""Embedding in a thread of its own: reading, deciding and committing go on meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from service.errors import InputRejected
from service.ingest.batch import Entry
from service.ingest.embedding import index_articles
from service.library.ports import IndexedArticle
from service.models.ports import Embedder

Embedded = Future[list[IndexedArticle | InputRejected]]


class EmbeddingAhead:
    """Leaving the context waits for what is being embedded, and forgets what is not begun."""

    def __init__(self, embedder: Embedder, embedded: Callable[[int], None]) -> None:
        """`embedded` is told, in that thread, how many chunks are done."""
        self._embedder = embedder
        self._embedded = embedded
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="embed-ahead")

    def start(self, entries: Sequence[Entry]) -> Embedded:
        """The entries' results, in order, when they are there."""
        prepared = [(entry.decision.article, entry.chunks) for entry in entries]
        return self._worker.submit(index_articles, self._embedder, prepared, self._embedded)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._worker.shutdown(wait=True, cancel_futures=True)
