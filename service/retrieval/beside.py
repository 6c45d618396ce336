"""Something that waits outside Python, done in a thread of its own while this one goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class Beside:
    """One thread for whoever comes first. The others do their own work: the processor is busy enough then."""

    def __init__(self, name: str) -> None:
        self._worker = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._free = threading.Lock()

    def begin(self, work: Callable[[], T]) -> Callable[[], T]:
        """Returns what has its result, to be called once: it waits for the work, or only then does it."""
        if not self._free.acquire(blocking=False):
            return work

        def run() -> T:
            try:
                return work()
            finally:
                self._free.release()

        try:
            return self._worker.submit(run).result
        except BaseException:
            self._free.release()
            raise
