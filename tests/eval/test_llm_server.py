from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import httpx
import pytest

from eval.llm_replies import FAULTS, Reply, at_pace, error, huge
from eval.llm_server import LlmServer
from service.models.prompts import load_prompt

ASKED = {"model": "any", "messages": [{"role": "user", "content": "How many?"}]}
WAIT_SECONDS = 20.0


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=WAIT_SECONDS, trust_env=False) as client:
        yield client


def chat_url(server: LlmServer) -> str:
    return f"{server.base_url}/chat/completions"


def connected_to(server: LlmServer) -> socket.socket:
    url = httpx.URL(server.base_url)
    return socket.create_connection((url.host, url.port or 0))


def test_replies_come_in_the_order_scripted_and_the_last_stays(llm_server: LlmServer, client: httpx.Client) -> None:
    llm_server.reply_with("first", Reply("second", finish_reason="length"))
    replies = [client.post(chat_url(llm_server), json=ASKED).json() for _ in range(3)]
    assert [reply["choices"][0]["message"]["content"] for reply in replies] == ["first", "second", "second"]
    assert [reply["choices"][0]["finish_reason"] for reply in replies] == ["stop", "length", "length"]
    assert [each.prompt for each in llm_server.requests] == ["How many?"] * 3


def test_a_function_makes_the_reply_of_the_request(llm_server: LlmServer, client: httpx.Client) -> None:
    llm_server.reply_with(lambda request: request["messages"][0]["content"].upper())
    reply = client.post(chat_url(llm_server), json=ASKED).json()
    assert reply["choices"][0]["message"]["content"] == "HOW MANY?"


def test_what_a_script_raises_comes_out_when_the_server_is_closed(client: httpx.Client) -> None:
    def broken(request: dict[str, object]) -> str:
        raise LookupError(request["model"])

    server = LlmServer(broken)
    assert client.post(chat_url(server), json=ASKED).status_code == 500
    with pytest.raises(LookupError, match="any"):
        server.close()


def test_a_stream_carries_the_same_text_and_ends_with_done(llm_server: LlmServer, client: httpx.Client) -> None:
    llm_server.reply_with(Reply('two  words, "quoted"\n', completion_tokens=7))
    lines = client.post(chat_url(llm_server), json=ASKED | {"stream": True}).text.split("\n\n")
    assert lines[-2:] == ["data: [DONE]", ""]
    events = [json.loads(line.removeprefix("data: ")) for line in lines[:-2]]
    words = [choice["delta"].get("content", "") for event in events for choice in event["choices"]]
    assert "".join(words) == 'two  words, "quoted"\n'
    assert events[-1]["usage"]["completion_tokens"] == 7


@pytest.mark.parametrize("stream", [False, True])
def test_a_cut_reply_ends_before_its_end(llm_server: LlmServer, client: httpx.Client, stream: bool) -> None:
    llm_server.reply_with(at_pace("cut"))
    with pytest.raises(httpx.RemoteProtocolError):
        client.post(chat_url(llm_server), json=ASKED | {"stream": stream})


@pytest.mark.parametrize("pace", ["never", "drip"])
def test_who_leaves_a_reply_that_does_not_end_is_noticed(
    llm_server: LlmServer, client: httpx.Client, pace: str
) -> None:
    llm_server.reply_with(at_pace("never" if pace == "never" else "drip"))
    with pytest.raises(httpx.ReadTimeout), client.stream("POST", chat_url(llm_server), json=ASKED, timeout=0.3) as it:
        it.read()
    assert llm_server.was_abandoned(WAIT_SECONDS)


def test_a_huge_reply_is_as_long_as_it_says(llm_server: LlmServer, client: httpx.Client) -> None:
    llm_server.reply_with(huge(1_000_000))
    assert len(client.post(chat_url(llm_server), json=ASKED).json()["choices"][0]["message"]["content"]) == 1_000_000


def test_nobody_listens_at_the_refused_address(llm_server: LlmServer, client: httpx.Client) -> None:
    with pytest.raises(httpx.ConnectError):
        client.get(f"{llm_server.refused_url}/models")


def test_it_lists_its_model(llm_server: LlmServer, client: httpx.Client) -> None:
    listed = client.get(f"{llm_server.base_url}/models").json()
    assert [model["id"] for model in listed["data"]] == [llm_server.model]
    assert llm_server.requests == []


def test_closing_ends_its_threads_and_its_connections_even_with_a_reply_under_way(client: httpx.Client) -> None:
    before = threading.active_count()
    with LlmServer(at_pace("never")) as server, connected_to(server) as left:
        body = json.dumps(ASKED).encode()
        left.sendall(b"POST /v1/chat/completions HTTP/1.1\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
        until = time.monotonic() + WAIT_SECONDS
        while not server.requests and time.monotonic() < until:
            time.sleep(0.01)
        server.close()
        left.settimeout(WAIT_SECONDS)
        assert left.recv(1) == b""
        assert not server.was_abandoned(0)
    assert threading.active_count() == before


@pytest.mark.parametrize("name", [name for name, reply in FAULTS.items() if reply.status != 200])
def test_a_fault_with_a_status_has_that_status(llm_server: LlmServer, client: httpx.Client, name: str) -> None:
    llm_server.reply_with(FAULTS[name])
    assert client.post(chat_url(llm_server), json=ASKED).status_code == FAULTS[name].status


def test_what_is_no_chat_request_is_refused(llm_server: LlmServer, client: httpx.Client) -> None:
    assert client.post(chat_url(llm_server), content=b"{").status_code == 400
    assert client.post(f"{llm_server.base_url}/embeddings", json={}).status_code == 404
    assert llm_server.requests == []


def test_an_error_reads_as_a_service_writes_it() -> None:
    body = json.loads(error(404, "No such model.", code="model_not_found").body or b"")
    assert body["error"]["message"] == "No such model."
    assert body["error"]["code"] == "model_not_found"


def test_without_a_script_it_quotes_the_evidence_it_is_shown(llm_server: LlmServer, client: httpx.Client) -> None:
    evidence = (
        "<evidence-a1 number=1>\ntitle: ^A^bridge\n^The^bridge^is^closed.^It^rained.\n</evidence-a1>\n\n"
        "<evidence-a1 number=4>\n^It^opens^on^3^May.\n</evidence-a1>"
    )
    prompt = load_prompt("answer").messages(
        evidence=evidence, boundary="a1", mark="^", question="When?", max_sentences=3, as_of="2026-01-02"
    )
    messages = [{"role": message.role, "content": message.content} for message in prompt]
    reply = client.post(chat_url(llm_server), json={"model": "any", "messages": messages}).json()
    assert json.loads(reply["choices"][0]["message"]["content"]) == {
        "sentences": [
            {"text": "The bridge is closed.", "markers": [1]},
            {"text": "It opens on 3 May.", "markers": [4]},
        ],
        "unanswered": None,
    }


def test_by_hand_it_prints_what_to_set_and_runs_until_it_is_told_to_end() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "eval.llm_server", "--reply", "By hand."], stdout=subprocess.PIPE, text=True
    )
    with process:
        try:
            assert process.stdout is not None
            words = process.stdout.readline().split()
            settings = dict(word.split("=", 1) for word in words)
            url = f"{settings['GROUNDWIRE_LLM_BASE_URL']}/chat/completions"
            reply = httpx.post(url, json=ASKED, timeout=WAIT_SECONDS, trust_env=False).json()
            assert reply["choices"][0]["message"]["content"] == "By hand."
        finally:
            process.terminate()
