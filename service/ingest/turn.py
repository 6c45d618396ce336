"""One writer at a time, first come, first served."""

from __future__ import annotations

import threading
from collections import deque
from types import TracebackType
from typing import Self


class WritersTurn:
    """A lock that tells its holder whether somebody waits for it; a plain one would let the holder take it again."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._queue: deque[object] = deque()

    @property
    def wanted(self) -> bool:
        """Whether somebody waits."""
        return len(self._queue) > 1

    def take(self) -> None:
        mine = object()
        with self._changed:
            self._queue.append(mine)
            try:
                self._changed.wait_for(lambda: self._queue[0] is mine)
            except BaseException:
                self._queue.remove(mine)
                self._changed.notify_all()
                raise

    def give_back(self) -> None:
        with self._changed:
            self._queue.popleft()
            self._changed.notify_all()

    def __enter__(self) -> Self:
        self.take()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.give_back()
