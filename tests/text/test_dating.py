"""An article's dates: years added, relative words resolved, the main event told from its background."""

from __future__ import annotations

import pytest

from service.text.dating import ArticleDates, ArticleDating, sentence_times
from service.text.sentences import sentence_spans

SATURDAY = "2025-11-15T06:30:00+02:00"


def dating(text: str, published_at: str | None = None, title: str = "Untitled") -> ArticleDating:
    return ArticleDating(title, text, sentence_spans(text), published_at)


def isos(text: str, published_at: str | None = None, title: str = "Untitled") -> list[str]:
    return [m.interval.iso() for m in dating(text, published_at, title).all().mentions]


def event(text: str, published_at: str | None = None, title: str = "Untitled") -> list[str]:
    anchor = dating(text, published_at, title).anchor
    return [interval.iso() for interval in anchor.intervals] if anchor else []


YEARS = {
    "shortly before publication": ("A crane fell on November 14.", "2025-11-15", ["2025-11-14"]),
    "before the New Year": ("A crane fell on December 30.", "2026-01-05", ["2025-12-30"]),
    "soon to come": ("Talks resume on November 20.", "2025-11-15", ["2025-11-20"]),
    "to come next year": ("The bridge will reopen on May 3.", "2025-11-15", ["2026-05-03"]),
    "to come this year": ("The bridge will reopen on December 3.", "2025-11-15", ["2025-12-03"]),
    "half a year before": ("A crane fell in May.", "2025-11-15", ["2025-05-01/2025-05-31"]),
    "beside another year of background": (
        "After the closure of 2022, a crane fell on November 14.", "2025-11-15",
        ["2022-01-01/2022-12-31", "2022-11-14"],
    ),
    "beside a year that goes on": (
        "Closed since 2022, the quay lost a crane on November 14.", "2025-11-15", ["2022-01-01/..", "2025-11-14"],
    ),
    "in a lead that crosses New Year": (
        "A crane fell on 2 January 2026. One had fallen on December 30.", None, ["2026-01-02", "2025-12-30"],
    ),
    "without any year": ("A crane fell on November 14.", None, ["--11-14"]),
    "a leap day": ("A crane fell on February 29.", "2025-03-02", ["2025-02-28"]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "published_at", "expected"), YEARS.values(), ids=YEARS.keys())
def test_the_year_of_a_date(text: str, published_at: str | None, expected: list[str]) -> None:
    assert isos(text, published_at) == expected


DATELINES = {
    "a place and a day": ("OSLO, 15 November 2025 - A crane fell on Friday.", ["2025-11-15", "2025-11-14"]),
    "with the agency": ("OSLO, Nov 15, 2025 (Wire) — One fell on Friday.", ["2025-11-15", "2025-11-14"]),
    "with its country": ("NEW ROSS, Ireland, 15 November 2025 – It fell on Friday.", ["2025-11-15", "2025-11-14"]),
    "none in a sentence": ("Oslo lost a crane on 15 November 2025 - its last. One fell on Friday.", ["2025-11-15"]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), DATELINES.values(), ids=DATELINES.keys())
def test_a_dateline_is_a_day_of_writing(text: str, expected: list[str]) -> None:
    assert isos(text) == expected


def test_the_day_of_publication_is_that_of_its_own_zone() -> None:
    assert isos("A crane fell yesterday.", "2025-11-15T00:30:00+02:00") == ["2025-11-14"]
    assert isos("A crane fell yesterday.", "2025-11-14T22:30:00+00:00") == ["2025-11-13"]


ONE_DATE = {
    "a weekday before": ("On Friday, November 14, a crane fell.", ["2025-11-14"]),
    "a weekday before and its evening": ("On Friday evening, November 14, a crane fell.", ["2025-11-14"]),
    "a weekday in brackets": ("On 14 November (Friday) a crane fell.", ["2025-11-14"]),
    "a month that is last year's": ("A crane fell last November.", ["2024-11-01/2024-11-30"]),
    "two days that are two": ("One fell on November 8 and one on Friday.", ["2025-11-08", "2025-11-14"]),
}


@pytest.mark.parametrize(("text", "expected"), ONE_DATE.values(), ids=ONE_DATE.keys())
def test_a_day_named_in_two_ways_is_one_date(text: str, expected: list[str]) -> None:
    assert isos(text, SATURDAY) == expected


EVENTS = {
    "a relative day": ("A crane fell on Friday.", SATURDAY, ["2025-11-14"]),
    "not the background's": ("After the storm of Tuesday, a crane fell on Friday.", SATURDAY, ["2025-11-14"]),
    "not an earlier one's": ("A week after the 8 November storm, one fell on Friday.", SATURDAY, ["2025-11-14"]),
    "what came after something else": ("Six were hurt after a crane fell on Friday.", SATURDAY, ["2025-11-14"]),
    "not the day of saying": ("Six fell, she said on Saturday. The storm came on Friday.", SATURDAY, ["2025-11-14"]),
    "not the year of a founding": ("Founded in 1998, the port lost a crane.", SATURDAY, []),
    "not a birthday": ("Born on 3 May 1980, she fell. It was on Friday.", SATURDAY, ["2025-11-14"]),
    "an anniversary's": ("When the quay broke on 14 November 2024, six fell.", SATURDAY, ["2024-11-14"]),
    "the day of saying where there is no other": ("Six cranes fell, she said on Saturday.", SATURDAY, ["2025-11-15"]),
    "earlier on a day": ("One fell earlier on Friday. It had stood since Tuesday.", SATURDAY, ["2025-11-14"]),
    "none without publication": ("A crane fell on Friday.", None, []),
    "one day that is known": ("A ship sank off Holm. It went down on 3 March 2025.", None, ["2025-03-03"]),
    "not an earlier one's, the day unknown": ("A storm came overnight. The storm of 8 May 2024 was worse.", None, []),
    "not the prior one's": ("The prior storm on 8 May 2024 sank 31. This one sank 12.", None, []),
    "not what it came after": ("Three weeks after the storm of 8 May 2024, a crane fell.", None, []),
    "one said of the same night": ("The storm of 8 May 2024 sank 31. It came overnight.", None, ["2024-05-08"]),
    "none from publication alone": ("A crane fell.", SATURDAY, []),
    "not from behind the lead": ("A crane fell. Nobody was hurt. It had stood since Friday.", SATURDAY, []),
}  # fmt: skip


@pytest.mark.parametrize(("text", "published_at", "expected"), EVENTS.values(), ids=EVENTS.keys())
def test_the_main_event_is(text: str, published_at: str | None, expected: list[str]) -> None:
    assert event(text, published_at) == expected


def test_offsets_are_the_articles() -> None:
    text = "Cranes stand. One fell on Friday.\n\nAnother fell on 8 November too."
    found = dating(text, SATURDAY).all()
    assert [text[m.start : m.end] for m in found.mentions] == ["Friday", "8 November"]
    assert [text[m.start : m.end] for m in found.event] == ["Friday"]


def test_what_was_read_before_gives_the_same_dates_without_reading_again() -> None:
    text = "Cranes stand. One fell on Friday.\n\nAnother fell on 8 November, two weeks earlier."
    fresh = dating(text, SATURDAY)
    known = ArticleDating("Untitled", text, sentence_spans(text), SATURDAY, fresh.all())
    for i in range(3):
        assert known.times(i).dates == fresh.times(i).dates
        assert [r.start for r in known.times(i).unresolved] == [r.start for r in fresh.times(i).unresolved]
    assert known.anchor == fresh.anchor


def test_known_dates_are_trusted_even_where_there_are_none() -> None:
    text = "One fell on Friday."
    known = ArticleDating("Untitled", text, sentence_spans(text), SATURDAY, ArticleDates())
    assert known.times(0).dates == ()
    assert known.anchor is None


def test_words_that_stay_unresolved_are_told() -> None:
    assert [u.weekday for u in sentence_times("One fell on Friday, two weeks earlier.", None).unresolved] == [4, None]
