"""Markdown that any reader shows as the text it was."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from service.briefing.briefing import Briefing
from service.briefing.rendering.formats import rendered
from service.briefing.rendering.markdown import escaped
from service.briefing.rendering.words import flat

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def shown(markdown: str) -> str:
    """The text that a reader of one paragraph sees."""
    [_, inline, _] = READER.parse(markdown)
    assert inline.children is not None
    assert {token.type for token in inline.children} <= {"text", "text_special"}
    return "".join(token.content for token in inline.children)


@given(st.text(st.sampled_from("\\`*_[]()<>#+-.!|~&;=:@/$^{}\"' 1a\n\té–"), min_size=1, max_size=30).map(flat))
def test_an_escaped_text_is_shown_as_it_was(text: str) -> None:
    if text:
        assert shown(escaped(text)) == text


@pytest.mark.parametrize("text", ["https://evil.example/x", "www.evil.example", "me@evil.example"])
def test_an_address_in_a_text_stays_text(text: str) -> None:
    assert not re.search(r"://|www\.|\w@", escaped(text))


def test_each_footnote_is_defined_once_and_used(briefing: Briefing) -> None:
    text = rendered(briefing, "md").decode()
    defined = re.findall(r"^\[\^(\d+)\]:", text, re.MULTILINE)
    used = set(re.findall(r"\[\^(\d+)\](?!:)", text))
    assert defined == ["1", "2", "3", "4", "5"]
    assert used == set(defined)


def test_a_cell_cannot_break_its_table(hostile: Briefing) -> None:
    text = rendered(hostile, "md").decode()
    table = next(block for block in text.split("\n\n") if block.startswith("| What"))
    tokens = READER.parse(table)
    assert sum(token.type == "td_open" for token in tokens) == 5
    assert len(table.splitlines()) == 3


def test_nothing_in_a_text_becomes_an_element_or_a_link(hostile: Briefing) -> None:
    made = MarkdownIt("commonmark").enable("table").render(rendered(hostile, "md").decode())
    assert set(re.findall(r"<(\w+)", made)) <= set(
        "h1 h2 h3 p strong em br ul li table thead tbody tr th td code blockquote details summary".split()
    )
