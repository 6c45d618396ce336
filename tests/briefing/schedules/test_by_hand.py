"""Runs that a person starts and does not wait for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from service.briefing.schedules.desk import ScheduleDesk
from service.briefing.schedules.schedule import Schedule
from service.errors import LibraryBusy


@pytest.fixture
def desk(tmp_path: Path, writer: Any, clock: Any) -> Iterator[ScheduleDesk]:
    made = ScheduleDesk(tmp_path, writer, writer.load, {}, clock)
    yield made
    made.close()


class Slow(threading.Thread):
    """One of those that run: who asks whether it is alive waits for another to ask too, half a second at most."""

    def __init__(self) -> None:
        super().__init__()
        self._asked = threading.Barrier(2)

    def is_alive(self) -> bool:
        with suppress(threading.BrokenBarrierError):
            self._asked.wait(0.5)
        return False

    def join(self, timeout: float | None = None) -> None:
        """Over already."""


@contextmanager
def no_room_for_a_thread() -> Iterator[None]:
    """A stack larger than all addresses that a process has."""
    before = threading.stack_size(2**48)
    try:
        yield
    finally:
        threading.stack_size(before)


def test_of_two_that_are_started_at_once_none_is_forgotten(desk: ScheduleDesk, morning: Schedule, writer: Any) -> None:
    names = ["first", "second"]
    for name in names:
        desk.add(replace(morning, name=name))
    go_on = threading.Event()
    writer.meanwhile = lambda: go_on.wait(30)
    desk._by_hand = [Slow()]
    try:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(desk.start_run, names))
        assert len(desk._by_hand) == 2
    finally:
        go_on.set()


def test_what_finds_no_thread_failed_and_can_be_started_again(desk: ScheduleDesk, morning: Schedule) -> None:
    desk.add(morning)
    with no_room_for_a_thread(), pytest.raises(LibraryBusy, match="no thread could be started"):
        desk.start_run("morning")
    assert desk.status("morning").runs[0].state == "failed"
    assert desk.run("morning").runs[0].state == "done"
