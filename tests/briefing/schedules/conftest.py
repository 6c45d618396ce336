"""A clock that is set by hand, a desk that writes at once, and a writer that can be made to fail or to wait."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.briefing.briefing import Briefing
from service.briefing.delivery.ports import RecordingDeliverer
from service.briefing.request import BriefingRequest
from service.briefing.schedules.schedule import Schedule
from service.briefing.schedules.store import ScheduleStore
from service.errors import NotFound

START = datetime(2024, 5, 6, 5, 0, tzinfo=UTC)  # a Monday


@dataclass
class Clock:
    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def set(self, text: str) -> None:
        self.now = datetime.fromisoformat(text)

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class Writer:
    """Writes numbered copies of one briefing and keeps them. `meanwhile` is called while it is at work."""

    briefing: Briefing
    failures: list[Exception] = field(default_factory=list)
    requests: list[BriefingRequest] = field(default_factory=list)
    kept: dict[str, Briefing] = field(default_factory=dict)
    meanwhile: Callable[[], object] = lambda: None

    def __call__(self, request: BriefingRequest) -> Briefing:
        self.requests.append(request)
        self.meanwhile()
        if self.failures:
            raise self.failures.pop(0)
        briefing = replace(self.briefing, id=f"brf_{len(self.kept) + 1}")
        self.kept[briefing.id] = briefing
        return briefing

    def load(self, briefing_id: str) -> Briefing:
        if briefing_id not in self.kept:
            raise NotFound("there is no briefing with this id")
        return self.kept[briefing_id]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def writer(briefing: Briefing) -> Writer:
    return Writer(briefing)


@pytest.fixture
def mail() -> RecordingDeliverer:
    return RecordingDeliverer()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ScheduleStore]:
    opened = ScheduleStore(tmp_path / "schedules.sqlite3")
    yield opened
    opened.close()


@pytest.fixture
def morning() -> Schedule:
    """At 07:00 every day, for the 24 hours before."""
    return Schedule("morning", "Tarvik harbour", "0 7 * * *", "UTC", START, window_hours=24)
