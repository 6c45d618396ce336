"""Keeps the vector store in step with the library: once for a command, again and again in a service."""

from __future__ import annotations

import logging
import threading

from service.errors import GroundwireError
from service.library.deferred import DeferredVectorIndex
from service.library.library import Library
from service.library.reconciler import Reconciler

LOG = logging.getLogger("groundwire.service")
EVERY_SECONDS = 5.0
"""How soon after its return a vector store gets what it missed, and how old its state in `/readyz` may be."""


class IndexUpkeep:
    """Pushes what the vector store has not taken yet, and refills one that lost its records."""

    def __init__(self, library: Library, index: DeferredVectorIndex, reconciler: Reconciler) -> None:
        self._library = library
        self._index = index
        self._reconciler = reconciler
        self._lock = threading.Lock()
        self._compared = False
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.failure: str | None = None
        """Why the last attempt failed, one line; `None` when it did not."""
        self.reached = False
        """Whether it has ever answered."""

    def catch_up(self) -> None:
        """Raises IndexUnavailable when the vector store does not answer; what is pending stays pending."""
        with self._lock:
            self._reconciler.drain()
            before, held, after = self._library.size(), self._index.count(), self._library.size()
            self.reached = True
            if self._compared or before != after or after.pending:
                return
            # Once for each process: a folder that was removed or restored from elsewhere has other records than these.
            if held != after.chunks:
                self._reconciler.rebuild()
            self._compared = True

    def start(self) -> None:
        """Go on in the background until `stop`."""
        self._thread = threading.Thread(target=self._run, name="index-upkeep", daemon=True)
        self._thread.start()

    def stop(self, timeout_seconds: float) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout_seconds)

    def _run(self) -> None:
        while not self._stop.is_set():
            self.attempt()
            self._stop.wait(EVERY_SECONDS)

    def attempt(self) -> None:
        """`catch_up`, with a failure noted instead of raised."""
        try:
            self.catch_up()
        except GroundwireError as error:
            if self.failure is None and not self._stop.is_set():
                LOG.warning("the vector store is behind: %s", error)
            self.failure = str(error)
        except Exception as error:
            # The thread must outlive what it did not expect: without it the store would stay behind until a restart.
            LOG.exception("unexpected %s while bringing the vector store up to date", type(error).__name__)
            self.failure = f"unexpected {type(error).__name__}"
        else:
            self.failure = None
