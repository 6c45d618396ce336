"""The time a question asks about, asked on Thursday, 20 November 2025."""

from __future__ import annotations

from datetime import date

import pytest

from service.text.asked_dates import asked_dates

ASKED_ON = date(2025, 11, 20)

CASES = {
    "a full date": ("What fell on November 8, 2025?", ["2025-11-08"]),
    "a date without a year": ("What fell on November 8?", ["--11-08"]),
    "last winter": ("What fell last winter?", ["2024-12-01/2025-02-28"]),
    "yesterday": ("What fell yesterday?", ["2025-11-19"]),
    "this week": ("What fell this week?", ["2025-11-17/2025-11-23"]),
    "the last days": ("What fell in the last three days?", ["2025-11-17/2025-11-20"]),
    "since": ("What fell since October 2022?", ["2022-10-01/.."]),
    "since a month of this year": ("What fell since October?", ["2025-10-01/.."]),
    "since a month of the last year": ("What fell since December?", ["2024-12-01/.."]),
    "before": ("What fell before March 2023?", ["../2023-02-28"]),
    "before a day": ("What fell before the 14th of November?", ["../2025-11-13"]),
    "after": ("What fell after 8 November 2025?", ["2025-11-08/.."]),
    "after an event named by its day": ("What fell after the November 8 storm?", ["--11-08"]),
    "before an event named by its day": ("What fell before the November 8 storm?", ["--11-08"]),
    "on either side": ("Was it before or after November 8?", ["--11-08"]),
    "between": ("What fell between 3 and 5 November?", ["--11-03/--11-05"]),
    "a bare year": ("Who won the 2022 tournament?", ["2022-01-01/2022-12-31"]),
    "a manner": ("How many fell in the overnight storm?", []),
    "a weekday of some article": ("What fell on Friday?", []),
    "a weekday with its week": ("What fell last Friday?", ["2025-11-14"]),
    "another event's neighbour": ("What fell two weeks earlier?", []),
}


@pytest.mark.parametrize(("question", "expected"), CASES.values(), ids=CASES.keys())
def test_asked_dates_of(question: str, expected: list[str]) -> None:
    assert [m.interval.iso() for m in asked_dates(question, ASKED_ON)] == expected


def test_a_weekday_counts_from_a_day_that_the_asker_has_set() -> None:
    assert [m.interval.iso() for m in asked_dates("What fell on Friday?", ASKED_ON, pinned=True)] == ["2025-11-14"]


def test_limits_at_the_ends_of_the_calendar_stay_as_they_are() -> None:
    assert asked_dates("What fell before yesterday?", date(1, 1, 2))[0].interval.first == date(1, 1, 1)
