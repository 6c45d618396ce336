"""Dates: what a text says and no more, for any text without failing, and how two of them agree."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.text.dates import find_dates
from service.text.intervals import DateMention, Interval, agreement
from service.text.relative import relative_dates

_DAYS = st.dates(date(1950, 1, 1), date(2049, 12, 31))
_INTERVALS = st.builds(
    lambda first, length, known: Interval(first, first + timedelta(days=length), known),
    _DAYS, st.integers(0, 500), st.booleans(),
)  # fmt: skip
_DATED = st.lists(
    st.sampled_from(
        [
            "November", " ", "8", "31", ", ", "2025", "-", "/", "13", "th", " or ", " and ", "may", "March", "since ",
            "early ", "in ", "the ", "of ", "Sept. ", "0", "99", "people", "\n", "29 February ", "1900", "T10:00Z",
        ]
    ),
    max_size=12,
).map("".join)  # fmt: skip


def read(text: str) -> list[tuple[str, str]]:
    return [(text[m.start : m.end], m.interval.iso()) for m in find_dates(text)]


@given(st.one_of(st.text(max_size=200), _DATED))
@example("Aprıl 5")
@example("in auguſt")
@example("tonıght, laſt night")
@example("٨ November ٢٠٢٥")
@example("2025-99-99 0/0/2000 November 0")
def test_any_text_gives_dates_that_lie_inside_and_never_half_overlap(text: str) -> None:
    found = find_dates(text)
    for mention in [*found, *relative_dates(text, date(2025, 11, 8))]:
        assert 0 <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end].strip()
    for a in found:
        for b in found:
            apart = a.end <= b.start or b.end <= a.start
            assert apart or (a.start, a.end) == (b.start, b.end)


@given(_DAYS)
def test_every_usual_way_of_writing_a_day_names_that_day(day: date) -> None:
    month = day.strftime("%B")
    for text in (
        f"{day.day} {month} {day.year}",
        f"{month} {day.day}, {day.year}",
        f"the {day.day} of {month}, {day.year}",
        f"{day.day} {month[:3]} {day.year}",
        f"{month[:3]}. {day.day} {day.year}",
        day.isoformat(),
    ):
        assert [m.interval for m in find_dates(f"It opened on {text}.")] == [Interval(day, day)], text


CASES = {
    "month first without a year": ("on November 8 they left", [("November 8", "--11-08")]),
    "day first": ("on 8 November 2025.", [("8 November 2025", "2025-11-08")]),
    "short month": ("by 14 Nov they left", [("14 Nov", "--11-14")]),
    "short month with a point": ("on Nov. 14, 2025", [("Nov. 14, 2025", "2025-11-14")]),
    "ISO": ("from 2025-11-08 on", [("2025-11-08", "2025-11-08")]),
    "ISO with a time": ("at 2025-11-08T10:30:00Z", [("2025-11-08T10:30:00Z", "2025-11-08")]),
    "slashes keep both readings": ("8/11/2025", [("8/11/2025", "2025-08-11"), ("8/11/2025", "2025-11-08")]),
    "slashes with one possible reading": ("25/12/2025", [("25/12/2025", "2025-12-25")]),
    "two ordinals": ("November 15th or 16th", [("November 15th or 16th", "--11-15/--11-16")]),
    "a range before its month": ("10-12 March 1999", [("10-12 March 1999", "1999-03-10/1999-03-12")]),
    "a range after its month": ("between May 3 and 5 in Rome", [("May 3 and 5", "--05-03/--05-05")]),
    "part of a month": ("in early November 2025", [("early November 2025", "2025-11-01/2025-11-10")]),
    "part of a month without a year": ("in late November", [("late November", "--11-21/--11-30")]),
    "part of a month over a line's end": ("in mid\nNovember", [("mid\nNovember", "--11-11/--11-20")]),
    "a month and its year": ("since October 2022", [("October 2022", "2022-10-01/..")]),
    "a month alone": ("since October", [("October", "--10-01/--10-31")]),
    "a month before a noun": ("the November vote", [("November", "--11-01/--11-30")]),
    "a year alone": ("in 2022 it opened", [("2022", "2022-01-01/2022-12-31")]),
    "February of a common year": ("in February 2025", [("February 2025", "2025-02-01/2025-02-28")]),
    "a leap day without a year": ("on February 29", [("February 29", "--02-29")]),
    "a clock after the day": ("on November 8 at 10:30", [("November 8", "--11-08")]),
    "a number after the day is no year": ("on November 8, 20 boats left", [("November 8", "--11-08")]),
    "thousands after a month": ("in March 5,000 boats left", [("March", "--03-01/--03-31")]),
    "a count after the day": ("on November 8 and 12 people left", [("November 8", "--11-08")]),
    "a range of days of two months": (
        "from 28 October to 3 November 2025",
        [("28 October to 3 November 2025", "2025-10-28/2025-11-03")],
    ),
    "a range across New Year": (
        "from 20 December to 5 January 2026",
        [("20 December to 5 January 2026", "2025-12-20/2026-01-05")],
    ),
    "a range across New Year without a year": (
        "from December 20 to January 5",
        [("December 20 to January 5", "--12-20/--01-05")],
    ),
    "a range of months": ("between May 2022 and June 2023", [("May 2022 and June 2023", "2022-05-01/2023-06-30")]),
    "two dates that are no range": ("on May 3 and on June 5", [("May 3", "--05-03"), ("June 5", "--06-05")]),
    "a time that goes on": ("from October 2022 onwards", [("October 2022", "2022-10-01/..")]),
    "a time that ends": ("until 8 November 2025", [("8 November 2025", "../2025-11-08")]),
    "a year of long ago": ("on July 14, 1789.", [("July 14, 1789", "1789-07-14")]),
    "a year of long ago before a name": ("On 31 July 1843 Wellington", [("31 July 1843", "1843-07-31")]),
    "a count that looks like a year of long ago": ("on July 14 1500 boats left", [("July 14", "--07-14")]),
    "a percentage after a dash": ("on November 8 - 12% fewer", [("November 8", "--11-08")]),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
def test_dates_of(text: str, expected: list[tuple[str, str]]) -> None:
    assert read(text) == expected


NONE = {
    "a month and a day that do not exist": "32/13/2025",
    "an ISO day that does not exist": "2025-02-30",
    "may as a verb": "It may rain, and they may leave.",
    "may as a verb after a number": "Only 10 may survive.",
    "may as a verb before a number": "They may 5 times refuse.",
    "march as a verb": "They march to the square.",
    "march as a verb before a number": "They march 10 miles.",
    "march as a noun": "The march in spring was long.",
    "a month inside another name": "They met in Mar-a-Lago.",
    "a weekday alone": "They met on Friday.",
    "a plain number": "They met 2025 people.",
    "a year of people": "It holds for 2000 people.",
    "a version": "They use 1.10.2.",
    "an event known by its day and month": "The memorial of 9/11 is open.",
    "around the clock": "They work 24/7.",
    "thousands": "It was felt in 2,000 homes.",
    "an article of a treaty": "Article 5 of the treaty holds.",
    "a telephone number": "Call 555-1234-2025 or 0131 496 2020.",
    "a score": "They won 3-1 and lost 2-0.",
    "nothing": "",
}


@pytest.mark.parametrize("text", NONE.values(), ids=NONE.keys())
def test_no_date_in(text: str) -> None:
    assert read(text) == []


def test_a_day_its_month_does_not_have_is_at_most_the_month() -> None:
    assert read("on November 31 they left") == [("November", "--11-01/--11-30")]


LOWER_CASE = {
    "with a year": ("8 may 2025", "2025-05-08"),
    "with an ordinal": ("what happened may 8th", "--05-08"),
    "after on": ("who left on march 8", "--03-08"),
    "a month that is no other word": ("who left november 8", "--11-08"),
}


@pytest.mark.parametrize(("text", "expected"), LOWER_CASE.values(), ids=LOWER_CASE.keys())
def test_a_month_in_lower_case_counts_where_a_date_is_meant(text: str, expected: str) -> None:
    assert [iso for _, iso in read(text)] == [expected]


def test_two_open_times_meet_where_they_share_days() -> None:
    since, until = (find_dates(text)[0].interval for text in ("since October 2022", "until March 2023"))
    assert since.meets(until)
    assert not since.meets(find_dates("until March 2021")[0].interval)


@given(_INTERVALS, _INTERVALS)
def test_meeting_is_symmetric(a: Interval, b: Interval) -> None:
    assert a.meets(b) == b.meets(a)
    assert a.meets(a)


@given(_INTERVALS, _INTERVALS)
def test_intervals_meet_where_they_share_a_day_and_without_a_year_a_day_of_the_calendar(
    a: Interval, b: Interval
) -> None:
    def days(interval: Interval, known: bool) -> set[tuple[int, ...]]:
        all_days = [interval.first + timedelta(days=n) for n in range((interval.last - interval.first).days + 1)]
        return {(d.year, d.month, d.day) if known else (d.month, d.day) for d in all_days}

    known = a.year_known and b.year_known
    shared = days(a, known) & days(b, known)
    assert a.meets(b) or not shared
    if known:
        assert a.meets(b) == bool(shared)


def test_an_interval_across_new_year_does_not_meet_the_summer() -> None:
    holidays = Interval(date(2024, 12, 20), date(2025, 1, 5))
    assert holidays.meets(Interval(date(2000, 1, 3), date(2000, 1, 3), year_known=False))
    assert not holidays.meets(Interval(date(2000, 7, 3), date(2000, 7, 3), year_known=False))


@given(st.dates(date(2000, 1, 1), date(2000, 12, 31)), st.integers(0, 40), st.integers(1900, 2099))
def test_an_interval_put_in_a_year_keeps_its_days(first: date, length: int, year: int) -> None:
    last = min(first + timedelta(days=length), date(2000, 12, 31))
    placed = Interval(first, last, year_known=False).in_year(year)
    assert placed.year_known
    for before, after in ((first, placed.first), (last, placed.last)):
        leap_day = (before.month, before.day) == (2, 29)
        assert after.year == year
        assert (after.month, after.day) == (before.month, before.day) or (leap_day and after.day == 28)
    assert placed.in_year(year + 1) == placed


def test_an_interval_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="first <= last"):
        Interval(date(2025, 11, 8), date(2025, 11, 7))


@pytest.mark.parametrize(("text", "full"), [("8 November 2025", True), ("November 8", False), ("November 2025", False)])
def test_only_one_day_with_its_year_is_full(text: str, full: bool) -> None:
    assert [m.interval.full for m in find_dates(text)] == [full]


AGREEMENTS = {
    "the same day": ("8 November 2025", "November 8, 2025", "compatible"),
    "a partial date and the full one": ("November 8", "8 November 2025", "compatible"),
    "a month and a day in it": ("November 2025", "8 November 2025", "compatible"),
    "a year and a day in it": ("in 2025", "8 November 2025", "compatible"),
    "either reading of slashes": ("8 November 2025", "11/8/2025", "compatible"),
    "another day": ("November 8", "9 November 2025", "conflicting"),
    "another year": ("8 November 2024", "8 November 2025", "conflicting"),
    "another month": ("October 2025", "8 November 2025", "conflicting"),
    "a day after one that a time goes on from": ("8 November 2025", "since October 2022", "unknown"),
    "a day before one that a time goes on from": ("8 November 2021", "since October 2022", "conflicting"),
    "the beginning of a time that goes on": ("in October 2022", "since October 2022", "compatible"),
    "a day in a time asked about": ("since October 2022", "8 November 2025", "compatible"),
    "a day before a time asked about": ("since October 2022", "8 November 2021", "conflicting"),
    "a day after the end of a time asked about": ("until March 2023", "8 November 2025", "conflicting"),
    "nothing asked": ("the vote", "8 November 2025", "unknown"),
    "nothing said": ("8 November 2025", "the vote", "unknown"),
    "one of several days": ("8 November 2025", "on 1 May and on November 8", "compatible"),
}


@pytest.mark.parametrize(("asked", "said", "expected"), AGREEMENTS.values(), ids=AGREEMENTS.keys())
def test_agreement_of(asked: str, said: str, expected: str) -> None:
    assert agreement([m.interval for m in find_dates(asked)], [m.interval for m in find_dates(said)]) == expected


def test_relative_days_are_counted_from_the_given_day() -> None:
    today = date(2025, 3, 1)
    text = "Today, YESTERDAY, tomorrow and last night"
    assert [(text[m.start : m.end], m.interval.first) for m in relative_dates(text, today)] == [
        ("Today", today),
        ("YESTERDAY", date(2025, 2, 28)),
        ("tomorrow", date(2025, 3, 2)),
        ("last night", date(2025, 2, 28)),
    ]


def test_a_mention_is_a_value() -> None:
    assert find_dates("November 8") == [
        DateMention(0, 10, Interval(date(2000, 11, 8), date(2000, 11, 8), year_known=False), "partial")
    ]
