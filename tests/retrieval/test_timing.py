"""Chunks about other days than those asked about: a little lower, never gone."""

from __future__ import annotations

from datetime import date

import pytest

from service.retrieval.fusion import FusedHit
from service.retrieval.timing import conflicting, in_time
from service.text.intervals import Interval


def day(number: int) -> Interval:
    return Interval(date(2025, 11, number), date(2025, 11, number))


def test_only_what_names_other_days_and_none_of_those_asked_about_conflicts():
    said = {"same": [day(8)], "other": [day(14)], "both": [day(14), day(8)], "undated": []}
    assert conflicting([day(8)], said) == {"other"}


def test_a_year_or_an_open_time_parts_no_events():
    said = {"other": [Interval(date(2024, 3, 1), date(2024, 3, 1))]}
    year = Interval(date(2025, 1, 1), date(2025, 12, 31))
    since = Interval(date(2025, 11, 8), date(2025, 11, 8), open="later")
    assert conflicting([year, since], said) == frozenset()


def test_a_little_is_lost_so_that_a_better_match_stays_ahead():
    hits = [FusedHit("best", 0.9, 0.5, 0.5), FusedHit("b", 0.51, 0.5, 0.5), FusedHit("a", 0.5, 0.5, 0.5)]
    assert [hit.chunk_id for hit in in_time(hits, {"best", "b"})] == ["best", "a", "b"]


def test_of_reports_alike_the_one_of_the_day_asked_about_comes_first(shelf):
    text = "The harbour was struck by drones on {}. Two cranes fell and the quay burned."
    shelf.add(
        a=text.format("November 8, 2025"),
        b=text.format("November 14, 2025"),
        c=text.format("October 10, 2025"),
        d="The harbour was struck by drones one day. Two cranes fell and the quay burned.",
    )
    # The day is written otherwise than in the articles, so that its words decide nothing.
    for day_asked, article in (("14.11.2025", "b"), ("08.11.2025", "a"), ("10.10.2025", "c")):
        found = shelf.found(f"Which cranes fell when drones struck the harbour on {day_asked}?", as_of="2025-11-20")
        assert found.index(article) < min(found.index(other) for other in {"a", "b", "c"} - {article})
        assert set(found) == {"a", "b", "c", "d"}


@pytest.mark.parametrize("as_of", ["2025", "2025-11", "2025-11-20T10:00+02:00"])
def test_relative_words_count_from_any_moment_that_a_search_can_be_as_of(shelf, as_of):
    shelf.add(crane={"text": "The crane fell on November 8, 2025.", "published_at": "2025-11-08"})
    assert shelf.found("Which crane fell yesterday?", as_of=as_of) == ["crane"]
