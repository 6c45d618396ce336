"""What the answerer reaches where time decides: alike events on several days, dated by publication, weekday or season.

A floor is the measured figure less a little; it only ever rises.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from eval.cases import DATASETS, read_cases
from eval.corpus import library_of
from eval.questions import failure_lines, run
from eval.scoring import Score, share

ANSWERABLE_FLOOR = 0.9

pytestmark = pytest.mark.timeout(600)  # the model is loaded, on whatever machine this is


@pytest.fixture(scope="module")
def dated_scores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Score]]:
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.upper().startswith("GROUNDWIRE_")]:
            patch.delenv(name)
        patch.chdir(tmp_path_factory.mktemp("elsewhere"))
        with library_of(DATASETS / "dates-articles.jsonl") as groundwire:
            yield run(groundwire, read_cases(DATASETS / "dates.jsonl"), {})


def test_questions_of_a_time_are_answered_from_that_time(dated_scores):
    scores = [s for s in dated_scores if s.case.answerable]
    assert share(s.right for s in scores) >= ANSWERABLE_FLOOR, failure_lines(scores)


def test_a_like_event_of_another_day_never_answers(dated_scores):
    assert [s.case.id for s in dated_scores if s.forbidden] == []


def test_what_no_article_says_of_that_time_is_refused(dated_scores):
    scores = [s for s in dated_scores if not s.case.answerable]
    assert [s.case.id for s in scores if not s.right] == [], failure_lines(scores)
