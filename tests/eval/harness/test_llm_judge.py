"""The model that judges: asked once, remembered by what it was shown, and never taken at more than its word."""

from __future__ import annotations

import json

import pytest

from eval.harness.llm_judge import LlmJudge, read_verdict
from eval.harness.runner import run_suite
from eval.harness.scoring import Judges
from eval.harness.scripted import ContainmentJudge
from service.errors import ChatUnavailable
from service.models.chat import ChatReply, Usage
from service.models.scripted_chat import ScriptedChatModel

SUPPORTED = json.dumps({"reason": "It says nine.", "verdict": "supported"})
QUOTES = ["Nine cranes fell.", "The harbour reopened."]


@pytest.fixture
def judge_of(tmp_path):
    def make(*lines, name="judge"):
        chat = ScriptedChatModel(*lines, name=name)
        return LlmJudge(chat, tmp_path / "judge", timeout_seconds=5.0), chat

    return make


def test_it_is_shown_the_claim_and_each_quote_word_by_word(judge_of):
    judge, chat = judge_of(SUPPORTED)
    assert judge.judge("Nine fell.", QUOTES).supports
    shown = chat.requests[0].messages[1].content
    assert "^Nine^cranes^fell." in shown
    assert "number=2" in shown
    assert "\nNine fell.\n" in shown


def test_what_it_said_before_is_read_from_disk(judge_of):
    judge_of(SUPPORTED)[0].judge("Nine fell.", QUOTES)
    again, chat = judge_of(ChatUnavailable("nobody is there"))
    assert again.judge("Nine fell.", QUOTES).supports
    assert chat.requests == []
    assert (again.cost.calls, again.cost.cached) == (0, 1)


@pytest.mark.parametrize(
    ("claim", "quotes", "name"),
    [
        pytest.param("Ten fell.", QUOTES, "judge", id="another_claim"),
        pytest.param("Nine fell.", QUOTES[:1], "judge", id="other_quotes"),
        pytest.param("Nine fell.", QUOTES, "another", id="another_model"),
    ],
)
def test_for_anything_else_it_is_asked_anew(judge_of, claim, quotes, name):
    judge_of(SUPPORTED)[0].judge("Nine fell.", QUOTES)
    other, chat = judge_of(SUPPORTED, name=name)
    other.judge(claim, quotes)
    assert len(chat.requests) == 1


def test_a_failure_is_no_verdict_and_is_not_remembered(judge_of):
    failing, _ = judge_of(ChatUnavailable("nobody is there"))
    assert failing.judge("Nine fell.", QUOTES).verdict is None
    assert failing.cost.failed == 1
    assert judge_of(SUPPORTED)[0].judge("Nine fell.", QUOTES).supports


def test_a_broken_file_of_the_cache_is_asked_again(judge_of, tmp_path):
    judge_of(SUPPORTED)[0].judge("Nine fell.", QUOTES)
    (kept,) = (tmp_path / "judge").rglob("*.json")
    kept.write_text("{", encoding="utf-8")
    judge, chat = judge_of(SUPPORTED)
    assert judge.judge("Nine fell.", QUOTES).supports
    assert len(chat.requests) == 1


def test_a_claim_that_cites_nothing_costs_no_call(judge_of):
    judge, chat = judge_of(SUPPORTED)
    assert judge.judge("Nine fell.", []).verdict == "not_supported"
    assert chat.requests == []


@pytest.mark.parametrize(
    ("reply", "verdict"),
    [
        pytest.param(SUPPORTED, "supported", id="plain"),
        pytest.param(f"```json\n{SUPPORTED}\n```", "supported", id="fenced"),
        pytest.param(f'<think>{{"verdict": "contradicted"}}</think>{SUPPORTED}', "supported", id="after_thinking"),
        pytest.param('{"verdict": "contradicted"}', "contradicted", id="without_a_reason"),
        pytest.param('{"verdict": "Supported, I think"}', None, id="another_word"),
        pytest.param("It is supported.", None, id="no_json"),
        pytest.param("[1, 2]", None, id="another_shape"),
    ],
)
def test_a_verdict_is_read_or_there_is_none(reply, verdict):
    found = read_verdict(reply)
    assert (found.verdict if found is not None else None) == verdict


def test_what_it_costs_is_added_up(judge_of):
    judge, _ = judge_of(ChatReply(SUPPORTED, "judge", Usage(100, 10, 0.5)))
    judge.judge("Nine fell.", QUOTES)
    judge.judge("Ten fell.", QUOTES)
    cost = judge.cost
    assert (cost.calls, cost.prompt_tokens, cost.completion_tokens, cost.cost_usd) == (2, 200, 20, 1.0)


def test_a_run_names_its_judge_and_scores_what_it_said(judge_of, world):
    judge, _ = judge_of(SUPPORTED, ChatUnavailable("nobody is there"))
    cases = [world.case("q-1"), world.case("q-2", question="How many fell, q-2?")]
    other = world.body(("Nine cranes fell at last.", [1]), citations=[(1, "storm", "Nine cranes fell.")])
    system = world.system()
    system._replies["How many fell, q-2?"] = other
    run = run_suite(world.opened(cases, system), Judges(ContainmentJudge(), judge))
    assert run.judge == judge.identity
    assert [r.scores["groundedness_llm"].value for r in run.results] == [1.0, None]
    assert "nobody is there" in run.results[1].scores["groundedness_llm"].reason
    assert run.judge_cost.calls == 2 + len(run.judge_checked)
