"""Any text as the sentences in it that claim something, with offsets in the text as it was given."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.answering.draft_text import DraftText, read_draft


def claims(text: str) -> list[str]:
    return [sentence.claim for sentence in read_draft(text).sentences]


def asides(text: str) -> list[tuple[str, str]]:
    return [(piece.why, piece.span.of(text)) for piece in read_draft(text).aside]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("It rained [1]. It snowed [2, 3].", ["It rained.", "It snowed."], id="before the stop"),
        pytest.param("It rained. [1] It snowed. [2][3]", ["It rained.", "It snowed."], id="behind the stop"),
        pytest.param("It rained [1], then it snowed.", ["It rained, then it snowed."], id="inside"),
        pytest.param("It rained.[^4] It snowed【2】.", ["It rained.", "It snowed."], id="footnotes"),
        pytest.param("In [2024] it rained.", ["In [2024] it rained."], id="a year in brackets stays"),
        pytest.param("It was [sic] wet.", ["It was [sic] wet."], id="a word in brackets stays"),
    ],
)
def test_markers_are_no_part_of_a_claim(text: str, expected: list[str]) -> None:
    assert claims(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("It cost **48 million** _crowns_.", "It cost 48 million crowns.", id="emphasis"),
        pytest.param("The [mayor](https://a.example/b.c?d=(e)) spoke.", "The mayor spoke.", id="link"),
        pytest.param("The [mayor][3] spoke.", "The mayor spoke.", id="reference link"),
        pytest.param("The [mayor] [spoke](a) [1][2].", "The [mayor] spoke.", id="markers behind a link"),
        pytest.param("The `mayor` spoke ~~softly~~.", "The mayor spoke softly.", id="code and strike"),
        pytest.param("The <b>mayor</b> spoke.<br/>", "The mayor spoke.", id="HTML"),
        pytest.param("> The mayor spoke.", "The mayor spoke.", id="quoted"),
        pytest.param("3 * 4 is 12 * 1.", "3 * 4 is 12 * 1.", id="stars that are no emphasis"),
        pytest.param("The file_name_here is long.", "The file_name_here is long.", id="underscores in a word"),
        pytest.param("Fish &amp; chips cost 5 &euro;.", "Fish & chips cost 5 €.", id="entities"),
        pytest.param("![A map of it](map.png) The mayor spoke.", "The mayor spoke.", id="image"),
    ],
)
def test_marks_are_no_part_of_a_claim(text: str, expected: str) -> None:
    assert claims(text) == [expected]


@pytest.mark.parametrize("bullet", ["-", "*", "+", "•", "1.", "2)", "- [x]", "> -"])
def test_list_items_are_claims_each_with_or_without_a_stop(bullet: str) -> None:
    text = f"{bullet} Four people died\n{bullet} Nine were hurt.\n{bullet} The mayor spoke\n"
    assert claims(text) == ["Four people died", "Nine were hurt.", "The mayor spoke"]
    assert [s.span.of(text) for s in read_draft(text).sentences] == claims(text)


def test_rows_of_a_table_are_claims_and_its_head_is_not() -> None:
    text = "| What | How many |\n|:--|--:|\n| Drones | 430 |\n| **Missiles** | 18 [2] |\n"
    assert claims(text) == ["Drones 430", "Missiles 18"]
    assert asides(text) == [("heading", "| What | How many |")]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("# Kyiv was hit\nIt rained.", "heading", id="hashes"),
        pytest.param("Kyiv was hit\n===\n\nIt rained.", "heading", id="underlined"),
        pytest.param("What We Know So Far\nIt rained.", "heading", id="in capitals"),
        pytest.param("Background\n\nIt rained.", "heading", id="a word"),
        pytest.param("---\ntitle: Kyiv\n---\nIt rained.", "heading", id="front matter"),
        pytest.param("Who rules Velden? It rained.", "question", id="question"),
        pytest.param("Hello Anna,\n\nIt rained.", "greeting", id="greeting"),
        pytest.param("It rained. Thank you for reading!", "greeting", id="thanks"),
        pytest.param("Here is a summary:\n\nIt rained.", "lead_in", id="lead-in"),
        pytest.param("Casualties:\n\nIt rained.", "lead_in", id="a word and a colon"),
        pytest.param("Sure! It rained.", "greeting", id="assent"),
        pytest.param("It rained.\n\nBest regards,\nAnna", "greeting", id="regards"),
        pytest.param("It rained.\n\n[1]: https://a.example/b", "reference", id="reference"),
        pytest.param("```python\nprint('It snowed.')\n```\nIt rained.", "code", id="code"),
    ],
)
def test_what_claims_nothing_is_set_aside_with_its_reason(text: str, why: str) -> None:
    assert claims(text) == ["It rained."]
    assert [reason for reason, _ in asides(text)] == [why]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Kyiv was hit by drones", id="one line without a stop"),
        pytest.param("It rained.\nNobody was hurt in the town", id="last line without a stop"),
        pytest.param("Nobody in the town was hurt\nIt rained.", id="a line in lower case"),
        pytest.param("Storm Kills 12\nIt rained.", id="a title with a figure"),
        pytest.param("They launched 430 drones:\nIt rained.", id="a lead-in with a figure"),
        pytest.param("Thank you, said the mayor, who promised on 3 May to rebuild.", id="a date behind thanks"),
        pytest.param("Dear prices drove readers away.", id="a word of greeting in a sentence"),
        pytest.param("Sure signs of a thaw were seen in Orsk.", id="a word of assent in a sentence"),
        pytest.param("The mayor resigned:\nIt rained.", id="a claim before a colon"),
        pytest.param("```\nIt rained.\n```", id="prose in a fence"),
        pytest.param("```markdown\nIt rained.\n```", id="Markdown in a fence"),
        pytest.param("\u201cWho did it?\u201d asked the mayor.", id="a question that is quoted"),
    ],
)
def test_in_doubt_it_is_a_claim(text: str) -> None:
    assert asides(text) == []


@pytest.mark.parametrize("text", ["", " \n\t", "...", "---", "[1]", "**", "| | |\n|--|--|", "\x00", "!?"])
def test_nothing_is_claimed_by_marks_alone(text: str) -> None:
    assert claims(text) == []


@pytest.mark.parametrize(
    "piece",
    ["[", "*a", "```\n", "|", "<", "- ", "[a](", "> ", "_a ", "| a |\n", "# a\n", "---\n", "a\n---\n\n", "<!--", " "],
)
def test_no_text_takes_more_than_about_linear_time(piece: str) -> None:
    """A minute is the test's own limit; quadratic time took three."""
    read_draft(piece * (100_000 // len(piece)))


def in_place(text: str, draft: DraftText) -> bool:
    spans = sorted([*(s.span for s in draft.sentences), *(a.span for a in draft.aside)])
    apart = all(left.end <= right.start for left, right in pairwise(spans))
    return apart and all(0 <= span.start < span.end <= len(text) for span in spans)


MARKED = st.text(st.sampled_from("aB1. \n*_[]()|#->`~<>&:?!\u201c\u00e9\u7121\r\t"), max_size=120)


@given(MARKED | st.text(max_size=80))
def test_pieces_are_slices_of_the_text_in_order_and_apart(text: str) -> None:
    draft = read_draft(text)
    assert in_place(text, draft)
    assert all(sentence.claim == " ".join(sentence.claim.split()) != "" for sentence in draft.sentences)
