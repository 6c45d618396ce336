"""Whatever the service does, a call ends in time: with a usable reply, or with ChatUnavailable in one plain line."""

from __future__ import annotations

import asyncio
import time

import pytest

from eval.llm_replies import FAULTS, Reply, at_pace, error, rate_limited, raw
from eval.llm_server import LlmServer
from service.errors import ChatUnavailable, SettingsError
from service.models.chat import ChatMessage, ChatReply, ChatRequest, Deadline
from service.models.openai_chat import OpenAiChatModel

KEY = "sk-test-0123456789abcdef"
ASKED = ChatRequest([ChatMessage("system", "Be brief."), ChatMessage("user", "How many?")], max_tokens=50)
SECONDS = 1.5
USABLE = {"length", "broken JSON", "think", "only think, never closed", "code fences"}
"""Replies with text: what it is worth is for the reader of the text to find out."""
RETRIED = {
    "cut in the middle",
    "429 without Retry-After",
    "429 with Retry-After in a second",
    "500",
    "503 in HTML",
}


@pytest.fixture(autouse=True, scope="module")
def warm() -> None:
    OpenAiChatModel("any").warm()  # the deadlines here are for calls, not for an import on a busy machine


def model_at(base_url: str) -> OpenAiChatModel:
    return OpenAiChatModel("scripted", base_url, KEY)


def outcome_of(model: OpenAiChatModel, seconds: float = SECONDS, request: ChatRequest = ASKED) -> ChatReply | str:
    """The reply, or the message of ChatUnavailable; fails when it takes a second more than it may."""
    begin = time.monotonic()
    try:
        return asyncio.run(model.complete(request, Deadline.in_seconds(seconds)))
    except ChatUnavailable as unavailable:
        return str(unavailable)
    finally:
        assert time.monotonic() - begin < seconds + 1.0


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_ends_in_time_with_a_reply_or_a_plain_line(llm_server: LlmServer, name: str) -> None:
    llm_server.reply_with(FAULTS[name])
    outcome = outcome_of(model_at(llm_server.base_url))
    if name in USABLE:
        assert isinstance(outcome, ChatReply)
        assert outcome.text.strip()
        return
    assert isinstance(outcome, str)
    assert outcome.startswith(f"the LLM at {llm_server.base_url.split('/')[2]} ")
    assert "\n" not in outcome
    assert KEY not in outcome


@pytest.mark.parametrize("name", [name for name in FAULTS if name not in USABLE])
def test_only_what_may_pass_is_tried_again_and_at_most_twice(llm_server: LlmServer, name: str) -> None:
    llm_server.reply_with(FAULTS[name])
    outcome_of(model_at(llm_server.base_url), 4.0 if name in RETRIED else 0.5)
    assert len(llm_server.requests) == (3 if name in RETRIED else 1)


@pytest.mark.parametrize("name", RETRIED)
def test_a_fault_that_passes_costs_nothing_but_time(llm_server: LlmServer, name: str) -> None:
    llm_server.reply_with(FAULTS[name], "Twelve.")
    outcome = outcome_of(model_at(llm_server.base_url), 4.0)
    assert isinstance(outcome, ChatReply)
    assert outcome.text == "Twelve."


def test_a_refused_connection_is_tried_again_and_says_what_to_check(llm_server: LlmServer) -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    outcome = outcome_of(OpenAiChatModel("scripted", llm_server.refused_url, KEY, sleep=sleep))
    assert outcome == (
        f"the LLM at {llm_server.refused_url.split('/')[2]} cannot be reached; check that it runs and that "
        "GROUNDWIRE_LLM_BASE_URL is its address"
    )
    assert len(pauses) == 2
    assert pauses == sorted(pauses)


def test_a_wait_that_does_not_fit_the_deadline_is_not_begun(llm_server: LlmServer) -> None:
    llm_server.reply_with(rate_limited("30"), "Twelve.")
    begin = time.monotonic()
    outcome = outcome_of(model_at(llm_server.base_url), 20.0)
    assert time.monotonic() - begin < 10.0
    assert isinstance(outcome, str)
    assert "wait 30 s" in outcome
    assert len(llm_server.requests) == 1


@pytest.mark.parametrize("header", ["2", "2.5", "Wed, 21 Oct 2015 07:28:00 GMT", "soon", "-5", "1e999", ""])
def test_retry_after_is_read_in_all_its_shapes(llm_server: LlmServer, header: str) -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    llm_server.reply_with(rate_limited(header), "Twelve.")
    outcome = outcome_of(OpenAiChatModel("scripted", llm_server.base_url, KEY, sleep=sleep), 5.0)
    if header == "1e999":
        assert isinstance(outcome, str)
    else:
        assert isinstance(outcome, ChatReply)
        assert pauses == [{"2": 2.0, "2.5": 2.5}.get(header, 0.25)]


def test_a_quota_that_is_used_up_is_not_tried_again(llm_server: LlmServer) -> None:
    llm_server.reply_with(error(429, "You exceeded your current quota.", code="insufficient_quota"))
    outcome = outcome_of(model_at(llm_server.base_url), 4.0)
    assert isinstance(outcome, str)
    assert "quota" in outcome
    assert len(llm_server.requests) == 1


@pytest.mark.parametrize("pace", ["never", "drip"])
def test_cancelling_a_call_closes_its_connection(llm_server: LlmServer, pace: str) -> None:
    llm_server.reply_with(at_pace("never" if pace == "never" else "drip"))

    async def cancelled() -> None:
        task = asyncio.create_task(model_at(llm_server.base_url).complete(ASKED, Deadline.in_seconds(60)))
        while not llm_server.requests:
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(llm_server.was_abandoned, 10.0)

    asyncio.run(cancelled())


def test_a_deadline_that_passes_closes_the_connection(llm_server: LlmServer) -> None:
    llm_server.reply_with(at_pace("never"))
    outcome_of(model_at(llm_server.base_url), 0.3)
    assert llm_server.was_abandoned(10.0)


def test_no_time_left_asks_nothing(llm_server: LlmServer) -> None:
    outcome = outcome_of(model_at(llm_server.base_url), 0.0)
    assert isinstance(outcome, str)
    assert llm_server.requests == []


def test_a_body_without_end_is_not_read_to_its_end(llm_server: LlmServer) -> None:
    llm_server.reply_with(Reply("", padding=10**12))
    outcome = outcome_of(model_at(llm_server.base_url), 20.0)
    assert isinstance(outcome, str)
    assert "KiB" in outcome


def test_an_error_without_end_is_not_read_to_its_end(llm_server: LlmServer) -> None:
    llm_server.reply_with(Reply("", padding=10**12, status=500))
    outcome = outcome_of(model_at(llm_server.base_url), 20.0)
    assert isinstance(outcome, str)
    assert len(llm_server.requests) == 1


@pytest.mark.parametrize(
    "message", [f"Bad header Bearer {KEY} in", f"unknown key {KEY}", "see sk-other-98765432 there"]
)
def test_what_the_service_says_is_quoted_without_keys(llm_server: LlmServer, message: str) -> None:
    llm_server.reply_with(error(400, message))
    outcome = outcome_of(model_at(llm_server.base_url))
    assert isinstance(outcome, str)
    assert "[key]" in outcome
    assert "sk-" not in outcome


def test_a_long_message_of_many_lines_is_quoted_as_one_short_line(llm_server: LlmServer) -> None:
    llm_server.reply_with(error(400, "no\n" * 5000))
    outcome = outcome_of(model_at(llm_server.base_url))
    assert isinstance(outcome, str)
    assert "\n" not in outcome
    assert len(outcome) < 400


@pytest.mark.parametrize("key", ["sk-\nX-Evil: 1", "ключ", "two words", "sk-\x00"])
def test_a_key_that_cannot_be_sent_is_not_shown_either(llm_server: LlmServer, key: str) -> None:
    outcome = outcome_of(OpenAiChatModel("scripted", llm_server.base_url, key))
    assert isinstance(outcome, str)
    assert key not in outcome
    assert "GROUNDWIRE_LLM_API_KEY" in outcome
    assert llm_server.requests == []


@pytest.mark.parametrize("url", ["http://", "http://exa mple/v1", "ftp://127.0.0.1/v1", "nowhere", "http://\ud800/"])
def test_an_address_that_is_none_is_no_crash(url: str) -> None:
    outcome = outcome_of(OpenAiChatModel("scripted", url, KEY))
    assert isinstance(outcome, str)
    assert "GROUNDWIRE_LLM_BASE_URL" in outcome


@pytest.mark.parametrize("url", ["http://[::1", "http://127.0.0.1:port/v1"])
def test_an_address_that_cannot_be_read_is_refused_at_once(url: str) -> None:
    with pytest.raises(SettingsError, match="GROUNDWIRE_LLM_BASE_URL"):
        OpenAiChatModel("scripted", url, KEY)


def test_text_is_not_sent_on_to_where_a_redirect_points(llm_server: LlmServer) -> None:
    with LlmServer("stolen") as elsewhere:
        target = f"{elsewhere.base_url}/chat/completions"
        llm_server.reply_with(Reply(status=307, body=b"", headers={"Location": target}))
        outcome = outcome_of(model_at(llm_server.base_url))
        assert elsewhere.requests == []
    assert isinstance(outcome, str)
    assert "redirects" in outcome


@pytest.mark.parametrize(
    "body",
    ["[" * 200_000, '{"choices": [[]]}', '{"choices": [{"message": []}]}', '{"choices": {"0": 1}}', "null", "1e999999"],
    ids=["deep", "list", "message list", "choices object", "null", "number"],
)
def test_json_of_any_other_shape_is_no_crash(llm_server: LlmServer, body: str) -> None:
    llm_server.reply_with(raw(body))
    assert isinstance(outcome_of(model_at(llm_server.base_url)), str)
