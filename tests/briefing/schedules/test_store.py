"""What is stored comes back, and what cannot be stored is said plainly."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.briefing.schedules.schedule import Delivery, Run, Schedule, Target
from service.briefing.schedules.store import DELIVERIES_KEPT, RUNS_KEPT, ScheduleStore
from service.errors import InputRejected, LibraryUnusable, NotFound

ALWAYS = datetime.max.replace(tzinfo=UTC)


def test_a_schedule_comes_back_as_it_was(store: ScheduleStore, morning: Schedule) -> None:
    whole = replace(
        morning, sources=("Harbour Post",), formats=("md", "pdf"), targets=(Target("folder", "desk"),), max_words=200
    )
    store.add(whole)
    [(schedule, progress)] = store.all()
    assert schedule == whole
    assert progress.handled_until == whole.created_at


@pytest.mark.parametrize("name", ["morning", "MORNING"])
def test_two_of_one_name_are_refused(store: ScheduleStore, morning: Schedule, name: str) -> None:
    store.add(morning)
    with pytest.raises(InputRejected, match=r"there is a schedule named \w+ already; remove it, or take another name"):
        store.add(replace(morning, name=name))
    assert len(store.all()) == 1


@pytest.mark.parametrize("name", ["", " ", "a/b", "../x", "-x", "x" * 65, "mörgen", "a\nb", "a b"])
def test_a_name_that_cannot_stand_in_a_file_name_is_refused(morning: Schedule, name: str) -> None:
    with pytest.raises(InputRejected, match="name: may have"):
        replace(morning, name=name)


def test_one_that_cannot_be_read_keeps_nobody_from_another(
    tmp_path: Path, store: ScheduleStore, morning: Schedule
) -> None:
    store.add(morning)
    store.add(replace(morning, name="night"))
    with closing(sqlite3.connect(tmp_path / "schedules.sqlite3")) as connection, connection:
        connection.execute("UPDATE schedules SET sources = '{' WHERE name = 'night'")
    assert store.get("MORNING")[0] == morning


@pytest.mark.parametrize("name", ["mörning", "morning\x00", "\udcff"])
def test_a_name_that_none_can_have_is_not_found(store: ScheduleStore, morning: Schedule, name: str) -> None:
    store.add(morning)
    with pytest.raises(NotFound, match="there are morning"):
        store.get(name)


def test_removing_takes_its_runs_and_deliveries(store: ScheduleStore, morning: Schedule) -> None:
    _with_a_delivery(store, morning)
    store.remove("morning")
    assert (store.all(), store.due(ALWAYS), store.runs("morning", 9)) == ([], [], [])


def test_removing_what_there_is_not_is_said(store: ScheduleStore) -> None:
    with pytest.raises(NotFound, match="there is none; add one"):
        store.remove("morning")


def test_reading_makes_no_file(tmp_path: Path) -> None:
    with closing(ScheduleStore(tmp_path / "schedules.sqlite3")) as store:
        assert store.all() == store.due(ALWAYS) == store.troubled() == []
    assert list(tmp_path.iterdir()) == []


def test_old_runs_are_forgotten(store: ScheduleStore, morning: Schedule) -> None:
    store.add(morning)
    for number in range(RUNS_KEPT + 5):
        store.begin(Run(f"run_{number}", "morning", morning.created_at, morning.created_at, "running"), None)
    runs = store.runs("morning", RUNS_KEPT * 2)
    assert (len(runs), runs[0].id) == (RUNS_KEPT, f"run_{RUNS_KEPT + 4}")


def test_what_waits_is_never_forgotten(store: ScheduleStore, morning: Schedule) -> None:
    store.add(morning)
    for number in range(DELIVERIES_KEPT + 5):
        _finish(store, morning, f"{number}")
        if number:
            store.delivered(f"dlv_{number}", morning.created_at)
    assert [delivery.id for delivery in store.due(ALWAYS)] == ["dlv_0"]
    assert len(store.deliveries("morning", 1000)) <= DELIVERIES_KEPT + 2


def test_a_file_of_another_program_is_refused_and_left_alone(tmp_path: Path, morning: Schedule) -> None:
    path = tmp_path / "schedules.sqlite3"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE theirs (x)")
    with closing(ScheduleStore(path)) as store, pytest.raises(LibraryUnusable, match="another program's database"):
        store.add(morning)


def test_a_damaged_file_is_said_plainly(tmp_path: Path) -> None:
    path = tmp_path / "schedules.sqlite3"
    path.write_bytes(b"not a database at all" * 100)
    with closing(ScheduleStore(path)) as store, pytest.raises(LibraryUnusable, match="cannot be used"):
        store.all()


def test_a_file_that_was_mended_is_used_again(tmp_path: Path, morning: Schedule) -> None:
    path = tmp_path / "schedules.sqlite3"
    path.write_bytes(b"not a database at all" * 100)
    with closing(ScheduleStore(path)) as store:
        with pytest.raises(LibraryUnusable):
            store.all()
        path.unlink()
        store.add(morning)
        assert len(store.all()) == 1


def _with_a_delivery(store: ScheduleStore, schedule: Schedule) -> None:
    store.add(schedule)
    _finish(store, schedule, "1")


def _finish(store: ScheduleStore, schedule: Schedule, number: str) -> None:
    at = schedule.created_at + timedelta(hours=2)
    run = Run(f"run_{number}", schedule.name, at, at, "running")
    store.begin(run, at)
    delivery = Delivery(f"dlv_{number}", schedule.name, "brf_1", Target("folder", "desk"), ("md",), at)
    store.finish(replace(run, state="done", finished_at=at, briefing_id="brf_1"), [delivery])
