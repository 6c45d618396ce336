"""The seeds suite: it is whole, its places stand in the articles, and the gate passes on it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from eval.cases import holds
from eval.harness.catalogue import MEASURES
from eval.harness.gate import gate
from eval.harness.mutations.bench import SUITE, suite_articles
from eval.harness.run_file import dump_run, read_run
from eval.harness.tables import gate_lines, run_body, run_lines

BASELINE = Path(__file__).parents[3] / "eval" / "baselines" / "seeds.json"
KINDS = set("fact count date list comparison ambiguous conflicting false_premise off_topic injection briefing".split())


@pytest.fixture(scope="module")
def cases():
    return SUITE.dataset().cases


def test_there_are_questions_of_every_kind_and_topics(cases):
    counts = Counter(case.form for case in cases)
    assert counts["question"] >= 120
    assert counts["briefing"] >= 8
    assert {case.kind for case in cases} >= KINDS


def test_every_answerable_question_names_the_places_that_answer_it(cases):
    bare = [c.id for c in cases if c.form == "question" and bool(c.spans) != c.case.answerable]
    assert bare == []


def test_a_place_holds_what_is_expected_of_its_article(cases):
    """A place that holds no accepted form of anything points at the wrong words."""
    lost = [
        case.id
        for case in cases
        if case.form == "question" and case.kind in ("count", "conflicting", "place")
        for group in case.spans
        for place in group
        if not any(holds(form, place.text) for forms in case.case.expected for form in forms)
    ]
    assert lost == []


def test_no_question_is_asked_twice(cases):
    asked = Counter(c.case.question.casefold() for c in cases if c.form == "question")
    assert [text for text, count in asked.items() if count > 1] == []


def test_what_is_planted_stands_in_the_article_that_is_asked_about_or_in_the_question(cases):
    texts = {article.id: article.text.lower() for article in suite_articles()}
    lost = [
        case.id
        for case in cases
        if case.form == "question" and case.case.answerable
        for form in case.planted
        if not any(form.lower() in texts[article] for article in case.case.articles)
    ]
    assert lost == []


@pytest.mark.timeout(600)  # the model is loaded and all cases are run, on whatever machine this is
class TestRun:
    def test_no_case_crashes(self, seeds_run):
        assert [(r.id, r.crash) for r in seeds_run.results if r.crash is not None] == []

    def test_every_score_is_one_of_the_catalogue_in_its_order(self, seeds_run):
        for result in seeds_run.results:
            assert list(result.scores) == [name for name in MEASURES if name in result.scores]

    def test_it_is_not_worse_than_the_baseline(self, seeds_run):
        result = gate(read_run(BASELINE), seeds_run)
        assert result.passed, "\n".join(gate_lines(result))

    def test_a_second_run_of_some_cases_is_the_same_to_the_last_byte(self, seeds_run, seeds_bench, seeds_judges, cases):
        some = [case for case in cases if case.kind in ("ambiguous", "comparison", "conflicting", "other_date")]
        again = seeds_bench.run(seeds_judges, some)
        ids = {case.id for case in some}
        first = replace(seeds_run, results=tuple(r for r in seeds_run.results if r.id in ids), dataset_hash="")
        assert len(first.results) == len(some) > 10
        assert dump_run(first.without_times()) == dump_run(replace(again, dataset_hash="").without_times())

    def test_every_count_in_the_table_adds_up(self, seeds_run):
        metrics = run_body(seeds_run)["metrics"]
        assert len(metrics) > 30
        for metric in metrics:
            of_kind = [r for r in seeds_run.results if metric["kind"] in (None, r.kind)]
            having = sum(metric["name"] in r.scores for r in of_kind)
            assert metric["scored"] + metric["unscored"] + metric["crashed"] == having, metric
            assert metric["scored"] == sum(
                r.scores[metric["name"]].value is not None for r in of_kind if metric["name"] in r.scores
            )
        assert any(line.startswith("aurc") for line in run_lines(seeds_run, by_kind=True))

    def test_nothing_of_this_machine_is_in_the_run(self, seeds_run):
        assert str(Path(__file__).parents[3]) not in dump_run(seeds_run)
