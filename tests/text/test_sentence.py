"""One sentence read once: its parts agree with one another, whatever the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.text.sentence import read_sentence
from service.text.words import stem


@given(st.text(max_size=200))
def test_any_sentence_is_read_and_everything_found_lies_inside(text: str) -> None:
    reading = read_sentence(text)
    for found in (*reading.words, *reading.names, *reading.dates, *reading.figures):
        assert 0 <= found.start < found.end <= len(text)
    assert reading.stems == {word.stem for word in reading.words}
    assert sum(c.last - c.first + 1 for c in reading.concepts) == len(reading.words)


def test_a_sentence_knows_its_names_dates_and_figures() -> None:
    text = "On November 8, 2025 the U.S. sent 12 boats to Odesa."
    reading = read_sentence(text)
    assert [text[n.start : n.end] for n in reading.names] == ["U.S", "Odesa"]
    assert [d.interval.iso() for d in reading.dates] == ["2025-11-08"]
    assert [(f.value, f.counted[0]) for f in reading.figures] == [(12, stem("boats"))]


def test_reading_a_sentence_twice_gives_the_same_object() -> None:
    assert read_sentence("It rained in Rome.") is read_sentence("It rained in Rome.")


LEANING = {
    "a pronoun first": ("They sank 30.", True),
    "another": ("Another left.", True),
    "a quotation mark before it": ("“It works.”", True),
    "a pronoun far inside": ("The crew said they left.", False),
    "the country is no pronoun": ("US boats left.", False),
    "nothing": ("", False),
}


@pytest.mark.parametrize(("text", "expected"), LEANING.values(), ids=LEANING.keys())
def test_opens_with_pronoun(text: str, expected: bool) -> None:
    assert read_sentence(text).opens_with_pronoun is expected


HEADINGS = {
    "no final punctuation": ("Boats leave Odesa", True),
    "a sentence": ("Boats leave Odesa.", False),
    "a quoted sentence": ("“Boats leave.”", False),
    "a point before a closing bracket": ("(Boats leave.)", False),
    "a question": ("Do boats leave?", False),
    "an ellipsis": ("Boats leave…", False),
}


@pytest.mark.parametrize(("text", "expected"), HEADINGS.values(), ids=HEADINGS.keys())
def test_is_heading(text: str, expected: bool) -> None:
    assert read_sentence(text).is_heading is expected
