"""Streams of an LLM's answer, and clients that leave in the middle."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NoReturn
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi.testclient import TestClient

from eval.llm_replies import at_pace
from eval.llm_server import LlmServer
from service.answering.events import EvidenceFound
from service.errors import IndexUnavailable
from service.wiring import Groundwire

QUESTION = "How many apple trees did the orchard at Velden lose?"
WAIT_SECONDS = 10.0
LEFT_SECONDS = 1.2
"""Less than the LLM's deadline of 1.5 s, so that it is the leaving that ended the call."""


def until(reached: Callable[[], bool]) -> None:
    waited = time.monotonic() + WAIT_SECONDS
    while not reached():
        assert time.monotonic() < waited
        time.sleep(0.01)


def draft(*sentences: tuple[str, list[int]]) -> str:
    return json.dumps({"sentences": [{"text": text, "markers": m} for text, m in sentences], "unanswered": None})


def events(lines: Iterator[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    name = ""
    for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def test_only_what_was_verified_is_streamed(written: TestClient, llm: LlmServer) -> None:
    llm.reply_with(
        draft(
            ("The orchard at Velden lost 212 apple trees.", [1]),
            ("The orchard at Velden lost 999 pear trees.", [1]),
            ("Mayor Ilse Brandt said the town would replant them in autumn.", [1]),
        )
    )
    response = written.post("/v1/ask", json={"question": QUESTION, "stream": True})
    told = list(events(iter(response.text.splitlines())))
    answer = told[-1][1]
    assert [name for name, _ in told] == ["evidence", "sentence", "sentence", "answer"]
    assert [body for name, body in told if name == "sentence"] == answer["sentences"]
    assert "pear trees" not in response.text
    assert answer["dropped_sentences"] == 1
    assert answer["receipt_id"].startswith("rcp_")


def test_the_evidence_is_streamed_before_the_model_has_answered(address: str, llm: LlmServer) -> None:
    llm.reply_with(at_pace("never"))
    body = {"question": QUESTION, "stream": True}
    with httpx.stream("POST", f"{address}/v1/ask", json=body, timeout=WAIT_SECONDS, trust_env=False) as response:
        told = events(response.iter_lines())
        name, evidence = next(told)
        assert (name, evidence["results"][0]["article_id"]) == ("evidence", "orchard")
        assert [name for name, _ in told] == ["sentence", "answer"]


def test_questions_that_wait_for_an_llm_keep_no_other_waiting(address: str, llm: LlmServer) -> None:
    llm.reply_with(at_pace("never"))
    before = len(llm.requests)
    body = {"question": QUESTION}

    def post(**more: object) -> httpx.Response:
        return httpx.post(f"{address}/v1/ask", json=body | more, timeout=WAIT_SECONDS, trust_env=False)

    with ThreadPoolExecutor(12) as pool:
        waiting = [pool.submit(post) for _ in range(12)]
        until(lambda: len(llm.requests) == before + 12)
        assert post(mode="extractive").json()["generator"] == "extractive"
        assert not any(each.done() for each in waiting)
        assert {each.result().json()["degraded"] for each in waiting} == {True}


@pytest.mark.parametrize("route", ["/v1/ask", "/v1/chat/completions"])
@pytest.mark.parametrize("stream", [False, True])
def test_a_client_that_leaves_ends_the_models_call(address: str, llm: LlmServer, route: str, stream: bool) -> None:
    llm.reply_with(at_pace("never"))
    before = len(llm.requests)
    question: dict[str, Any] = {"question": QUESTION}
    if route != "/v1/ask":
        question = {"model": "groundwire", "messages": [{"role": "user", "content": QUESTION}]}
    body = json.dumps(question | {"stream": stream}).encode()
    host, port = urlsplit(address).hostname, urlsplit(address).port
    with socket.create_connection((host, port)) as connection:
        head = f"POST {route} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
        connection.sendall(head.encode() + b"\r\n\r\n" + body)
        until(lambda: len(llm.requests) == before + 1)
    assert llm.was_abandoned(within_seconds=LEFT_SECONDS)


class BreaksOff(Groundwire):
    """A facade that finds evidence and then fails as it is told."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def answer(self, question: object, mode: str = "auto", on_event: Any = None) -> NoReturn:
        on_event(EvidenceFound(()))
        raise self._error


@pytest.mark.parametrize(
    ("error", "code"),
    [
        pytest.param(IndexUnavailable("at /srv/secret: refused"), "index-unavailable", id="known"),
        pytest.param(RuntimeError("the question was secret"), "internal", id="unexpected"),
    ],
)
def test_a_failure_in_the_middle_is_the_last_event_without_internals(
    client_for: Callable[[Groundwire], TestClient], caplog: pytest.LogCaptureFixture, error: Exception, code: str
) -> None:
    with client_for(BreaksOff(error)) as client:
        response = client.post("/v1/ask", json={"question": QUESTION, "stream": True})
        asked = {"model": "groundwire", "messages": [{"role": "user", "content": QUESTION}], "stream": True}
        completion = client.post("/v1/chat/completions", json=asked)
    names, bodies = zip(*events(iter(response.text.splitlines())), strict=True)
    assert names == ("evidence", "error")
    assert bodies[-1]["type"] == f"urn:groundwire:problem:{code}"
    assert "[DONE]" not in completion.text
    assert json.loads(completion.text.strip().removeprefix("data: "))["error"]["type"].endswith(code)
    assert "secret" not in response.text + completion.text
    assert "the question was secret" not in caplog.text
