"""Drafts of questions from articles, and the file they are written to."""

from __future__ import annotations

import json

import pytest

from eval.contexts import contexts_of
from eval.harness.case_file import read_dataset
from eval.starting import KINDS, DraftedCase, _in_turn, contexts_for, count_drafts, drafted, write_drafts
from service.errors import InputRejected
from service.types import Article

PORT = (
    "Mayor Anna Lind opened the new harbour lock in Odense. The lock can hold 12 ships of the larger class at once. "
    "The old lock was closed for good on 14 November 2025 after a long dispute. "
    "Denmark said that it had paid two thirds of what the building cost in the end."
)


@pytest.fixture
def contexts(tmp_path):
    (tmp_path / "port.md").write_text(f"---\nid: port\ntitle: Port\n---\n{PORT}\n", encoding="utf-8")
    return contexts_of([tmp_path])


def by_kind(contexts):
    return {draft.kind: draft for draft in drafted(contexts)}


def test_a_figure_is_asked_for_in_its_place_and_accepted_as_digits_and_as_a_word(contexts):
    draft = by_kind(contexts)["count"]
    assert draft.question == "The lock can hold how many ships of the larger class at once?"
    assert draft.forms == ("12", "twelve")
    assert draft.sentence == "The lock can hold 12 ships of the larger class at once."


def test_a_date_is_accepted_with_and_without_its_year(contexts):
    draft = by_kind(contexts)["date"]
    assert draft.question == "The old lock was closed for good on which date after a long dispute?"
    assert draft.forms == ("14 November 2025", "14 November")


def test_a_name_at_the_beginning_is_asked_for(contexts):
    draft = by_kind(contexts)["name"]
    assert draft.question.startswith("Which country said that it had paid")
    assert draft.forms == ("Denmark",)


def test_an_article_that_is_used_up_puts_no_other_out_of_turn():
    """Not that the turns begin anew with the first article whenever one has no more to give."""
    lists = [
        [DraftedCase("count", "?", ("1",), name, "")] * count for name, count in zip("abcd", (3, 1, 1, 3), strict=True)
    ]
    assert [draft.article for draft in _in_turn(lists)] == list("abcdadad")


def test_the_kinds_come_in_turn(contexts):
    assert [draft.kind for draft in drafted(contexts, 3)] == list(KINDS)


def test_no_more_drafts_than_asked_for(contexts):
    assert len(drafted(contexts, 2)) == 2


def test_a_sentence_that_stands_twice_is_no_place_and_gives_no_draft(tmp_path):
    (tmp_path / "a.txt").write_text("The lock can hold 12 ships of the larger class. " * 2, encoding="utf-8")
    with pytest.raises(InputRejected, match="give no question"):
        drafted(contexts_of([tmp_path]))


def test_the_number_of_a_rank_is_not_asked_for(tmp_path):
    text = "It reached the coast of Cuba as a category 4 storm on that very same evening."
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    with pytest.raises(InputRejected, match="give no question"):
        drafted(contexts_of([tmp_path]))


def test_a_copy_is_not_asked_about():
    fields = {"title": "t", "text": PORT, "raw_text": PORT, "origin": "o", "cleaner": "c", "ingested_at": "2026-01-01"}
    articles = [Article(id="a", **fields), Article(id="b", duplicate_of="a", **fields)]
    assert list(contexts_for(articles)) == ["a"]


def test_the_file_is_one_that_a_run_reads_with_its_places(contexts, tmp_path):
    path = tmp_path / "mine.jsonl"
    write_drafts(drafted(contexts), path)
    cases = read_dataset("mine", [path]).cases
    assert [case.id for case in cases] == ["draft-001", "draft-002", "draft-003"]
    assert all(PORT.count(place.text) == 1 for case in cases for place in case.places)


def test_a_file_that_is_there_is_not_written_over(contexts, tmp_path):
    path = tmp_path / "mine.jsonl"
    path.write_text("my own work", encoding="utf-8")
    with pytest.raises(InputRejected, match="there already"):
        write_drafts(drafted(contexts), path)
    assert path.read_text(encoding="utf-8") == "my own work"


def test_drafts_are_counted_until_they_are_checked(contexts, tmp_path):
    path = tmp_path / "mine.jsonl"
    write_drafts(drafted(contexts), path)
    assert count_drafts(path) == 3
    path.write_text(path.read_text(encoding="utf-8").replace('"draft": true, ', "", 1), encoding="utf-8")
    assert count_drafts(path) == 2


@pytest.mark.parametrize("text", ["no json", json.dumps([1, 2]), ""])
def test_what_is_no_file_of_cases_has_no_drafts(tmp_path, text):
    (tmp_path / "x").write_text(text, encoding="utf-8")
    assert count_drafts(tmp_path / "x") == 0
    assert count_drafts(tmp_path / "not-there") == 0
