"""A small world of made-up articles with a scripted answerer, and the seeds suite run once for all tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from eval.harness.case_file import Dataset, suite_case_of
from eval.harness.mutations.bench import SUITE, Bench, open_bench
from eval.harness.run_file import EvidenceRow, Run
from eval.harness.running import judges_of
from eval.harness.scoring import Judges
from eval.harness.scripted import ContainmentJudge, ScriptedSystem
from eval.harness.suites import OpenSuite
from service.settings import Settings, load_settings

STORM = "A storm hit the port on 4 March 2025. Nine cranes fell. The harbour reopened after four days."
FIRE = "A fire broke out in the mill. Two silos burned down."
ARTICLES = {"storm": STORM, "fire": FIRE}


def answer_body(*sentences, citations=(), status="answered", confidence=0.9, **more):
    """A body of the public interface: sentences are (text, markers), citations (marker, article, quote)."""
    listed = []
    for marker, article, quote in citations:
        start = ARTICLES[article].index(quote)
        listed.append(
            {
                "marker": marker,
                "article_id": article,
                "revision": "r1",
                "origin": f"{article}.txt",
                "start": start,
                "end": start + len(quote),
                "quote": quote,
            }
        )
    return {
        "status": status,
        "sentences": [{"text": text, "markers": list(markers)} for text, markers in sentences],
        "citations": listed,
        "disagreements": [],
        "confidence": confidence,
        "unanswered": None,
        "usage": {"prompt_tokens": 0, "completion_tokens": 0, "cost_usd": None},
        "timings_ms": {"total": 1.0},
        **more,
    }


RIGHT = answer_body(("Nine cranes fell.", [1]), citations=[(1, "storm", "Nine cranes fell.")])
REFUSAL = answer_body(("The articles do not say.", []), status="abstained", confidence=0.1)


def row(rank, article, text):
    start = ARTICLES[article].index(text)
    return EvidenceRow(rank, article, start, start + len(text), text, 1 / rank)


EVIDENCE = (row(1, "storm", STORM), row(2, "fire", FIRE))


def case(case_id="q-1", **fields):
    known = {
        "id": case_id,
        "question": f"How many cranes fell, {case_id}?",
        "kind": "count",
        "answerable": True,
        "expected": [["9", "nine"]],
        "articles": ["storm"],
        "spans": [[{"article": "storm", "text": "Nine cranes"}]],
    }
    return suite_case_of({**known, **fields})


def unanswerable(case_id="q-9", **fields):
    return case(case_id, answerable=False, expected=[], articles=[], spans=[], **fields)


def system(**replies):
    """By the id of the question's case, `_` for `-`."""
    by_question = {f"How many cranes fell, {name.replace('_', '-')}?": reply for name, reply in replies.items()}
    return ScriptedSystem(ARTICLES, by_question, RIGHT, EVIDENCE)


def opened(cases, system):
    return OpenSuite(Dataset("storm", tuple(cases)), system, "2026-01-15", "storm", "sha256:00", {"mode": "extractive"})


@pytest.fixture
def world():
    """All of the above: test modules cannot import from here."""
    return SimpleNamespace(
        articles=ARTICLES,
        body=answer_body,
        case=case,
        evidence=EVIDENCE,
        opened=opened,
        refusal=REFUSAL,
        right=RIGHT,
        row=row,
        system=system,
        unanswerable=unanswerable,
    )


@pytest.fixture
def judges():
    return Judges(ContainmentJudge())


@pytest.fixture(scope="session")
def plain_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """The defaults: none of this machine's environment, and no file of settings in the working directory."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.upper().startswith("GROUNDWIRE_")]:
            patch.delenv(name)
        patch.chdir(tmp_path_factory.mktemp("elsewhere"))
        yield load_settings()


@pytest.fixture(scope="session")
def seeds_bench(plain_settings: Settings) -> Iterator[Bench]:
    with open_bench(plain_settings) as bench:
        yield bench


@pytest.fixture(scope="session")
def seeds_judges(plain_settings: Settings) -> Judges:
    return judges_of(plain_settings, llm=False)


@pytest.fixture(scope="session")
def seeds_run(seeds_bench: Bench, seeds_judges: Judges) -> Run:
    """Every case of the seeds suite, once."""
    return seeds_bench.run(seeds_judges, SUITE.dataset().cases)
