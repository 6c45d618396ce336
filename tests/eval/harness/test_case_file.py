"""Reading a suite: what is broken is refused with its place, and a hash stands for the cases, not their order."""

from __future__ import annotations

import json

import pytest

from eval.harness.case_file import Dataset, read_dataset, suite_case_of
from service.errors import InputRejected

GOOD = {
    "id": "q-1",
    "question": "How many cranes fell?",
    "kind": "count",
    "answerable": True,
    "expected": [["9", "nine"]],
    "articles": ["storm"],
}


@pytest.fixture
def file_of(tmp_path):
    def write(*rows, name="cases.jsonl"):
        (tmp_path / name).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return tmp_path / name

    return write


def test_a_case_comes_back_from_its_own_json():
    case = suite_case_of(
        {**GOOD, "spans": [[{"article": "storm", "text": "Nine"}]], "values": [["9"], ["11"]], "planted": ["x"]}
    )
    assert suite_case_of(case.to_json()) == case


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"spans": [[]]}, id="an_empty_group_of_places"),
        pytest.param({"spans": [[{"article": "storm"}]]}, id="a_place_without_text"),
        pytest.param({"spans": [[{"article": "storm", "text": ""}]]}, id="a_place_with_an_empty_text"),
        pytest.param({"spans": [{"article": "storm", "text": "Nine"}]}, id="a_place_that_is_no_group"),
        pytest.param({"values": ["9"]}, id="a_group_that_is_a_string"),
        pytest.param({"planted": "x"}, id="planted_that_is_a_string"),
    ],
)
def test_a_broken_case_is_refused_with_its_line(file_of, change):
    with pytest.raises(InputRejected, match=":2:"):
        read_dataset("storm", [file_of(GOOD, {**GOOD, "id": "q-2", **change})])


def test_an_id_in_two_files_is_refused(file_of):
    with pytest.raises(InputRejected, match="the id q-1 stands in another file"):
        read_dataset("storm", [file_of(GOOD), file_of(GOOD, name="more.jsonl")])


def test_an_unknown_article_is_refused():
    with pytest.raises(InputRejected, match="case q-1 names the article 'storm', which is not there"):
        Dataset("storm", (suite_case_of(GOOD),)).of_articles({"fire"})


def test_an_article_that_only_a_place_names_is_looked_for_too():
    case = suite_case_of({**GOOD, "spans": [[{"article": "fire", "text": "Nine"}]]})
    with pytest.raises(InputRejected, match="'fire'"):
        Dataset("storm", (case,)).of_articles({"storm"})


def test_no_cases_are_refused(file_of):
    with pytest.raises(InputRejected, match="no cases"):
        read_dataset("storm", [file_of()])


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InputRejected, match="cannot be read"):
        read_dataset("storm", [tmp_path / "none.jsonl"])


def test_the_hash_stands_for_the_cases_and_not_for_their_order():
    one, two = suite_case_of(GOOD), suite_case_of({**GOOD, "id": "q-2"})
    other = suite_case_of({**GOOD, "forbidden": ["8"]})
    assert Dataset("a", (one, two)).hash == Dataset("b", (two, one)).hash
    assert Dataset("a", (one, two)).hash != Dataset("a", (other, two)).hash
