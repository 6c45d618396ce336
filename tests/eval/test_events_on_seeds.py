"""The seed articles tell of several attacks on several days: a question that fits them all is answered by each."""

from __future__ import annotations

import pytest

from service.types import Question

pytestmark = pytest.mark.timeout(300)


def ask(seeds_library, text):
    return seeds_library.ask(Question(text), "extractive")


def test_the_missiles_of_each_attack_are_given_and_the_dated_ones_cite_their_day(seeds_library):
    answer = ask(seeds_library, "How many missiles were fired?")
    assert all(number in answer.text for number in ("18", "51", "85"))
    quotes = {c.marker: c.quote for c in answer.citations}
    (dated,) = [s for s in answer.sentences if "18 missiles" in s.text]
    assert any("November 14, 2025" in quotes[marker] for marker in dated.markers)


@pytest.mark.parametrize(
    "question",
    ["How many missiles were fired?", "How many drones were launched?", "How many drones were shot down?"],
)
def test_other_attacks_are_no_disagreement(seeds_library, question):
    answer = ask(seeds_library, question)
    assert len(answer.sentences) > 1
    assert answer.disagreements == ()


def test_two_questions_in_one_are_both_answered_and_what_is_not_said_is_named(seeds_library):
    answer = ask(seeds_library, "Who is the mayor of Kyiv and who is the mayor of Kharkiv?")
    assert answer.status == "partial"
    assert "Klitschko" in answer.text
    assert "who is the mayor of Kharkiv" in answer.unanswered
    assert "Kyiv" not in answer.unanswered


def test_no_seed_question_finds_a_disagreement_where_there_is_none(seed_scores):
    assert [s.case.id for s in seed_scores if s.answer.disagreements] == []
