"""Times as people write them, topics in other words, sentences cut to length, jobs, and the file of briefings."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.briefing.briefing import Briefing, Window
from service.briefing.clipping import clipped
from service.briefing.jobs import Jobs
from service.briefing.open_questions import is_open
from service.briefing.request import BriefingRequest, normalised, stretch_of
from service.briefing.store import FILE, BriefingStore
from service.errors import InputRejected, LibraryUnusable, NotFound

NOW = datetime(2025, 11, 15, 7, 0, tzinfo=UTC)
EMPTY = Briefing("brf_1", "boats", "2025-11-15T07:00:00+00:00", "2025-11-15", "written", "None.", Window())


def test_a_job_that_the_end_of_the_service_interrupted_has_failed(tmp_path) -> None:
    begun, goes_on = threading.Event(), threading.Event()

    def work() -> Briefing:
        begun.set()
        goes_on.wait(30)
        return EMPTY

    first = Jobs(folder=tmp_path)
    running, waiting = first.start("boats", work), first.start("quays", lambda: EMPTY)
    assert begun.wait(30)

    after = Jobs(folder=tmp_path)  # as a process finds it that comes after one that was killed
    for job in (running, waiting):
        found = after.get(job.id)
        assert (found.state, found.topic) == ("failed", job.topic)
        assert "ask for it again" in str(found.error)

    goes_on.set()
    first.close()
    after.close()
    with pytest.raises(NotFound):
        Jobs(folder=tmp_path).get(running.id)  # what was done in the end is not called interrupted


def test_jobs_run_where_they_cannot_be_noted(tmp_path) -> None:
    jobs = Jobs(folder=tmp_path / "not there")
    job = jobs.start("boats", lambda: EMPTY)
    jobs.close()

    assert jobs.get(job.id).topic == "boats"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("last 24 h", "2025-11-14T07:00:00+00:00"),
        ("24h", "2025-11-14T07:00:00+00:00"),
        ("7 d", "2025-11-08T07:00:00+00:00"),
        ("last week", "2025-11-08T07:00:00+00:00"),
        ("3 days ago", "2025-11-12T07:00:00+00:00"),
        ("yesterday", "2025-11-14"),
        ("2025-11-01", "2025-11-01"),
        ("2025-11-01T07:00Z", "2025-11-01T07:00Z"),
    ],
)
def test_a_stretch_is_read_as_people_write_it(said, meant) -> None:
    assert stretch_of(BriefingRequest("boats", since=said), NOW).since == meant


@pytest.mark.parametrize("said", ["soon", "h", "24", "", "2025-13-01", "99999999 y"])
def test_what_is_no_time_is_refused_in_one_line(said) -> None:
    with pytest.raises(InputRejected, match=r"is not a time|before all calendars") as refused:
        stretch_of(BriefingRequest("boats", since=said), NOW)
    assert "\n" not in str(refused.value)


def test_a_day_ends_with_its_last_moment() -> None:
    stretch = stretch_of(BriefingRequest("boats", since="2025-11-14", until="2025-11-14"), NOW)

    assert stretch.first is not None
    assert stretch.last is not None
    assert 86_399 < stretch.last - stretch.first < 86_400


def test_as_of_ends_what_is_read_and_is_what_stretches_count_from() -> None:
    stretch = stretch_of(BriefingRequest("boats", since="1 d", as_of="2025-10-02"), NOW)

    assert (stretch.since or "").startswith("2025-10-01")
    assert stretch.last == datetime(2025, 10, 3, tzinfo=UTC).timestamp() - 1e-6


@pytest.mark.parametrize("other", ["Attacks on Kyiv", "the attack on KYIV", "Kyiv: attacks"])
def test_one_topic_in_other_words_is_one_topic(other) -> None:
    assert normalised(other) == normalised("attacks on Kyiv")


def test_two_topics_stay_two() -> None:
    assert normalised("attacks on Kyiv") != normalised("attacks on Kharkiv")


TEXT = "On Monday, a storm sank 12 boats in the harbour, the coast guard said, and divers began to search it."


def test_a_short_sentence_is_not_cut() -> None:
    assert clipped(TEXT, 40) == TEXT


@pytest.mark.parametrize("longest", [4, 8, 12, 16])
@pytest.mark.parametrize("word", ["Monday", "boats", "divers"])
def test_a_cut_sentence_is_word_for_word_in_the_whole_around_its_place(longest, word) -> None:
    cut = clipped(TEXT, longest, TEXT.index(word))

    bare = cut.removeprefix("… ").removesuffix(" …")
    assert bare in TEXT
    assert len(bare.split()) <= longest
    assert word in bare
    assert cut.endswith(" …") or TEXT.endswith(bare)


@pytest.mark.parametrize(
    "text",
    [
        "It is not yet known who left the gate open.",
        "The claim could not be independently verified.",
        "The cause of the fire is under investigation.",
        "How many animals escaped is still being assessed.",
        "The ministry gave no details about the losses.",
    ],
)
def test_what_is_not_known_is_noticed(text) -> None:
    assert is_open(text)


@pytest.mark.parametrize(
    "text",
    [
        "The well-known harbour was closed.",
        "The mayor confirmed that nobody was hurt.",
        "The cause was a broken pump, investigators found.",
    ],
)
def test_what_is_known_is_no_open_question(text) -> None:
    assert not is_open(text)


def _finished(jobs: Jobs, job_id: str) -> str:
    deadline = time.monotonic() + 10
    while jobs.get(job_id).state in ("queued", "running") and time.monotonic() < deadline:
        time.sleep(0.01)
    return jobs.get(job_id).state


def test_a_job_that_fails_says_why_and_the_next_one_runs() -> None:
    def fail() -> Briefing:
        raise InputRejected("topic: it is odd; write another")

    jobs = Jobs()
    failed, done = jobs.start("boats", fail), jobs.start("boats", lambda: EMPTY)

    assert _finished(jobs, failed.id) == "failed"
    assert str(jobs.get(failed.id).error) == "topic: it is odd; write another"
    assert _finished(jobs, done.id) == "done"
    assert jobs.get(done.id).briefing_id == "brf_1"
    jobs.close()


def test_jobs_run_one_after_the_other() -> None:
    at_work, most, lock = 0, 0, threading.Lock()

    def work() -> Briefing:
        nonlocal at_work, most
        with lock:
            at_work += 1
            most = max(most, at_work)
        time.sleep(0.02)
        with lock:
            at_work -= 1
        return EMPTY

    jobs = Jobs()
    started = [jobs.start("boats", work) for _ in range(4)]

    assert [_finished(jobs, job.id) for job in started] == ["done"] * 4
    assert most == 1
    jobs.close()


def test_a_job_that_nobody_started_is_not_found() -> None:
    jobs = Jobs()
    with pytest.raises(NotFound):
        jobs.get("job_none")
    jobs.close()


def test_what_told_nothing_is_not_what_the_next_one_is_compared_with(tmp_path: Path) -> None:
    store = BriefingStore(tmp_path)
    store.put(EMPTY, {"a": "sha256:1"})
    store.put(replace(EMPTY, id="brf_2", status="empty_window"), {"a": "sha256:1"})

    last = store.last("Boat")

    assert last is not None
    assert (last.briefing.id, last.ledger) == ("brf_1", {"a": "sha256:1"})
    store.close()


def test_nothing_is_made_where_nothing_is_kept(tmp_path: Path) -> None:
    store = BriefingStore(tmp_path)

    assert (store.get("brf_1"), store.last("boats"), store.page(5).briefings) == (None, None, ())
    assert not (tmp_path / FILE).exists()


def test_another_programs_file_is_not_written_into(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"not a database at all, but long enough to be looked at as one" * 20)

    with pytest.raises(LibraryUnusable):
        BriefingStore(tmp_path).put(EMPTY, {})


def test_pages_have_every_briefing_once_the_latest_first(tmp_path: Path) -> None:
    store = BriefingStore(tmp_path)
    for number in range(5):
        store.put(replace(EMPTY, id=f"brf_{number}"), {})

    found, cursor = [], None
    while True:
        page = store.page(2, cursor)
        found += [one.id for one in page.briefings]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert found == ["brf_4", "brf_3", "brf_2", "brf_1", "brf_0"]
    store.close()


def test_of_the_last_briefing_of_a_topic_the_ledger_can_be_had_alone(tmp_path: Path) -> None:
    store = BriefingStore(tmp_path)
    assert (store.ledger("boats"), store.topic("brf_1")) == ({}, None)
    store.put(EMPTY, {"a": "sha256:1"})
    store.put(replace(EMPTY, id="brf_2"), {"a": "sha256:2"})

    assert (store.ledger("Boat"), store.topic("brf_1")) == ({"a": "sha256:2"}, "boats")
    store.close()
