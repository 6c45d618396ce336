"""Comparing runs: refused where scores mean different things, and a gate that only chance cannot fail."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eval.harness.comparison import compact, compare
from eval.harness.gate import gate
from eval.harness.run_file import CaseResult, Judge, Run, Score, read_run, write_run
from eval.harness.tables import comparison_lines, gate_lines
from service.errors import InputRejected


def run_of(scores, **more):
    """A run of cases c-00, c-01 ... with a score each: name -> values, None for what is not scored."""
    count = len(next(iter(scores.values())))
    results = tuple(
        CaseResult(
            id=f"c-{i:02}",
            kind="even" if i % 2 == 0 else "odd",
            form="question",
            case={},
            body=None,
            scores={name: Score(values[i], "why" if values[i] is None else None) for name, values in scores.items()},
        )
        for i in range(count)
    )
    known = {
        "suite": "storm",
        "dataset": "storm",
        "dataset_hash": "sha256:aa",
        "corpus": "storm",
        "corpus_fingerprint": "sha256:bb",
        "groundwire": "0.1.0",
        "settings": {"mode": "extractive"},
        "settings_fingerprint": "sha256:cc",
        "scorers": {"right": "1", "brier": "1"},
        "as_of": "2026-01-15",
        "results": results,
    }
    return Run(**{**known, **more})


GOOD = run_of({"right": [1.0] * 30, "span_exactness": [1.0] * 30})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param({"dataset": "mine", "dataset_hash": "sha256:zz"}, r"other cases \(.*, mine zz\)", id="cases"),
        pytest.param({"judge": Judge("m", 1, "sha256:d")}, r"another judge \(none, m, prompt 1 d\)", id="judge"),
        pytest.param({"scorers": {"right": "2", "brier": "1"}}, "scorers right 1, 2", id="scorer"),
        pytest.param({"scorers": {"right": "1"}}, "scorers brier 1, none", id="a_scorer_that_is_gone"),
    ],
)
def test_scores_that_mean_something_else_are_not_compared(change, said):
    other = replace(GOOD, **change)
    with pytest.raises(InputRejected, match=said):
        compare(GOOD, other)
    with pytest.raises(InputRejected, match=said):
        gate(GOOD, other)


def test_all_that_forbids_a_comparison_is_named_at_once():
    other = replace(GOOD, dataset_hash="sha256:zz", scorers={"right": "2", "brier": "1"})
    with pytest.raises(InputRejected, match=r"other cases .* and another version of the scorers right"):
        compare(GOOD, other)


def test_other_settings_and_articles_are_noted_and_compared():
    other = replace(GOOD, settings={"mode": "llm"}, corpus_fingerprint="sha256:xx")
    notes = compare(GOOD, other).notes
    assert "setting mode: extractive, then llm" in notes
    assert any(note.startswith("articles:") for note in notes)


def test_a_clear_fall_is_worse_overall_and_in_its_kind():
    worse = run_of({"right": [0.0 if i % 2 == 0 else 1.0 for i in range(30)], "span_exactness": [1.0] * 30})
    found = {(d.name, d.kind): d.change for d in compare(GOOD, worse).differences}
    assert found["right", None] == found["right", "even"] == "worse"
    assert found["right", "odd"] == "same"
    assert found["span_exactness", None] == "same"


def test_a_lower_brier_score_is_better():
    before, after = run_of({"brier": [0.5] * 20}), run_of({"brier": [0.1] * 20})
    (overall, *_) = compare(before, after).differences
    assert overall.change == "better"
    assert gate(before, after).passed
    assert not gate(after, before).passed


def test_pairs_are_cases_that_both_have_scored():
    after = run_of({"right": [None] * 10 + [1.0] * 20, "span_exactness": [1.0] * 30})
    found = {d.name: d.paired.pairs for d in compare(GOOD, after).differences if d.kind is None}
    assert found == {"right": 20, "span_exactness": 30}


def test_cases_that_one_run_alone_has_are_named():
    shorter = replace(GOOD, results=GOOD.results[:29])
    assert compare(GOOD, shorter).only_before == ("c-29",)
    assert "only before, left out: c-29" in comparison_lines(compare(GOOD, shorter))


def test_the_gate_lets_a_fall_pass_that_chance_explains():
    assert gate(GOOD, run_of({"right": [0.0] * 2 + [1.0] * 28, "span_exactness": [1.0] * 30})).passed


def test_the_gate_corrects_for_the_number_of_scores():
    fallen = [0.0] * 5 + [1.0] * 25
    alone = run_of({"right": [1.0] * 30}), run_of({"right": fallen})
    assert not gate(*alone).passed  # 1/32 by itself
    names = ("nugget_recall", "figure_exactness", "groundedness")
    among = {name: [1.0] * 30 for name in ("right", *names)}
    assert gate(run_of(among), run_of({**among, "right": fallen})).passed


def test_one_quote_that_is_not_exact_fails_without_an_interval():
    result = gate(GOOD, run_of({"right": [1.0] * 30, "span_exactness": [0.0] + [1.0] * 29}))
    assert not result.passed
    assert [fall.case for fall in result.falls] == ["c-00"]
    assert gate_lines(result)[0].startswith("worse: span_exactness of c-00")


def test_a_quote_that_is_not_exact_in_an_answer_that_is_new_fails_too():
    before = run_of({"span_exactness": [None] + [1.0] * 29})
    assert not gate(before, run_of({"span_exactness": [0.0] + [1.0] * 29})).passed


def test_one_new_crash_fails_without_an_interval():
    """A crashed case has no other score, so it drops out of every other pair."""
    before = run_of({"completed": [1.0] * 30, "right": [1.0] * 30})
    result = gate(before, run_of({"completed": [0.0] + [1.0] * 29, "right": [None] + [1.0] * 29}))
    assert not result.passed
    assert [(fall.name, fall.case) for fall in result.falls] == [("completed", "c-00")]


def test_a_case_that_crashed_before_too_is_no_fall():
    before = run_of({"completed": [0.0] + [1.0] * 29, "right": [None] + [1.0] * 29})
    assert gate(before, before).passed


def test_a_case_of_the_baseline_that_was_not_run_fails():
    result = gate(GOOD, replace(GOOD, results=GOOD.results[:29]))
    assert not result.passed
    assert "missing: 1 cases of the baseline were not run: c-29" in gate_lines(result)


def test_the_order_of_cases_changes_nothing():
    after = run_of({"right": [0.5, 0.0] * 15, "span_exactness": [1.0] * 30})
    turned = replace(after, results=after.results[::-1])
    assert gate(GOOD, after).differences == gate(GOOD, turned).differences


def test_a_baseline_keeps_what_the_gate_compares_and_no_text(tmp_path):
    full = replace(GOOD, results=tuple(replace(r, case={"question": "?"}, body={"answer": "x"}) for r in GOOD.results))
    write_run(compact(full), tmp_path / "baseline.json")
    kept = read_run(tmp_path / "baseline.json")
    assert all(r.case == {} and r.body is None for r in kept.results)
    assert gate(kept, full).passed
    assert not gate(kept, run_of({"right": [0.0] * 30, "span_exactness": [1.0] * 30})).passed


def test_an_empty_baseline_is_no_baseline():
    with pytest.raises(InputRejected, match="no cases"):
        gate(replace(GOOD, results=()), GOOD)
