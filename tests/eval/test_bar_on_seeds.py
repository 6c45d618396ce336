"""What the answerer reaches on the seed questions. A floor is the measured figure less a little; it only ever rises."""

from __future__ import annotations

import pytest

from eval.questions import failure_lines, table
from eval.scoring import share

ANSWERABLE_FLOOR = 0.88
REFUSED_FLOOR = 0.88

pytestmark = pytest.mark.timeout(600)  # the model is loaded and 130 questions are asked, on whatever machine this is


def test_every_citation_is_exactly_what_the_article_says(seed_scores):
    assert [s.case.id for s in seed_scores if not s.spans_exact] == []


def test_every_answer_has_at_most_3_sentences_and_80_words(seed_scores):
    assert [s.case.id for s in seed_scores if not s.short] == []


def test_answerable_questions_are_answered_rightly(seed_scores):
    scores = [s for s in seed_scores if s.case.answerable]
    assert share(s.right for s in scores) >= ANSWERABLE_FLOOR, failure_lines(scores)


def test_unanswerable_questions_are_refused(seed_scores):
    scores = [s for s in seed_scores if not s.case.answerable]
    assert share(s.right for s in scores) >= REFUSED_FLOOR, failure_lines(scores)


def test_a_figure_of_another_date_never_answers(seed_scores):
    assert [s.case.id for s in seed_scores if s.case.kind == "other_date" and not s.right] == []


def test_what_is_off_topic_is_refused(seed_scores):
    assert [s.case.id for s in seed_scores if s.case.kind == "off_topic" and not s.right] == []


def test_the_printed_table_counts_every_question_once(seed_scores):
    rows = [line.split() for line in table(seed_scores).splitlines() if line.startswith("  ")]
    assert sum(int(row[row.index("of") + 1]) for row in rows) == len(seed_scores)
