"""Sentence spans: properties for any text, and a table of the cases that break splitters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.text.sentences import LONGEST_SENTENCE, sentence_spans

_PROSE = st.lists(
    st.sampled_from(
        [
            "He left. ", "“We won,” ", "he said. ", '"No." ', "at 7 p.m. ", "Friday ", "U.S. ", "Gen. Lee ", "3.5 ",
            "... ", "…", "(See Fig. 3.) ", "\n", "\n\n", "- item\n", "Heading\n", "’s ", "! ", "?” ", "word " * 40,
            "x" * 300, "é ", "。", "\ud800",
        ]
    ),
    max_size=25,
).map("".join)  # fmt: skip


@given(st.one_of(st.text(max_size=400), _PROSE))
def test_spans_are_ordered_trimmed_and_cover_every_character_but_white_space(text: str) -> None:
    position = 0
    for span in sentence_spans(text):
        assert not text[position : span.start].strip()
        assert span.start < span.end
        assert span.end - span.start <= LONGEST_SENTENCE
        assert span.of(text) == span.of(text).strip()
        position = span.end
    assert not text[position:].strip()


CASES = {
    "clock before a weekday": ["The vote begins at 7 p.m. Friday.", "It ends late."],
    "clock at the end": ["The vote began at 7 p.m.", "The hall was full."],
    "clock before a time zone": ["It opened at 9 a.m. EST on Monday.", "It closed."],
    "country before a title": ["He met U.S. President Dana Holt.", "They talked."],
    "country at the end": ["She moved to the U.S.", "The firm followed."],
    "ranks and titles": ["Gen. A. B. Carter met Lt. Col. Ruiz and Sen. Wells.", "Dr. Osei was there."],
    "number": ["No. 5 was the largest of them.", "See No. 6."],
    "the answer no": ["Would he resign?", "No.", "He would stay."],
    "saint": ["It flew to St. Petersburg from Mt. Vernon.", "It landed."],
    "decimal and money": ["Prices rose 3.5 percent to $4.20.", "They fell later."],
    "months": ["It happened on Nov. 14, 2025, not in Jan. 2024.", "Nobody knew."],
    "initials": ["J. K. Marlow wrote to George W. Tate.", "He answered."],
    "company": ["Borg Inc. said it had paid.", "The buyer is Borg Inc.", "The price is secret."],
    "ellipsis inside": ["It rose ... and fell again.", "Then it stopped."],
    "ellipsis at the end": ["They waited…", "The train never came."],
    "attribution after a quote": ["“We won!” he said.", "“It was hard.”"],
    "attribution with a name": ['"Why now?" Marlow asked.', "Nobody answered."],
    "sentences inside a quote": ["“We want peace.", "We want it now,” she said.", "The crowd cheered."],
    "quote at the end of a sentence": ["They call it “the wall.”", "It is grey."],
    "straight quotes": ['He said, "We left. ', 'They came." ', "Then it rained."],
    "an odd quote mark turns nothing inside out": ['The 5" pipe burst.', '"It was loud," she said.', '"Very loud."'],
    "an open bracket holds nothing together": ["He left :( for good.", "She stayed.", "They met (again) later."],
    "a remark in brackets": ["The plane (what else?) came too late.", "It had two hours (or three!) to go."],
    "a bullet inside": ["33 minutes ago • by the desk.", "The ferry left.", "It sank."],
    "brackets": ["It rained. ", "(Nobody had said so.)", "The match went on."],
    "numbered": ["1. Close the door.", "2. Call for help."],
    "me is no abbreviation": ["“It was late,” he told me.", "He had a point."],
    "web address": ["Details are at www.example.org.", "Write to a@example.org."],
    "questions and cries": ["Really?!", "Yes!", "It is true."],
    "Chinese": ["第一句。", "第二句！", "第三句？"],
    "Russian": ["Это первое.", "Это второе!"],
}


@pytest.mark.parametrize("sentences", [pytest.param(value, id=name) for name, value in CASES.items()])
def test_named_cases(sentences: list[str]) -> None:
    expected = [sentence.strip() for sentence in sentences]
    text = ("" if not expected[0].isascii() and expected[0][-1] == "。" else " ").join(expected)
    assert [span.of(text) for span in sentence_spans(text)] == expected


def texts(text: str) -> list[str]:
    return [span.of(text) for span in sentence_spans(text)]


def test_a_heading_is_not_glued_to_the_paragraph_after_it() -> None:
    assert texts("What the mayor said\nThe bridge is safe. It was checked.") == [
        "What the mayor said", "The bridge is safe.", "It was checked.",
    ]  # fmt: skip


def test_a_heading_that_ends_in_a_preposition_is_not_glued_either() -> None:
    paragraph = "The bridge will be closed on Monday and the ferry will run twice an hour until the work is done."
    assert texts(f"What to look for\n{paragraph}") == ["What to look for", paragraph]


def test_list_lines_without_stops_are_sentences_of_their_own() -> None:
    assert texts("Porto\nBraga\n- two ferries and\n- three boats") == [
        "Porto",
        "Braga",
        "- two ferries and",
        "- three boats",
    ]


def test_a_wrapped_paragraph_is_not_cut_at_its_line_breaks() -> None:
    text = (
        "The storm reached the coast before dawn and tore the roofs from dozens of\n"
        "houses in the old town, the mayor said. More than three hundred people in\n"
        "Porto spent the night in schools. Nobody was hurt, the fire brigade said in\n"
        "Braga."
    )
    assert [sentence.split()[0] for sentence in texts(text)] == ["The", "More", "Nobody"]


def test_lines_that_end_sentences_stay_apart() -> None:
    assert texts("One paragraph here.\nAnother one there.") == ["One paragraph here.", "Another one there."]


def test_a_sentence_too_long_is_cut_at_a_clause() -> None:
    clause = "the ministry said that it had counted every single ballot twice; "
    text = (clause * 40).strip()
    pieces = texts(text)
    assert all(piece.endswith(";") for piece in pieces)
    assert max(map(len, pieces)) <= LONGEST_SENTENCE
    assert min(map(len, pieces[:-1])) >= LONGEST_SENTENCE // 2


def test_a_word_too_long_is_cut_hard() -> None:
    assert [len(piece) for piece in texts("x" * 2500)] == [1000, 1000, 500]


def test_an_unknown_language_has_general_rules() -> None:
    text = "One thing. Another thing."
    assert [span.of(text) for span in sentence_spans(text, "tlh")] == ["One thing.", "Another thing."]


@pytest.mark.parametrize(
    "text", ["Dr. " * 20_000, '". ' * 20_000, "A cat sat. " * 40_000, "word " * 50_000, "x" * 100_000]
)
def test_long_texts_take_about_linear_time(text: str) -> None:
    sentence_spans(text)  # a quadratic pattern would run into the test's time limit
