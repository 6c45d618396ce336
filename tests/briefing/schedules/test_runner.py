"""What is due is run: once when it was missed, never twice at once, again when it failed."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from service.briefing.briefing import Briefing
from service.briefing.request import BriefingRequest
from service.briefing.schedules.runner import RETRIES_AFTER, ScheduleRunner
from service.briefing.schedules.schedule import Run, Schedule, Target
from service.briefing.schedules.store import ScheduleStore
from service.errors import AlreadyRunning, IndexUnavailable, LibraryUnusable, NotFound

ALWAYS = datetime.max.replace(tzinfo=UTC)


@pytest.fixture
def runner(store: ScheduleStore, writer: Any, clock: Any, morning: Schedule) -> ScheduleRunner:
    store.add(morning)
    return ScheduleRunner(store, writer, clock)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def last(store: ScheduleStore) -> Run:
    return store.runs("morning", 1)[0]


def test_nothing_runs_before_it_is_due(runner: ScheduleRunner, writer: Any, clock: Any) -> None:
    assert runner.run_due() == moment("2024-05-06T07:00+00:00")
    assert writer.requests == []


def test_what_is_due_runs_once(runner: ScheduleRunner, writer: Any, clock: Any, store: ScheduleStore) -> None:
    clock.set("2024-05-06T07:00:03+00:00")
    assert runner.run_due() == moment("2024-05-07T07:00+00:00")
    runner.run_due()
    assert len(writer.requests) == 1
    assert (last(store).state, last(store).made_up, last(store).briefing_id) == ("done", False, "brf_1")


def test_the_window_ends_when_it_was_due(runner: ScheduleRunner, writer: Any, clock: Any) -> None:
    clock.set("2024-05-06T07:00:03+00:00")
    runner.run_due()
    [request] = writer.requests
    assert (request.topic, request.since, request.until) == (
        "Tarvik harbour",
        "2024-05-05T07:00:00+00:00",
        "2024-05-06T07:00:00+00:00",
    )


def test_without_a_window_it_looks_at_everything(
    store: ScheduleStore, writer: Any, clock: Any, morning: Schedule
) -> None:
    store.add(replace(morning, window_hours=None))
    clock.set("2024-05-06T07:00+00:00")
    ScheduleRunner(store, writer, clock).run_due()
    assert (writer.requests[0].since, writer.requests[0].until) == (None, None)


def test_missed_runs_are_made_up_once_and_leave_no_gap(
    runner: ScheduleRunner, writer: Any, clock: Any, store: ScheduleStore
) -> None:
    clock.set("2024-05-06T07:00+00:00")
    runner.run_due()
    clock.set("2024-05-09T11:30+00:00")  # nothing ran on the 7th, the 8th and the morning of the 9th
    runner.run_due()
    runner.run_due()
    assert [request.until for request in writer.requests] == ["2024-05-06T07:00:00+00:00", "2024-05-09T07:00:00+00:00"]
    assert writer.requests[1].since == "2024-05-06T07:00:00+00:00"
    assert last(store).made_up


def test_a_missed_first_run_is_made_up_too(runner: ScheduleRunner, writer: Any, clock: Any) -> None:
    clock.set("2024-05-08T11:30+00:00")
    runner.run_due()
    assert len(writer.requests) == 1


def test_due_times_before_it_was_made_are_not_made_up(runner: ScheduleRunner, writer: Any, clock: Any) -> None:
    clock.set("2024-05-06T05:00:01+00:00")
    runner.run_due()
    assert writer.requests == []


def test_a_run_that_lasts_beyond_the_next_due_time_is_followed_by_one(
    runner: ScheduleRunner, writer: Any, clock: Any
) -> None:
    clock.set("2024-05-06T07:00+00:00")
    writer.meanwhile = lambda: clock.pass_by(hours=60)
    assert runner.run_due() == clock()
    writer.meanwhile = lambda: None
    runner.run_due()
    assert [request.until for request in writer.requests] == ["2024-05-06T07:00:00+00:00", "2024-05-08T07:00:00+00:00"]


def test_what_runs_by_hand_is_not_run_beside_it(runner: ScheduleRunner, writer: Any, clock: Any) -> None:
    clock.set("2024-05-06T07:00+00:00")
    writer.meanwhile = runner.run_due
    runner.run("morning")
    assert len(writer.requests) == 1


def test_running_by_hand_what_runs_is_refused(runner: ScheduleRunner, writer: Any, clock: Any) -> None:
    refused = []

    def again() -> None:
        with pytest.raises(AlreadyRunning, match="morning is running"):
            runner.run("morning")
        refused.append(True)

    writer.meanwhile = again
    runner.run("morning")
    assert refused == [True]


def test_running_by_hand_leaves_the_next_due_time(runner: ScheduleRunner, writer: Any, clock: Any) -> None:
    run = runner.run("Morning")
    assert (run.state, run.by_hand) == ("done", True)
    assert runner.run_due() == moment("2024-05-06T07:00+00:00")


def test_running_what_there_is_not_names_what_there_is(runner: ScheduleRunner) -> None:
    with pytest.raises(NotFound, match="there are morning"):
        runner.run("evening")


def test_a_failure_is_tried_again_after_a_wait(
    runner: ScheduleRunner, writer: Any, clock: Any, store: ScheduleStore
) -> None:
    writer.failures = [IndexUnavailable("the vector store does not answer")]
    clock.set("2024-05-06T07:00+00:00")
    assert runner.run_due() == moment("2024-05-06T07:01+00:00")
    assert (last(store).state, last(store).error) == ("failed", "the vector store does not answer")
    runner.run_due()
    assert len(writer.requests) == 1
    clock.pass_by(minutes=1)
    runner.run_due()
    assert last(store).state == "done"
    assert writer.requests[0] == writer.requests[1]


def test_what_fails_again_and_again_waits_for_its_next_due_time(
    runner: ScheduleRunner, writer: Any, clock: Any, store: ScheduleStore
) -> None:
    writer.failures = [IndexUnavailable("down")] * 10
    clock.set("2024-05-06T07:00+00:00")
    for _ in range(40):
        runner.run_due()
        clock.pass_by(minutes=1)
    assert len(writer.requests) == 1 + len(RETRIES_AFTER)
    assert runner.run_due() == moment("2024-05-07T07:00+00:00")


def test_a_due_time_has_all_its_attempts_however_often_the_one_before_failed(
    store: ScheduleStore, writer: Any, clock: Any, morning: Schedule
) -> None:
    store.add(replace(morning, cron="0,10 7 * * *"))
    runner = ScheduleRunner(store, writer, clock)
    writer.failures = [IndexUnavailable("down")] * 5
    clock.set("2024-05-06T07:00+00:00")
    for _ in range(13):  # three attempts at 07:00, until 07:06, and two at 07:10
        runner.run_due()
        clock.pass_by(minutes=1)
    clock.set("2024-05-06T07:16+00:00")
    runner.run_due()
    assert [request.until for request in writer.requests] == (
        ["2024-05-06T07:00:00+00:00"] * 3 + ["2024-05-06T07:10:00+00:00"] * 3
    )
    assert last(store).state == "done"


def test_a_due_time_does_not_wait_for_the_retry_of_the_one_before(
    store: ScheduleStore, writer: Any, clock: Any, morning: Schedule
) -> None:
    store.add(replace(morning, cron="0,3 7 * * *"))
    runner = ScheduleRunner(store, writer, clock)
    writer.failures = [IndexUnavailable("down")] * 2
    clock.set("2024-05-06T07:00+00:00")
    runner.run_due()
    clock.pass_by(minutes=1)
    assert runner.run_due() == moment("2024-05-06T07:06+00:00")
    clock.set("2024-05-06T07:03+00:00")
    assert runner.run_due() == moment("2024-05-07T07:00+00:00")
    assert last(store).due == clock()


def test_a_retry_is_not_called_made_up(runner: ScheduleRunner, writer: Any, clock: Any, store: ScheduleStore) -> None:
    writer.failures = [IndexUnavailable("down")] * 2
    clock.set("2024-05-06T07:00+00:00")
    for _ in range(8):
        runner.run_due()
        clock.pass_by(minutes=1)
    assert [(run.state, run.made_up) for run in store.runs("morning", 3)] == [
        ("done", False),
        ("failed", False),
        ("failed", False),
    ]


def test_the_run_after_a_day_that_failed_covers_that_day(runner: ScheduleRunner, writer: Any, clock: Any) -> None:
    clock.set("2024-05-06T07:00+00:00")
    runner.run_due()
    writer.failures = [IndexUnavailable("down")] * 4
    clock.set("2024-05-07T07:00+00:00")
    for _ in range(30):
        runner.run_due()
        clock.pass_by(minutes=1)
    clock.set("2024-05-08T07:00+00:00")
    runner.run_due()
    assert writer.requests[-1].since == "2024-05-06T07:00:00+00:00"


def test_a_bug_in_the_writer_stops_no_other_schedule_and_quotes_no_article(
    runner: ScheduleRunner, writer: Any, clock: Any, store: ScheduleStore, morning: Schedule
) -> None:
    store.add(replace(morning, name="second"))
    writer.failures = [ValueError("a sentence of an article")]
    clock.set("2024-05-06T07:00+00:00")
    runner.run_due()
    assert last(store).error == "unexpected ValueError"
    assert store.runs("second", 1)[0].state == "done"


def test_a_schedule_that_cannot_run_stops_no_other_and_is_seen(
    runner: ScheduleRunner, writer: Any, clock: Any, store: ScheduleStore, morning: Schedule
) -> None:
    store.add(replace(morning, name="before", zone="Mars/Base"))
    clock.set("2024-05-06T07:00+00:00")
    assert runner.run_due() == moment("2024-05-07T07:00+00:00")
    assert last(store).state == "done"
    assert list(runner.failures) == ["before"]
    assert runner.failures["before"].startswith("time zone: there is no `Mars/Base`")
    store.remove("before")
    runner.run_due()
    assert runner.failures == {}


def test_a_schedule_that_is_removed_before_its_turn_stops_no_other(
    runner: ScheduleRunner, writer: Any, clock: Any, store: ScheduleStore, morning: Schedule
) -> None:
    store.add(replace(morning, name="night"))
    store.add(replace(morning, name="other"))
    clock.set("2024-05-06T07:00+00:00")
    writer.meanwhile = lambda: store.remove("night") if len(writer.requests) == 1 else None
    runner.run_due()
    assert (len(writer.requests), store.runs("other", 1)[0].state) == (2, "done")
    assert runner.failures == {}


def test_a_schedule_that_became_another_before_its_turn_runs_as_the_other(
    runner: ScheduleRunner, writer: Any, clock: Any, store: ScheduleStore, morning: Schedule
) -> None:
    def change() -> None:
        if len(writer.requests) == 1:
            store.remove("night")
            store.add(replace(morning, name="night", topic="orchards"))

    store.add(replace(morning, name="night"))
    clock.set("2024-05-06T07:00+00:00")
    writer.meanwhile = change
    runner.run_due()
    assert [request.topic for request in writer.requests] == ["Tarvik harbour", "orchards"]


class Killed(BaseException):
    """The process ends here."""


def test_a_run_that_the_process_did_not_survive_is_made_up(
    tmp_path: Path, writer: Any, clock: Any, morning: Schedule
) -> None:
    def die() -> None:
        raise Killed

    path = tmp_path / "schedules.sqlite3"
    first = ScheduleStore(path)
    first.add(morning)
    clock.set("2024-05-06T07:00+00:00")
    writer.meanwhile = die
    with pytest.raises(Killed):
        ScheduleRunner(first, writer, clock).run_due()
    first.close()

    second = ScheduleStore(path)
    assert last(second).state == "interrupted"
    writer.meanwhile = lambda: None
    clock.pass_by(minutes=1)
    ScheduleRunner(second, writer, clock).run_due()
    assert [run.state for run in second.runs("morning", 5)] == ["done", "interrupted"]
    second.close()


def test_a_briefing_that_kills_every_process_is_given_up(
    tmp_path: Path, writer: Any, clock: Any, morning: Schedule
) -> None:
    def die() -> None:
        raise Killed

    path = tmp_path / "schedules.sqlite3"
    clock.set("2024-05-06T07:00+00:00")
    writer.meanwhile = die
    for number in range(8):
        store = ScheduleStore(path)
        if number == 0:
            store.add(replace(morning, created_at=clock() - timedelta(hours=1)))
        with suppress(Killed):
            ScheduleRunner(store, writer, clock).run_due()
        store.close()
        clock.pass_by(minutes=20)
    assert len(writer.requests) == 1 + len(RETRIES_AFTER)


def test_a_run_of_a_schedule_that_is_another_now_gives_it_nothing(
    runner: ScheduleRunner, store: ScheduleStore, writer: Any, clock: Any, morning: Schedule
) -> None:
    def made_anew() -> None:
        store.remove("morning")
        store.add(replace(morning, topic="orchards", targets=(Target("mail", "other@harbour.example"),)))

    store.remove("morning")
    store.add(replace(morning, targets=(Target("folder", "desk"),)))
    clock.set("2024-05-06T07:00+00:00")
    writer.meanwhile = made_anew
    runner.run("morning")
    [(_, progress)] = store.all()
    assert (store.runs("morning", 9), store.due(ALWAYS)) == ([], [])
    assert (progress.told, progress.covered_until) == (None, None)


def test_each_run_is_compared_with_the_last_one_of_its_schedule_that_told_something(
    runner: ScheduleRunner, writer: Any, clock: Any, unknown_topic: Briefing
) -> None:
    clock.set("2024-05-06T07:00+00:00")
    runner.run_due()
    told, writer.briefing = writer.briefing, unknown_topic
    clock.pass_by(days=1)
    runner.run_due()
    writer.briefing = told
    writer(BriefingRequest("Tarvik harbour"))  # somebody else's
    clock.pass_by(days=1)
    runner.run_due()
    runner.run("morning")
    compared = [request.compare_with for request in writer.requests]
    assert compared == [None, "brf_1", None, "brf_1", "brf_4"]  # the third is the other's
    assert not writer.requests[0].compared  # whoever reads this schedule had none before


def test_the_briefing_before_may_be_gone(runner: ScheduleRunner, writer: Any, clock: Any, store: ScheduleStore) -> None:
    clock.set("2024-05-06T07:00+00:00")
    runner.run_due()
    writer.failures = [NotFound("there is no briefing with this id to compare with")]
    clock.pass_by(days=1)
    runner.run_due()
    assert (last(store).state, writer.requests[-1].compare_with) == ("done", None)


def test_a_briefing_whose_run_cannot_be_noted_did_not_fail(
    runner: ScheduleRunner, writer: Any, clock: Any, store: ScheduleStore
) -> None:
    clock.set("2024-05-06T07:00+00:00")
    writer.meanwhile = store.close
    with pytest.raises(LibraryUnusable, match="is closed"):
        runner.run_due()


def test_a_run_of_which_it_was_not_noted_how_it_ended_runs_no_longer(
    runner: ScheduleRunner, writer: Any, clock: Any, store: ScheduleStore
) -> None:
    store.begin(Run("run_1", "morning", clock(), clock(), "running"), clock())
    runner.run("morning")
    assert [run.state for run in store.runs("morning", 9)] == ["done", "interrupted"]


def test_each_target_gets_a_delivery(
    runner: ScheduleRunner, store: ScheduleStore, clock: Any, morning: Schedule
) -> None:
    store.remove("morning")
    store.add(replace(morning, targets=(targets := (Target("folder", "desk"), Target("mail", "desk@harbour.example")))))
    clock.set("2024-05-06T07:00+00:00")
    runner.run_due()
    assert [delivery.target for delivery in store.due(ALWAYS)] == list(targets)
    assert {delivery.briefing_id for delivery in store.due(ALWAYS)} == {"brf_1"}


def test_a_library_that_fails_shows_no_path_of_this_machine(
    runner: ScheduleRunner, writer: Any, store: ScheduleStore
) -> None:
    writer.failures = [LibraryUnusable("/srv/data/library.sqlite3 is damaged")]
    runner.run("morning")
    assert last(store).error == "the library's files cannot be used; run `groundwire doctor` where the service runs"
