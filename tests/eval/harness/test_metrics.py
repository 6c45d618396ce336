"""Many cases summed up: what is not scored is counted and in no mean, and a crash is neither."""

from __future__ import annotations

import pytest

from eval.harness.metrics import (
    amounts_of,
    given_answers,
    latency_of,
    metrics_of,
    risk_coverage_of,
    selective_of,
    total_of,
)
from eval.harness.runner import run_suite
from eval.harness.tables import run_body, run_lines


@pytest.fixture
def run(world, judges):
    """Two right answers, a wrong refusal, a wrong answer, a right refusal and a crash."""
    wrong = world.body(("Ten cranes fell.", [1]), citations=[(1, "storm", "Nine cranes fell.")], confidence=0.4)
    cases = [
        *(world.case(f"q-{i}") for i in range(4)),
        world.unanswerable("q-4", kind="off_topic"),
        world.case("q-5", kind="date"),
    ]
    system = world.system(q_2=world.refusal, q_3=wrong, q_4=world.refusal, q_5=RuntimeError("it broke"))
    return run_suite(world.opened(cases, system), judges)


@pytest.fixture
def metric(run):
    found = {(m.name, m.kind): m for m in metrics_of(run)}
    return lambda name, kind=None: found[name, kind]


def test_scored_unscored_and_crashed_are_all_cases(metric):
    one = metric("nugget_recall")
    assert (one.scored, one.unscored, one.crashed) == (4, 1, 1)
    assert one.interval.mean == 0.5


def test_a_crash_counts_against_completion_alone(metric):
    assert metric("completed").interval.mean == pytest.approx(5 / 6)
    assert metric("completed").crashed == 0


def test_a_score_that_no_case_has_is_no_number(metric):
    assert metric("groundedness_llm").interval is None
    assert metric("groundedness_llm").scored == 0


def test_each_kind_has_its_own_means(metric):
    assert metric("right", "count").interval.mean == 0.5
    assert metric("right", "off_topic").interval.mean == 1.0
    with pytest.raises(KeyError):
        metric("right", "date")


def test_only_given_answers_are_in_the_curve_of_risk(run):
    confidences, rights = given_answers(run)
    assert (list(confidences), list(rights)) == ([0.9, 0.9, 0.4], [True, True, False])
    assert risk_coverage_of(run) == (pytest.approx([1 / 3, 2 / 3, 1]), pytest.approx([0, 0, 1 / 3]))
    selective = selective_of(run)
    assert selective.answers == 3
    assert selective.aurc.mean == selective.best_aurc == pytest.approx(1 / 9)


def test_a_run_without_answers_has_no_curve(world, judges):
    run = run_suite(world.opened([world.unanswerable()], world.system(q_9=world.refusal)), judges)
    assert selective_of(run) is None
    assert risk_coverage_of(run) == ([], [])


def test_a_crash_has_no_latency(run):
    assert latency_of(run).cases == 5


def test_amounts_are_added_and_an_unknown_cost_is_none(run):
    assert total_of(run, "prompt_tokens") == 0.0
    assert total_of(run, "cost_usd") is None
    assert amounts_of(run) == {"prompt_tokens": 0.0, "completion_tokens": 0.0, "cost_usd": None}


def test_an_amount_is_no_share_and_has_no_interval(run):
    """Tokens of a run without a model are all 0, which an interval of shares would take for a share of nothing."""
    assert not {metric.name for metric in metrics_of(run)} & {"prompt_tokens", "completion_tokens", "cost_usd"}
    assert run_body(run)["amounts"]["prompt_tokens"] == 0.0


def test_the_table_names_the_crash_and_has_no_nan(run):
    lines = run_lines(run, by_kind=True)
    assert "crashed: q-5: RuntimeError: it broke" in lines
    assert "nan" not in " ".join(lines).lower()
    assert run_body(run)["crashed"] == [{"id": "q-5", "error": "RuntimeError: it broke"}]
