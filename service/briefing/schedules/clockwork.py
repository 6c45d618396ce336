"""A thread that does something whenever it is due."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from service.briefing.schedules.failures import plain

LOG = logging.getLogger("groundwire.schedules")
LONGEST_WAIT = timedelta(minutes=1)
"""A clock that is set, or a machine that slept, is noticed within this time."""
SHORTEST_WAIT = timedelta(seconds=1)
"""What is due and cannot be done yet is not asked for all the time."""


class Clockwork:
    """Calls `work` again and again. It says when it is due next, `None` for not until `wake`.

    What it raises is logged, kept in `failure` until it works again, and tried again.
    """

    def __init__(self, name: str, work: Callable[[], datetime | None], now: Callable[[], datetime]) -> None:
        self._name = name
        self._work = work
        self._now = now
        self._woken = threading.Event()
        self._stopping = False
        self._thread: threading.Thread | None = None
        self.failure: str | None = None

    @property
    def runs(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Something changed: look at once. Harmless when it does not run."""
        self._woken.set()

    def stop(self, timeout_seconds: float) -> None:
        """Waits for the work at hand so long, then leaves it to the end of the process. Twice is harmless."""
        self._stopping = True
        self._woken.set()
        if self._thread is not None:
            self._thread.join(timeout_seconds)

    def step(self) -> timedelta:
        """Do what is due; how long to wait then."""
        try:
            due = self._work()
            self.failure = None
        except Exception as error:  # the thread must not end
            self.failure = plain(error)
            LOG.warning("%s: %s", self._name, self.failure)
            return LONGEST_WAIT
        if due is None:
            return LONGEST_WAIT
        return min(max(due - self._now(), SHORTEST_WAIT), LONGEST_WAIT)

    def _run(self) -> None:
        while not self._stopping:
            self._woken.clear()
            self._woken.wait(self.step().total_seconds())
