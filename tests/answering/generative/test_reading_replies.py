"""The pieces by which a reply is read: markers, plain prose, and drafts, on text of any kind."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.answering.drafting import draft_of_json, draft_of_text
from service.answering.markers import hidden, taken_out
from service.answering.plain_text import has_markup, plain_prose
from service.answering.replies import bare_reply

MARKERS = {
    "[1]": [1],
    "[12]": [12],
    "[1, 2]": [1, 2],
    "[1,2; 3]": [1, 2, 3],
    "[1 and 2]": [1, 2],
    "[1][2]": [1, 2],
    "[1-3]": [1, 2, 3],
    "[2–4, 7]": [2, 3, 4, 7],
    "[[1]]": [1],
    "[^1]": [1],
    "[#1]": [1],
    "\\[1\\]": [1],
    "［1］": [1],
    "【1】": [1],
    "【4:0†source】": [4],
    "[Source 1]": [1],
    "[evidence 2, 3]": [2, 3],
    "[9-1]": [9, 1],
    "[1-9999]": [1, 9999],
    "[sic]": [],
    "(1)": [],
    "[2025-11-14]": [],
    "[]": [],
}
_PIECES = (
    "[ ] ( ) < > ! 1 2 a b.com http:// www. @ &lt; &#60; : ``` ** _ # <!-- --> <script> </script> 【 】 . \\".split()
)
PIECES = st.sampled_from([*_PIECES, "\n", " ", "- ", "\u200b", "\ue000", "\ue001"])
ODD_TEXT = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=25).map("".join))


@pytest.mark.parametrize(("text", "numbers"), MARKERS.items(), ids=MARKERS)
def test_every_shape_of_marker(text, numbers):
    _, found = taken_out(hidden(f"It burned {text}."))
    assert [n for _, n in found] == numbers


def test_a_marker_belongs_to_the_sentence_before_it_or_to_the_line_that_it_heads():
    draft = draft_of_text(
        "It burned all night. [1] It rained a lot [2]. It snowed.\n[3] It hailed in May.", complete=True
    )
    assert [(s.text, s.markers) for s in draft.sentences] == [
        ("It burned all night.", (1,)),
        ("It rained a lot.", (2,)),
        ("It snowed.", ()),
        ("It hailed in May.", (3,)),
    ]


def test_markers_of_the_object_are_those_of_all_its_sentences():
    reply = json.dumps({"sentences": [{"text": "It burned. It rained [2].", "markers": [1]}], "unanswered": None})
    draft = draft_of_json(reply)
    assert [(s.text, s.markers) for s in draft.sentences] == [("It burned.", (1,)), ("It rained.", (2, 1))]


@pytest.mark.parametrize(
    "text",
    [
        "About 3.5 million of the U.S. troops came at 5.30 p.m. on Nov. 14.",
        "The price rose by 4% to $1.20 - a record, said AT&T.",
        "He said: “We've won (for now)”; the E.U. [sic] agreed.",
        "In 2024/25 the No. 1 team lost 3:2 at home.",
        "New data: 430 drones, i.e. more than ever.",
    ],
)
def test_ordinary_prose_is_left_as_it_is(text):
    assert plain_prose(text) == text
    assert not has_markup(text)


@given(ODD_TEXT)
@example("0http://!")
@example("It fell_http://a.example/x today.")
def test_nothing_that_is_left_of_any_text_can_be_read_as_markup(text):
    for sentence in draft_of_text(text, complete=True).sentences:
        shown = sentence.text
        assert "<" not in shown
        assert ">" not in shown
        assert "`" not in shown
        assert not any(0xE000 <= ord(c) <= 0xF8FF for c in shown)
        assert "http" not in shown or "://" not in shown


@given(ODD_TEXT)
def test_reading_any_text_never_fails(text):
    draft_of_json(text)
    draft_of_text(text, complete=False)
    draft_of_json(json.dumps({"sentences": [{"text": text, "markers": [1]}], "unanswered": text}))


@pytest.mark.parametrize(
    "piece", ["\n", "[", "<", "![", "<!--", "<script", "](", "a.", "{", "[{", "1. ", "<think>", "@a"]
)
def test_a_reply_made_to_be_slow_is_not(piece):
    """Work that grew with the square of the length would run for minutes here, beyond what a test may take."""
    text = (piece * 40_000)[:40_000]
    draft_of_text(text, complete=True)
    draft_of_json(text)


@pytest.mark.parametrize(
    ("reply", "bare"),
    [
        ("<think>a</think>b", "b"),
        ("<THINKING>a\n</THINKING>\nb", "b"),
        ("a</think>b", "b"),
        ("<think>a</think><think>b</think>c", "c"),
        ("<think>a", ""),
        ("a", "a"),
    ],
)
def test_thinking_is_no_part_of_a_reply(reply, bare):
    assert bare_reply(reply) == bare
