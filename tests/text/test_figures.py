"""Figures: each number with its own noun and unit, and no figure where the number is part of a date."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.text.dates import find_dates
from service.text.figures import Figure, figures
from service.text.words import stem, tokens

_PROSE = st.lists(
    st.sampled_from(
        [
            "406", "out", "of", "and", "nine", "drones", "-", "–", ", ", "to", "or", "$", "%", "million", "hundred",
            "including", "three", "people", "were", "injured", ".", "15", "km", "dozens", "m", "November", "2025",
            "all",
        ]
    ),
    max_size=14,
).map(" ".join)  # fmt: skip


def read(text: str) -> list[Figure]:
    return figures(text, tokens(text), find_dates(text))


def counted(text: str) -> list[tuple[float, bool, str]]:
    """(value, whether it counts anything, the stem nearest to it) of each figure."""
    return [(f.value, bool(f.counted), f.counted[0] if f.counted else "") for f in read(text)]


@given(st.one_of(st.text(max_size=200), _PROSE))
def test_any_text_gives_figures_that_lie_inside_in_order_and_outside_its_dates(text: str) -> None:
    position = 0
    dates = find_dates(text)
    for figure in read(text):
        assert position <= figure.start < figure.end <= len(text)
        assert all(figure.end <= d.start or d.end <= figure.start for d in dates)
        position = figure.end


NOUNS = {
    "each counts its own noun": (
        "51 out of 62 drones and seven out of 19 missiles",
        [(51, "drones"), (62, "drones"), (7, "missiles"), (19, "missiles")],
    ),
    "out of a number in words": ("three out of four hundred boats", [(3, "boats"), (400, "boats")]),
    "of the": ("two of the seven boats", [(2, "boats"), (7, "boats")]),
    "a verb and its own number after and": ("sank 12 boats and damaged 30", [(12, "boats"), (30, None)]),
    "a compound counts its first part": ("a five-story building", [(5, "story")]),
    "a compound of age": ("a 20-year-old engine", [(20, "year")]),
    "a range with a hyphen": ("15-20 km away", [(15, "km"), (20, "km")]),
    "a range with a dash": ("15–20 boats", [(15, "boats"), (20, "boats")]),
    "a range with to": ("10 to 15 boats", [(10, "boats"), (15, "boats")]),
    "a choice of numbers": ("two or three boats", [(2, "boats"), (3, "boats")]),
    "a range that says its scale once": ("10-15 million homes", [(10e6, "homes"), (15e6, "homes")]),
    "a choice that says its scale once": ("two or three hundred homes", [(200, "homes"), (300, "homes")]),
    "a fall to a smaller number": ("from 9 to 5 million homes", [(9, "homes"), (5e6, "homes")]),
    "a comma ends what is counted": ("12, boats left", [(12, None)]),
    "a unit written to the number": ("a 40km road", [(40, "km")]),
}


@pytest.mark.parametrize(("text", "expected"), NOUNS.values(), ids=NOUNS.keys())
def test_figures_count(text: str, expected: list[tuple[float, str | None]]) -> None:
    found = [(f.value, f.counted[0] if f.counted else None) for f in read(text)]
    assert found == [(value, noun and stem(noun)) for value, noun in expected]


def test_a_part_of_a_count_counts_the_same() -> None:
    whole, part = read("Eight people wounded, including three in the north.")
    assert whole.counted == part.counted == (stem("people"), stem("wounded"))


def test_a_part_with_its_own_noun_counts_that_first() -> None:
    whole, part = read("12 people left, including three children.")
    assert stem("children") not in whole.counted
    assert part.counted[:2] == (stem("children"), stem("people"))


def test_a_count_does_not_take_the_noun_of_the_next_one() -> None:
    first, second = read("They sank 12 boats and damaged 30 trucks.")
    assert first.counted == (stem("boats"),)
    assert second.counted == (stem("trucks"),)


def test_what_happened_to_the_counted_is_counted_too() -> None:
    (figure,) = read("28,600 people were infected.")
    assert figure.counted == (stem("people"), stem("infected"))


def test_the_words_before_a_number_are_kept_for_counts_without_a_noun() -> None:
    (figure,) = read("The storm killed 12.")
    assert figure.counted == ()
    assert figure.before[0] == stem("killed")


NO_FIGURES = {
    "a date": "It opened on November 8, 2025.",
    "an ISO date": "It opened on 2025-11-08.",
    "a range of days": "It rained on 10-12 March 1999.",
    "a year": "It opened in 2022.",
    "the number of a list's line": "1. The vote",
    "a group of states": "the G20 and the G-20",
    "an ordinal": "the 15th vote",
}


@pytest.mark.parametrize("text", NO_FIGURES.values(), ids=NO_FIGURES.keys())
def test_no_figure_in(text: str) -> None:
    assert read(text) == []


def test_a_number_beside_a_date_is_a_figure() -> None:
    assert counted("On November 8 and 12 boats left, 30 stayed.") == [(12, True, "boat"), (30, True, "stay")]


UNITS = {
    "a sign before": ("$400 billion", ["money"]),
    "a sign after": ("400 €", ["money"]),
    "a scale written to the number": ("$400bn", ["money"]),
    "a currency": ("5 million roubles", ["money"]),
    "a currency in the singular": ("one rupee", ["money"]),
    "a range of money": ("$10-15 billion", ["money", "money"]),
    "a percent sign": ("50% of homes", ["percent"]),
    "percent in words": ("twelve per cent of homes", ["percent"]),
    "a range of percents": ("10 to 15% of homes", ["percent", "percent"]),
    "a distance": ("15-20 km", ["distance", "distance"]),
    "a distance in words": ("two kilometres", ["distance"]),
    "a duration": ("six centuries", ["duration"]),
    "a weight": ("three tonnes", ["weight"]),
    "a speed": ("200 mph", ["speed"]),
    "a plain count": ("three boats", ["count"]),
}


@pytest.mark.parametrize(("text", "expected"), UNITS.values(), ids=UNITS.keys())
def test_units_of(text: str, expected: list[str]) -> None:
    assert [f.unit for f in read(text)] == expected


VALUES = {
    "billions in words": ("$400 billion", [4e11]),
    "billions written to the number": ("$400bn", [4e11]),
    "millions of money written to the number": ("£5m", [5e6]),
    "metres written to the number": ("a 5m wall", [5]),
    "a range of money": ("$10-15 billion", [1e10, 1.5e10]),
}


@pytest.mark.parametrize(("text", "expected"), VALUES.values(), ids=VALUES.keys())
def test_values_of(text: str, expected: list[float]) -> None:
    assert [f.value for f in read(text)] == expected


def test_dozens_are_a_vague_figure() -> None:
    assert [f.vague for f in read("dozens of boats and 12 trucks")] == [True, False]
