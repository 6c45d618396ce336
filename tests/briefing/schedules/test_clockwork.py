"""A thread that does something whenever it is due."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

from service.briefing.schedules.clockwork import LONGEST_WAIT, SHORTEST_WAIT, Clockwork
from service.errors import LibraryUnusable


def test_it_waits_until_the_next_is_due_but_never_long(clock: Any) -> None:
    due: list[datetime | None] = [clock() + timedelta(seconds=20), clock() + timedelta(days=1), None, clock()]
    work = Clockwork("w", lambda: due.pop(0), clock)
    assert [work.step() for _ in range(4)] == [timedelta(seconds=20), LONGEST_WAIT, LONGEST_WAIT, SHORTEST_WAIT]


def test_what_fails_is_seen_until_it_works_again(clock: Any) -> None:
    failures: list[Exception] = [LibraryUnusable("the disk is full"), ValueError("quotes an article")]

    def work() -> None:
        if failures:
            raise failures.pop(0)

    clockwork = Clockwork("w", work, clock)
    seen = []
    for _ in range(3):
        clockwork.step()
        seen.append(clockwork.failure)
    assert seen == ["the disk is full", "unexpected ValueError", None]


def test_waking_it_has_it_look_at_once_and_stopping_ends_it(clock: Any) -> None:
    looked = threading.Semaphore(0)
    clockwork = Clockwork("w", lambda: looked.release(), clock)
    clockwork.start()
    assert looked.acquire(timeout=10)
    clockwork.wake()
    assert looked.acquire(timeout=10)
    clockwork.stop(10)
    assert not clockwork.runs
