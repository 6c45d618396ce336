"""Seasons, quarters, decades and ranges of years."""

from __future__ import annotations

import pytest

from service.text.dates import find_dates

CASES = {
    "a season": ("in spring 2023", [("spring 2023", "2023-03-01/2023-05-31")]),
    "a season of": ("the summer of 2024", [("summer of 2024", "2024-06-01/2024-08-31")]),
    "a winter is two": (
        "the winter of 2024",
        [("winter of 2024", "2023-12-01/2024-02-29"), ("winter of 2024", "2024-12-01/2025-02-28")],
    ),
    "a winter of two years is one": ("in winter 2024-25", [("winter 2024-25", "2024-12-01/2025-02-28")]),
    "a quarter": ("in the third quarter of 2024", [("third quarter of 2024", "2024-07-01/2024-09-30")]),
    "a quarter in short": ("Q3 2024 results", [("Q3 2024", "2024-07-01/2024-09-30")]),
    "a half": ("in the first half of 2025", [("first half of 2025", "2025-01-01/2025-06-30")]),
    "a range of years": ("from 2014-2016", [("2014-2016", "2014-01-01/2016-12-31")]),
    "a range with a dash": ("the war (1914–1918)", [("1914–1918", "1914-01-01/1918-12-31")]),
    "two years as one season": ("the 2023-24 season", [("2023-24", "2023-01-01/2024-12-31")]),
    "a decade": ("in the 1990s", [("the 1990s", "1990-01-01/1999-12-31")]),
    "the end of a decade": ("in the late 1980s", [("the late 1980s", "1987-01-01/1989-12-31")]),
    "a century": ("a 19th-century bridge", [("19th-century", "1801-01-01/1900-12-31")]),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
def test_period_of(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(text[m.start : m.end], m.interval.iso()) for m in find_dates(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("They spring up and fall down.", id="verbs"),
        pytest.param("The winter was cold.", id="no_year"),
        pytest.param("The 19th attack.", id="no_century"),
        pytest.param("A fifth quarter of 2024x.", id="no_quarter"),
        pytest.param("A 2019-2001 part number.", id="backwards"),
        pytest.param("The vote was 1950-20.", id="no_next_year"),
    ],
)
def test_no_period_in(text: str) -> None:
    assert find_dates(text) == []
