"""Words that name a day by its distance to the day of writing: Saturday, 15 November 2025, if nothing else is said."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.text.relative import find_relative, is_time_of_saying, relative_dates

WRITTEN = date(2025, 11, 15)
_WORDS = st.lists(
    st.sampled_from(
        "last next this past the Friday Sunday to week month winter November ago two 99 999 years days earlier on 31st "
        "overnight into weekend will said , .".split()
    ),
    max_size=12,
).map(" ".join)


def read(text: str, written: date = WRITTEN) -> list[tuple[str, str]]:
    return [(text[m.start : m.end], m.interval.iso()) for m in relative_dates(text, written)]


CASES = {
    "yesterday": ("It fell yesterday.", [("yesterday", "2025-11-14")]),
    "the day before yesterday": ("It fell the day before yesterday.", [("the day before yesterday", "2025-11-13")]),
    "this morning": ("It fell this morning.", [("this morning", "2025-11-15")]),
    "overnight": ("It fell overnight.", [("overnight", "2025-11-14/2025-11-15")]),
    "a weekday": ("It fell on Tuesday.", [("Tuesday", "2025-11-11")]),
    "the weekday of writing": ("It fell on Saturday.", [("Saturday", "2025-11-15")]),
    "a weekday's event": ("Monday's fall was bad.", [("Monday", "2025-11-10")]),
    "a weekday's evening": ("It fell on Monday evening.", [("Monday evening", "2025-11-10")]),
    "a night into a weekday": ("It fell overnight into Friday.", [("overnight into Friday", "2025-11-13/2025-11-14")]),
    "last weekday is never the same day": ("It fell last Saturday.", [("last Saturday", "2025-11-08")]),
    "next weekday": ("It opens next Friday.", [("next Friday", "2025-11-21")]),
    "a weekday to come": ("Talks will resume on Tuesday.", [("Tuesday", "2025-11-18")]),
    "a weekday to come at the beginning": ("On Tuesday, they will vote.", [("Tuesday", "2025-11-18")]),
    "a weekday of saying what will come": ("She will go, he said on Tuesday.", [("Tuesday", "2025-11-11")]),
    "a weekday of another week": ("It fell on Monday last week.", [("Monday last week", "2025-11-03")]),
    "a range of weekdays": ("It rained from Tuesday to Thursday.", [("Tuesday to Thursday", "2025-11-11/2025-11-13")]),
    "a range over the day of writing": ("It rained Friday to Sunday.", [("Friday to Sunday", "2025-11-07/2025-11-09")]),
    "days ago": ("It fell three days ago.", [("three days ago", "2025-11-12")]),
    "weeks ago are not to the day": ("It fell two weeks ago.", [("two weeks ago", "2025-10-29/2025-11-04")]),
    "some weeks ago": ("It fell a few weeks ago.", [("a few weeks ago", "2025-09-27/2025-11-01")]),
    "a month ago to the day": ("It fell a month ago today.", [("a month ago today", "2025-10-15")]),
    "hours ago": ("It fell 48 hours ago.", [("48 hours ago", "2025-11-13")]),
    "this week so far": ("It fell earlier this week.", [("earlier this week", "2025-11-10/2025-11-15")]),
    "last week": ("It fell last week.", [("last week", "2025-11-03/2025-11-09")]),
    "last month": ("It fell last month.", [("last month", "2025-10-01/2025-10-31")]),
    "the end of last month": ("It fell late last month.", [("late last month", "2025-10-21/2025-10-31")]),
    "last year": ("It fell last year.", [("last year", "2024-01-01/2024-12-31")]),
    "early this year": ("It fell early this year.", [("early this year", "2025-01-01/2025-04-30")]),
    "last winter": ("It fell last winter.", [("last winter", "2024-12-01/2025-02-28")]),
    "last month by name": ("It fell last October.", [("last October", "2025-10-01/2025-10-31")]),
    "the same month of the last year": ("It fell last November.", [("last November", "2024-11-01/2024-11-30")]),
    "the past hours": ("In the past 24 hours it fell.", [("the past 24 hours", "2025-11-14/2025-11-15")]),
    "the past weeks": ("Over the last three weeks it fell.", [("the last three weeks", "2025-10-25/2025-11-15")]),
    "the weekend": ("Over the weekend it fell.", [("Over the weekend", "2025-11-15/2025-11-16")]),
    "a day of the month": ("It fell on the 14th.", [("the 14th", "2025-11-14")]),
    "a day of the last month": ("It fell on the 30th.", [("the 30th", "2025-10-30")]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
def test_relative_words_of(text: str, expected: list[tuple[str, str]]) -> None:
    assert read(text) == expected


BORDERS = {
    "a week that crosses New Year": ("earlier this week", date(2026, 1, 2), "2025-12-29/2026-01-02"),
    "a weekday of the last year": ("on Tuesday", date(2026, 1, 2), "2025-12-30"),
    "last month in January": ("last month", date(2026, 1, 2), "2025-12-01/2025-12-31"),
    "last winter in winter": ("last winter", date(2026, 1, 2), "2024-12-01/2025-02-28"),
    "this winter in January": ("this winter", date(2026, 1, 2), "2025-12-01/2026-02-28"),
    "a year before a leap day": ("a year ago today", date(2024, 2, 29), "2023-02-28"),
    "a month before the 31st": ("a month ago today", date(2025, 3, 31), "2025-02-28"),
    "the day clocks change": ("24 hours ago", date(2025, 10, 26), "2025-10-25"),
    "last February in a leap year": ("last February", date(2024, 3, 1), "2024-02-01/2024-02-29"),
    "a century ago": ("yesterday", date(1912, 4, 15), "1912-04-14"),
}


@pytest.mark.parametrize(("words", "written", "iso"), BORDERS.values(), ids=BORDERS.keys())
def test_at_the_borders_of_the_calendar(words: str, written: date, iso: str) -> None:
    assert [found for _, found in read(words, written)] == [iso]


NONE = {
    "a newspaper": "The Sunday Times said so.",
    "a newspaper of the day": "USA TODAY said so.",
    "a newspaper of a weekday": "The Mail on Sunday said so.",
    "a day of sales": "Black Friday sales rose.",
    "a day of history": "Bloody Sunday is remembered.",
    "a habit": "They meet on Fridays and every Monday.",
    "an ordinal": "The second strike came after the 14th attack, on the 14th floor.",
    "the last of a month": "It was in the last week of October and the last three days of May.",
    "another day's neighbours": "Two weeks earlier it rained; a day later it snowed; the previous day was dry.",
    "a duration": "It took three days.",
}


@pytest.mark.parametrize("text", NONE.values(), ids=NONE.keys())
def test_no_relative_day_in(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize("text", ["It fell on Friday.", "It fell two weeks ago.", "Two weeks earlier, it fell."])
def test_without_the_day_of_writing_words_are_found_and_stay_unresolved(text: str) -> None:
    [found] = find_relative(text, None)
    assert found.interval is None


@given(st.one_of(st.text(max_size=120), _WORDS), st.dates())
@example("999 years ago, last year", date.min)
@example("tomorrow, next decade, 999 years ago, next Friday", date.max)
def test_any_words_on_any_day_give_spans_that_lie_inside_and_never_overlap(text: str, written: date) -> None:
    end = 0
    for mention in find_relative(text, written):
        assert end <= mention.start < mention.end <= len(text)
        end = mention.end


SAYING = {
    "said on": ("Six fell, she said on Friday.", True),
    "told somebody": ("Six fell, she told the state broadcaster late on Friday.", True),
    "a statement on": ("In a statement on Friday she put it at six.", True),
    "an event": ("She said six fell on Friday.", False),
    "reports on a day's event": ("According to reports on the storm on Friday six fell.", False),
}


@pytest.mark.parametrize(("text", "expected"), SAYING.values(), ids=SAYING.keys())
def test_the_time_of_saying_is_told_from_the_event(text: str, expected: bool) -> None:
    [mention] = relative_dates(text, WRITTEN)
    assert is_time_of_saying(text, mention) is expected


def test_the_library_for_spoken_dates_is_loaded_only_where_words_need_it() -> None:
    code = (
        "import sys; from datetime import date; from service.text.relative import relative_dates as r\n"
        "r('It fell on 8 November, yesterday, on Friday and last winter.', date(2025, 11, 15))\n"
        "assert 'dateparser' not in sys.modules\n"
        "r('It fell two weeks ago.', date(2025, 11, 15)); assert 'dateparser' in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
