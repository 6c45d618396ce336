"""Telling the vector store of what was committed, beside the ingest: its work overlaps with the embedding."""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from service.errors import IndexUnavailable
from service.library.reconciler import Reconciler

_log = logging.getLogger("groundwire.ingest")


def pass_on(reconciler: Reconciler) -> None:
    """Tell the vector store. What is committed is safe without it, so it may be away."""
    try:
        reconciler.drain()
    except IndexUnavailable as error:
        _log.warning("articles are saved, but the vector store does not take them yet: %s", error)


class PassingOn:
    """One drain at a time in a thread of its own; leaving the context waits for the one that runs."""

    def __init__(self, reconciler: Reconciler) -> None:
        self._reconciler = reconciler
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="pass-on")
        self._running: Future[None] | None = None

    def request(self) -> None:
        """Start a drain, unless one runs: then `finish` does what it leaves. Raises what the one before raised."""
        if self._running is not None:
            if not self._running.done():
                return
            self._running.result()
        self._running = self._worker.submit(pass_on, self._reconciler)

    def finish(self) -> None:
        """Return when the vector store was told of all that is committed."""
        if self._running is not None:
            self._running.result()
        pass_on(self._reconciler)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._worker.shutdown(wait=True, cancel_futures=True)
