"""Runs made by hand, so that reports are tested without a library."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eval.harness.run_file import CaseResult, EvidenceRow, Judgement, Run, Score

TEXT = "A crane fell into the basin. Two men were hurt by its cable. The port stayed open all day."
NASTY = '</details><script>alert("x")</script> & "quotes" \x07 | **bold** <img src=x onerror=y>'
NASTY += " https://evil.example www.evil.example @someone a@evil.example"


def result(number=1, *, right=1.0, kind="count", confidence=0.8, **more):
    start, end = TEXT.index("Two"), TEXT.index("The port") - 1
    body = {
        "status": "answered",
        "confidence": confidence,
        "sentences": [{"text": "Two men were hurt. [1]", "markers": [1], "verdict": "supported", "support": 0.97}],
        "citations": [
            {
                "marker": 1, "article_id": "port", "title": "Port", "start": 100 + start, "end": 100 + end,
                "quote": TEXT[start:end],
            }
        ],
    }  # fmt: skip
    case = {
        "form": "question", "question": f"How many were hurt in accident {number}?", "answerable": True,
        "expected": [["two", "2"]], "forbidden": ["nine"], "gold_articles": ["port"],
        "gold_spans": [[{"article_id": "port", "start": 100, "end": 128}]],
    }  # fmt: skip
    scores = {
        "completed": Score(1.0), "right": Score(right),
        "nugget_recall": Score(right, None if right else "missing: two"),
        "groundedness": Score(1.0), "groundedness_llm": Score.unscored("no judge is set"), "recall_at_1": Score(1.0),
        "recall_at_5": Score(1.0), "span_recall_at_1": Score(0.0), "prompt_tokens": Score(120.0),
    }  # fmt: skip
    made = CaseResult(
        id=f"case-{number}",
        kind=kind,
        form="question",
        case=case,
        body=body,
        evidence=(EvidenceRow(1, "port", 100, 100 + len(TEXT), TEXT, 0.9, "Port"),),
        scores=scores,
        judgements=(Judgement(0, "built-in", "supported", 0.96, "word for word"),),
        timings_ms={"asked": 20.0, "scored": 5.0},
    )
    return replace(made, **more)


def crashed(number=9):
    scores = {"completed": Score(0.0, "it crashed"), "right": Score.unscored("it crashed")}
    return result(number, body=None, evidence=(), judgements=(), scores=scores, crash="ValueError: no such thing")


def run_of(*results, **more):
    made = Run(
        suite="seeds",
        dataset="seeds",
        dataset_hash="sha256:" + "a" * 64,
        corpus="seeds",
        corpus_fingerprint="sha256:" + "b" * 64,
        groundwire="0.1.0",
        settings={"mode": "extractive"},
        settings_fingerprint="sha256:" + "c" * 64,
        scorers={},
        as_of="2026-01-15",
        results=tuple(results),
        started_at="2026-01-15T12:00:00+00:00",
        wall_seconds=12.5,
    )
    return replace(made, **more)


@pytest.fixture
def make_result():
    return result


@pytest.fixture
def make_run():
    return run_of


@pytest.fixture
def make_crash():
    return crashed


@pytest.fixture
def nasty():
    """Text that would be markup in every format that does not escape it."""
    return NASTY
