"""So many users of the model at a time, and a question never waits behind a long ingest."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """Hands out turns, urgent ones first; `places` may be taken at the same time.

    A plain lock is not fair: a loop that takes it again at once starves everyone else.
    """

    def __init__(self, places: int = 1) -> None:
        self._changed = threading.Condition()
        self._free = places
        self.urgent_waiting = 0
        """How many urgent callers are waiting now."""

    @contextmanager
    def take(self, *, urgent: bool = False) -> Iterator[None]:
        with self._changed:
            self.urgent_waiting += urgent
            try:
                self._changed.wait_for(lambda: self._free > 0 and (urgent or not self.urgent_waiting))
                self._free -= 1
            finally:
                self.urgent_waiting -= urgent
        try:
            yield
        finally:
            with self._changed:
                self._free += 1
                self._changed.notify_all()
