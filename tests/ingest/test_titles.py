"""A title for a text without one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.ingest.titles import MAX_TITLE_CHARACTERS, title_of

LONG = (
    "The harbour authority said on Monday that ferries to the outer islands would run again after two weeks of "
    "storms that had closed every pier along the western coast. Tickets are on sale."
)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        pytest.param("Ferry resumes\n\nThe ferry resumed.", "Ferry resumes", id="a headline"),
        pytest.param("LIVE: will ferries run?\nThe pier is shut.", "LIVE: will ferries run?", id="a question"),
        pytest.param("-- \n\nFerry resumes\n\nText.", "Ferry resumes", id="a rule before it"),
        pytest.param("The ferry resumed. Tickets are on sale.", "The ferry resumed.", id="first sentence"),
        pytest.param(
            LONG,
            LONG.partition(" had closed")[0] + "…",
            id="cut between words",
        ),
        pytest.param("x" * 300, "x" * 119 + "…", id="one endless word"),
        pytest.param("港は月曜日に再開した。\n船は動く。", "港は月曜日に再開した。", id="another full stop"),
        pytest.param("—\n***", "harbour", id="no words: the file's name"),
    ],
)
def test_title(text: str, title: str) -> None:
    assert title_of(text, "news/harbour.txt") == title


@given(st.text(min_size=1))
def test_any_text_gets_a_short_title_on_one_line(text: str) -> None:
    title = title_of(text, "a.txt")
    assert 0 < len(title) <= MAX_TITLE_CHARACTERS
    assert len(title.splitlines()) == 1
