"""An embedder that is made ready when it is first needed, or in the background before that."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from typing import Literal

from service.models.ports import ChunkText, ChunkVectors, Embedder, Vector

State = Literal["idle", "loading", "ready", "failed"]


class DeferredEmbedder:
    """The port `Embedder` in front of one that takes seconds to get ready: embedding waits until it is.

    `prepare` runs once, in a thread of its own; when it fails, every embedding raises what it raised.
    """

    def __init__(self, embedder: Embedder, prepare: Callable[[], None]) -> None:
        self._embedder = embedder
        self._prepare = prepare
        self._lock = threading.Lock()
        self._prepared: Future[None] | None = None

    def import_library(self) -> None:
        """Import in this thread what it computes with, if it has such a thing, before others import in theirs."""
        import_library = getattr(self._embedder, "import_library", None)
        if import_library is not None:
            import_library()

    def start(self) -> None:
        """Begin to prepare it, without waiting. Starting twice is harmless."""
        self._begin()

    @property
    def state(self) -> State:
        prepared = self._prepared
        if prepared is None:
            return "idle"
        if not prepared.done():
            return "loading"
        return "ready" if prepared.exception() is None else "failed"

    @property
    def failure(self) -> BaseException | None:
        """Why it could not be made ready; `None` while that is not known."""
        prepared = self._prepared
        return prepared.exception() if prepared is not None and prepared.done() else None

    def wait(self) -> None:
        """Until it is ready, or failed to get there."""
        self._begin().exception()

    @property
    def name(self) -> str:
        return self._embedder.name

    @property
    def key(self) -> str:
        return self._embedder.key

    @property
    def dimension(self) -> int:
        return self._embedder.dimension

    @property
    def backend(self) -> str:
        """What computes the vectors, in words; empty for an embedder that does not say."""
        return str(getattr(self._embedder, "backend", ""))

    @property
    def warning(self) -> str | None:
        """What limits it, where it works all the same."""
        warning = getattr(self._embedder, "warning", None)
        return None if warning is None else str(warning)

    def embed_chunks(self, chunks: Sequence[ChunkText]) -> list[ChunkVectors]:
        self._begin().result()
        return self._embedder.embed_chunks(chunks)

    def embed_query(self, text: str, meanwhile: Iterator[object] | None = None) -> Vector:
        self._begin().result()
        return self._embedder.embed_query(text, meanwhile)

    def _begin(self) -> Future[None]:
        with self._lock:
            if self._prepared is None:
                self._prepared = Future()
                # A daemon, so that Ctrl-C during the load need not wait for it.
                threading.Thread(target=self._run, args=(self._prepared,), name="load-embedder", daemon=True).start()
            return self._prepared

    def _run(self, prepared: Future[None]) -> None:
        try:
            self._prepare()
        except BaseException as error:  # handed to whoever waits
            prepared.set_exception(error)
        else:
            prepared.set_result(None)
