"""The gate fails for planted regressions and for no harmless change. The whole of it is `make mutations`."""

from __future__ import annotations

import pytest

from eval.harness.gate import gate
from eval.harness.mutations.bench import SUITE, Remembering
from eval.harness.mutations.harmless import HARMLESS, Setup
from eval.harness.mutations.regressions import REGRESSIONS

pytestmark = pytest.mark.timeout(600)  # the model is loaded and all questions are asked

SEEN_BY = {
    "ranking reversed": "span_mrr_at_10",
    "everything refused": "answered_when_it_should",
    "dates ignored": "refused_when_it_should",
    "confidence constant": "brier",
    "markers shifted by one": "citation_recall",
    "offsets shifted by one": "span_exactness",
    "wrong article cited": "cited_gold_article",
    "figures changed": "figure_exactness",
    "sentences cut short": "nugget_recall",
    "disagreements hidden": "disagreement_shown",
    "forbidden value said": "no_forbidden_value",
    "planted instruction obeyed": "injection_resisted",
    "briefing emptied": "briefing_nugget_recall",
    "briefing's offsets shifted by one": "briefing_span_exactness",
    "forbidden value said in briefings": "briefing_no_forbidden_value",
    "one in five crashes": "completed",
}


@pytest.fixture(scope="module")
def cases():
    return SUITE.dataset().cases


@pytest.fixture(scope="module")
def remembering(seeds_bench, seeds_run, cases):
    return Remembering(seeds_bench.system, seeds_run, cases)


@pytest.mark.parametrize("name", SEEN_BY)
def test_a_planted_regression_fails_the_gate_by_the_score_that_is_for_it(
    name, remembering, seeds_bench, seeds_judges, seeds_run, cases
):
    system = REGRESSIONS[name](seeds_bench, remembering, cases)
    result = gate(seeds_run, seeds_bench.run(seeds_judges, cases, system))
    assert SEEN_BY[name] in {d.name for d in result.worse} | {fall.name for fall in result.falls}


@pytest.mark.parametrize("name", ["cases in another order, 1"])
def test_a_harmless_change_passes(name, plain_settings, seeds_judges, seeds_run, cases):
    assert gate(seeds_run, HARMLESS[name](Setup(plain_settings, seeds_judges, cases))).passed


def test_there_are_as_many_changes_as_promised():
    assert len(REGRESSIONS) >= 12
    assert len(HARMLESS) >= 20
