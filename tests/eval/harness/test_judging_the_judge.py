"""A judge of a known error rate has that rate in the run and its report; what it gives no verdict on is no zero."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from eval.harness.judging_the_judge import agreement_of, checked, labelled_claims
from eval.harness.llm_judge import LlmJudge
from eval.harness.run_file import read_run, write_run
from eval.harness.runner import run_suite
from eval.harness.scoring import Judges
from eval.harness.scripted import ContainmentJudge, ScriptedSystem
from eval.harness.tables import run_body, run_lines
from eval.reports.html import as_html
from eval.reports.of_run import report_of
from eval.trust_cases import KINDS, TRUST
from service.errors import ChatUnavailable
from service.models.scripted_chat import ScriptedChatModel

WRONG_ON = ("true-1", "true-21", "lie-figure-1")
SILENT_ON, GARBLING_ON = "lie-date-1", "true-41"
CLAIMS = {claim.id: claim for claim in labelled_claims()}


def reply(request):
    """What a judge of a known error rate says: it errs on three claims, fails on one, garbles one."""
    shown = request.messages[1].content
    found = [claim for claim in labelled_claims() if f"\n{claim.claim}\n" in shown]
    if not found:
        return json.dumps({"reason": "as asked", "verdict": "supported"})
    (claim,) = found
    if claim.id == SILENT_ON:
        raise ChatUnavailable("nobody is there")
    if claim.id == GARBLING_ON:
        return "supported, surely"
    says = claim.supported != (claim.id in WRONG_ON)
    return json.dumps({"reason": f"about {claim.id}", "verdict": "supported" if says else "contradicted"})


@pytest.fixture
def judge(tmp_path):
    return LlmJudge(ScriptedChatModel(reply, name="erring"), tmp_path / "judge", timeout_seconds=5.0)


@pytest.fixture
def run_with(world):
    """One case, whose citation has a title as reports need it."""
    citations = [{**citation, "title": "Storm"} for citation in world.right["citations"]]
    system = ScriptedSystem(world.articles, {}, {**world.right, "citations": citations}, world.evidence)

    def run(judge, path=None):
        return run_suite(world.opened([world.case()], system), Judges(ContainmentJudge(), judge), path)

    return run


@pytest.fixture
def run(judge, run_with, tmp_path):
    run_with(judge, tmp_path / "run.json")
    return read_run(tmp_path / "run.json")


def test_the_labelled_claims_are_of_the_trust_set_half_of_them_supported():
    rows = {}
    for name in ("true", "world-true", "lies", "world-lies"):
        lines = (TRUST / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        rows |= {row["id"]: row for row in map(json.loads, lines)}
    assert len(CLAIMS) == len(labelled_claims()) == 40
    assert Counter(claim.supported for claim in CLAIMS.values()) == {True: 20, False: 20}
    assert {claim.kind for claim in CLAIMS.values()} == set(KINDS)
    for claim in CLAIMS.values():
        row = rows[claim.id]
        assert (claim.claim, claim.kind) == (row["text"], row["kind"])
        assert list(claim.quotes) == [span["quote"] for span in row["spans"]]
        assert claim.supported == (row["kind"] == "true")


def test_the_agreement_is_the_error_rate_that_was_scripted(run):
    agreement = agreement_of(run.judge_checked)
    assert agreement.all == (35, 38)
    assert agreement.supported == (17, 19)
    assert agreement.others == (18, 19)
    assert agreement.without_verdict == 2


def test_several_workers_say_the_same_in_the_same_order(judge, run):
    assert checked(judge, workers=4) == run.judge_checked


def test_no_judge_is_not_judged(run_with):
    run = run_with(None)
    assert run.judge_checked == ()
    assert agreement_of(run.judge_checked) is None
    assert not any("whose verdicts are known" in line for line in run_lines(run))
    assert not any("whose verdicts are known" in table.title for table in report_of(run).tables)


def test_a_judge_that_always_fails_has_no_agreement_rather_than_one_of_nothing(run_with, tmp_path):
    failing = LlmJudge(ScriptedChatModel(ChatUnavailable("down"), name="down"), tmp_path / "j", timeout_seconds=5.0)
    run = run_with(failing)
    agreement = agreement_of(run.judge_checked)
    assert (agreement.all, agreement.without_verdict) == ((0, 0), 40)
    line = next(line for line in run_lines(run) if "whose verdicts are known" in line)
    assert "none as labelled" in line
    table = next(table for table in report_of(run).tables if "whose verdicts are known" in table.title)
    assert [row[1].value for row in table.rows[:3]] == [None] * 3
    assert "not scored" in as_html(report_of(run))
    assert run.results[0].scores["groundedness_llm"].value is None


def test_the_report_shows_agreement_cost_prompt_and_where_the_judge_errs(run):
    report = report_of(run)
    shown = next(table for table in report.tables if "40 claims whose verdicts are known" in table.title)
    assert (shown.rows[0][1].hits, shown.rows[0][1].of) == (35, 38)
    assert shown.rows[0][1].low < 35 / 38 < shown.rows[0][1].high
    assert shown.rows[3][1] == 2
    wrong = next(table for table in report.tables if table.title.startswith("Where the judge"))
    assert {row[0] for row in wrong.rows} == {*WRONG_ON, SILENT_ON, GARBLING_ON}
    assert [row[3] for row in wrong.rows if row[0] in (SILENT_ON, GARBLING_ON)] == ["none", "none"]
    facts = dict(report.facts)
    assert facts["judge"].startswith("erring, prompt 1, sha256:")
    assert facts["judging"].startswith("41 calls, 0 from the cache, 2 failed")
    line = next(line for line in run_lines(run) if "whose verdicts are known" in line)
    assert "0.921 [" in line
    assert "2 without a verdict" in line
    assert len(run_body(run)["judge_checked"]) == 40


def test_a_second_run_asks_only_where_no_verdict_was_given(judge, run, run_with):
    again = run_with(judge)
    assert again.judge_checked == run.judge_checked
    assert (again.judge_cost.calls - 41, again.judge_cost.cached) == (2, 39)


def test_a_file_that_knows_nothing_of_judging_the_judge_is_still_a_run(run, tmp_path):
    path = tmp_path / "old.json"
    write_run(run, path)
    body = json.loads(path.read_text(encoding="utf-8"))
    del body["judge_checked"]
    path.write_text(json.dumps(body), encoding="utf-8")
    assert read_run(path).judge_checked == ()
