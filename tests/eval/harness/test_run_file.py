"""A run on disk comes back as it was, and can hold no score that lies."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest

from eval.harness.run_file import (
    CaseResult,
    EvidenceRow,
    Judge,
    Judgement,
    Run,
    Score,
    dump_run,
    hash_of,
    read_run,
    write_run,
)
from service.errors import InputRejected

RESULT = CaseResult(
    id="q-1",
    kind="count",
    form="question",
    case={"id": "q-1", "question": "How many cranes fell?"},
    body={"status": "answered", "answer": "Nine fell. [1]", "timings_ms": {"total": 3.2}},
    evidence=(EvidenceRow(1, "storm", 0, 10, "Nine fell.", 0.91),),
    scores={"nugget_recall": Score(1.0), "citation_recall": Score.unscored("no sentence was shipped")},
    judgements=(Judgement(0, "built-in", "supported", 0.98),),
    timings_ms={"total": 3.4},
)
RUN = Run(
    suite="storm",
    dataset="storm",
    dataset_hash="sha256:aa",
    corpus="storm",
    corpus_fingerprint="sha256:bb",
    groundwire="0.1.0",
    settings={"llm_model": None},
    settings_fingerprint="sha256:cc",
    scorers={"nugget_recall": "1"},
    as_of="2026-01-15",
    results=(RESULT, replace(RESULT, id="q-2", body=None, crash="KeyError: x", evidence=(), judgements=())),
    judge=Judge("judge-model", 1, "sha256:dd"),
    started_at="2026-01-15T00:00:00+00:00",
    wall_seconds=1.5,
)


def test_a_run_comes_back_as_it_was_written(tmp_path):
    write_run(RUN, tmp_path / "runs" / "storm.json")
    assert read_run(tmp_path / "runs" / "storm.json") == RUN


def test_nothing_is_left_beside_a_written_run(tmp_path):
    write_run(RUN, tmp_path / "storm.json")
    assert [p.name for p in tmp_path.iterdir()] == ["storm.json"]


def test_each_result_stands_on_a_line_of_its_own():
    assert len([line for line in dump_run(RUN).splitlines() if line.startswith('{"id"')]) == 2


def test_runs_that_differ_in_their_times_alone_are_the_same_without_them():
    slower = replace(
        RUN,
        started_at="later",
        wall_seconds=9.0,
        results=tuple(
            replace(r, timings_ms={"total": 99.0}, body=r.body and {**r.body, "timings_ms": {}}) for r in RUN.results
        ),
    )
    assert slower != RUN
    assert dump_run(slower.without_times()) == dump_run(RUN.without_times())


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_score_is_no_nan(value):
    with pytest.raises(ValueError, match="a score is a number"):
        Score(value)


def test_what_is_not_scored_needs_a_reason():
    with pytest.raises(ValueError, match="needs a reason"):
        Score(None)


def test_scores_are_rounded():
    assert Score(1 / 3).value == 0.333333


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("{", "no run", id="no_json"),
        pytest.param("[]", "no run", id="no_object"),
        pytest.param(json.dumps({"format": 99}), "format 99", id="another_format"),
        pytest.param(json.dumps({"format": 1, "results": []}), "no run", id="fields_missing"),
    ],
)
def test_what_is_no_run_is_refused(text, said, tmp_path):
    (tmp_path / "x.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputRejected, match=said):
        read_run(tmp_path / "x.json")


def test_a_run_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InputRejected, match="cannot be read"):
        read_run(tmp_path / "none.json")


def test_a_hash_does_not_depend_on_the_order_of_keys():
    assert hash_of({"a": 1, "b": 2}) == hash_of({"b": 2, "a": 1}) != hash_of({"a": 1, "b": 3})
