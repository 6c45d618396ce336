"""Reading cases, and what counts as holding an expected value."""

from __future__ import annotations

import json

import pytest

from eval.cases import holds, read_cases
from service.errors import InputRejected

GOOD = {
    "id": "q-1",
    "question": "How many cranes fell?",
    "kind": "count",
    "answerable": True,
    "expected": [["31", "thirty-one"]],
    "articles": ["storm"],
}
UNANSWERABLE = {**GOOD, "id": "q-2", "answerable": False, "expected": [], "articles": []}


@pytest.fixture
def file_of(tmp_path):
    def write(*lines):
        path = tmp_path / "cases.jsonl"
        path.write_text(
            "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), encoding="utf-8"
        )
        return path

    return write


def test_a_line_that_begins_with_a_hash_is_a_comment(file_of):
    assert [case.id for case in read_cases(file_of("# drafts", GOOD, "#", UNANSWERABLE))] == ["q-1", "q-2"]


def test_cases_are_read_in_order_and_empty_lines_are_skipped(file_of):
    cases = read_cases(file_of(GOOD, "", UNANSWERABLE, "   "))
    assert [(c.id, c.answerable) for c in cases] == [("q-1", True), ("q-2", False)]
    assert cases[0].expected == (("31", "thirty-one"),)
    assert cases[0].forbidden == ()
    assert cases[0].as_of is None


def test_a_case_may_be_asked_as_of_another_day(file_of):
    assert read_cases(file_of({**GOOD, "as_of": "2025-06-13"}))[0].as_of == "2025-06-13"


@pytest.mark.parametrize(
    ("lines", "where"),
    [
        pytest.param([GOOD, GOOD], ":2: the id q-1 comes twice", id="an_id_that_comes_twice"),
        pytest.param([GOOD, "{"], ":2:", id="a_line_that_is_no_json"),
        pytest.param(["[1]"], ":1:", id="a_line_that_is_no_object"),
        pytest.param(["7"], ":1:", id="a_line_that_is_a_number"),
        pytest.param(["", {k: v for k, v in GOOD.items() if k != "kind"}], ":2:", id="a_field_that_is_missing"),
        pytest.param([{**GOOD, "expected": []}], "q-1", id="answerable_without_expected_values"),
        pytest.param([{**GOOD, "articles": []}], "q-1", id="answerable_without_articles"),
        pytest.param([{**GOOD, "answerable": False}], "q-1", id="unanswerable_with_expected_values"),
        pytest.param([UNANSWERABLE, {**GOOD, "expected": []}], ":2:", id="the_line_of_a_contradiction"),
        pytest.param([{**GOOD, "expected": ["31"]}], ":1:", id="a_group_that_is_a_string"),
        pytest.param([{**GOOD, "expected": [[]]}], ":1:", id="a_group_without_forms"),
        pytest.param([{**GOOD, "articles": "storm"}], ":1:", id="articles_that_are_a_string"),
    ],
)
def test_a_broken_file_is_refused_naming_the_line(file_of, lines, where):
    path = file_of(*lines)
    with pytest.raises(InputRejected) as refused:
        read_cases(path)
    assert where in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        pytest.param("31", "It took 31 cranes.", True, id="whole_word"),
        pytest.param("31", "It took 313 cranes.", False, id="inside_a_figure"),
        pytest.param("31", "It took x31 cranes.", False, id="inside_a_word"),
        pytest.param("Nine", "nine fell", True, id="case"),
        pytest.param("$4", "It cost $4.", True, id="a_sign"),
        pytest.param("a.m.", "at 4 a.m. on", True, id="dots_are_dots"),
        pytest.param("a.m", "at 4 atm on", False, id="a_dot_is_not_any_letter"),
        pytest.param("Urzúa", "Luis URZÚA left", True, id="accents"),
        pytest.param("31", "", False, id="empty_text"),
    ],
)
def test_holds_a_form_as_whole_words(form, text, expected):
    assert holds(form, text) is expected


def test_one_form_of_every_group_is_needed(file_of):
    (case,) = read_cases(file_of({**GOOD, "expected": [["31", "thirty-one"], ["9", "nine"]]}))
    assert case.met_by("Thirty-one stood and nine fell.")
    assert not case.met_by("31, thirty-one stood.")
