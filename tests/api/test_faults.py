"""Whatever the LLM does, the reader gets a cited answer within the deadline, and it says that it is degraded."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from eval.llm_replies import FAULTS, Reply, fenced, length, thinking
from eval.llm_server import LlmServer
from service.wiring import Groundwire

QUESTION = "How many apple trees did the orchard at Velden lose?"
LLM_SECONDS = 1.5
"""As in conftest.py."""
SENTENCE = "In a storm the orchard at Velden lost 212 apple trees."
GOOD = json.dumps({"sentences": [{"text": SENTENCE, "markers": [1]}], "unanswered": None})
NO_FAULTS = {"think", "code fences"}
"""These wrap a good reply; see below."""


def exact(client: TestClient, answer: dict[str, Any]) -> bool:
    def stands(citation: dict[str, Any]) -> bool:
        where = f"/v1/articles/{citation['article_id']}"
        article = client.get(where, params={"revision": citation["revision"]}).json()
        return bool(article["text"][citation["start"] : citation["end"]] == citation["quote"])

    return all(map(stands, answer["citations"]))


@pytest.mark.parametrize(
    ("fault", "mode"),
    [*((fault, "auto") for fault in sorted(FAULTS.keys() - NO_FAULTS)), ("500", "llm"), ("empty choices", "llm")],
)
def test_every_fault_is_a_cited_answer_in_time_that_says_it_is_degraded(
    written: TestClient, llm: LlmServer, fault: str, mode: str
) -> None:
    llm.reply_with(FAULTS[fault])
    started = time.monotonic()
    response = written.post("/v1/ask", json={"question": QUESTION, "mode": mode})
    assert time.monotonic() - started < LLM_SECONDS + 1
    assert response.status_code == 200
    answer = response.json()
    assert (answer["status"], answer["degraded"], answer["generator"]) == ("answered", True, "extractive")
    assert answer["degraded_reason"]
    assert "key-of-the-llm" not in response.text
    assert "212" in answer["answer"]
    assert answer["citations"]
    assert exact(written, answer)


def test_a_refused_connection_too(
    tmp_path: Path, llm: LlmServer, client_for: Callable[[Groundwire], TestClient], open_with: Callable[..., Groundwire]
) -> None:
    chosen = {"llm_model": "m", "llm_base_url": llm.refused_url, "llm_timeout_seconds": LLM_SECONDS}
    client = client_for(open_with(tmp_path, **chosen))
    started = time.monotonic()
    answer = client.post("/v1/ask", json={"question": QUESTION}).json()
    assert time.monotonic() - started < LLM_SECONDS + 1
    assert (answer["status"], answer["degraded"]) == ("answered", True)
    assert exact(client, answer)
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["parts"][-1]["state"]) == (200, "degraded")


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Reply(GOOD), id="as asked"),
        pytest.param(thinking(GOOD), id="with its thoughts"),
        pytest.param(fenced(GOOD), id="in a code fence"),
        pytest.param(Reply(f"{SENTENCE} [1]"), id="plain text"),
        pytest.param(length(Reply(GOOD[:-4])), id="cut after its last sentence"),
    ],
)
def test_a_reply_in_any_wrapping_is_the_answer_when_it_holds(written: TestClient, llm: LlmServer, reply: Reply) -> None:
    llm.reply_with(reply)
    answer = written.post("/v1/ask", json={"question": QUESTION}).json()
    assert (answer["degraded"], answer["generator"]) == (False, llm.model)
    assert answer["answer"] == f"{SENTENCE} [1]"
    assert exact(written, answer)


def test_what_the_model_took_is_counted_and_priced(written: TestClient, llm: LlmServer) -> None:
    llm.reply_with(Reply(GOOD, prompt_tokens=1000, completion_tokens=100))
    usage = written.post("/v1/ask", json={"question": QUESTION}).json()["usage"]
    assert usage == {"prompt_tokens": 1000, "completion_tokens": 100, "cost_usd": pytest.approx(0.002)}


def test_mode_extractive_asks_no_model(written: TestClient, llm: LlmServer) -> None:
    llm.reply_with(GOOD)
    before = len(llm.requests)
    answer = written.post("/v1/ask", json={"question": QUESTION, "mode": "extractive"}).json()
    assert (answer["generator"], answer["degraded"], len(llm.requests)) == ("extractive", False, before)


def test_readiness_says_where_text_goes_and_never_the_key(written: TestClient, llm: LlmServer) -> None:
    llm.reply_with("OK")
    part = written.get("/readyz").json()["parts"][-1]
    assert (part["name"], part["state"]) == ("llm", "ok")
    assert llm.base_url.split("/")[2] in part["detail"]
    assert "key-of-the-llm" not in part["detail"]
    assert all("orchard" not in str(request.body) for request in llm.requests[-1:])
