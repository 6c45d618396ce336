"""What is sent to an OpenAI-compatible service, and how its replies are read."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from typing import Any

import pytest

from eval.llm_replies import Reply, Script, error, raw
from eval.llm_server import LlmServer
from service.errors import ChatUnavailable
from service.models.chat import ChatMessage, ChatReply, ChatRequest, Deadline, Usage
from service.models.openai_chat import OpenAiChatModel

SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": False}
ASKED = ChatRequest([ChatMessage("system", "Be brief."), ChatMessage("user", "How many?")], max_tokens=50)
WITH_SCHEMA = ChatRequest(ASKED.messages, max_tokens=50, schema=SCHEMA, temperature=0.5)


def ask(model: OpenAiChatModel, request: ChatRequest = ASKED) -> ChatReply:
    return asyncio.run(model.complete(request, Deadline.in_seconds(30.0)))


def completion(**message: Any) -> Reply:
    return raw(json.dumps({"choices": [{"message": message, "finish_reason": "stop"}]}))


def test_what_is_asked_is_sent(llm_server: LlmServer) -> None:
    ask(OpenAiChatModel("a-model", llm_server.base_url, "sk-key"), WITH_SCHEMA)
    received = llm_server.requests[0]
    assert received.path == "/v1/chat/completions"
    assert received.headers["authorization"] == "Bearer sk-key"
    assert received.body == {
        "model": "a-model",
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "How many?"}],
        "max_tokens": 50,
        "temperature": 0.5,
        "response_format": {"type": "json_schema", "json_schema": {"name": "reply", "strict": True, "schema": SCHEMA}},
    }


def test_without_a_schema_none_is_asked_for_and_without_a_key_one_is_made_up(llm_server: LlmServer) -> None:
    ask(OpenAiChatModel("a-model", llm_server.base_url))
    assert "response_format" not in llm_server.requests[0].body
    assert llm_server.requests[0].headers["authorization"] == "Bearer no-key"


@pytest.mark.parametrize("cut", ["/v1", "/"])
def test_an_address_without_a_path_gets_the_usual_one(llm_server: LlmServer, cut: str) -> None:
    ask(OpenAiChatModel("a-model", llm_server.base_url.removesuffix("/v1") + cut.replace("/v1", "")))
    assert llm_server.requests[0].path == "/v1/chat/completions"


def test_nothing_of_the_environment_or_the_machine_is_sent(
    llm_server: LlmServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "OPENAI_API_KEY": "sk-other",
        "OPENAI_ORG_ID": "org-secret",
        "OPENAI_PROJECT_ID": "proj-secret",
        "OPENAI_BASE_URL": llm_server.refused_url,
        "OPENAI_CUSTOM_HEADERS": "Authorization: Bearer sk-custom\nX-Custom: custom-secret",
        "HTTP_PROXY": llm_server.refused_url,
        "ALL_PROXY": llm_server.refused_url,
    }.items():
        monkeypatch.setenv(name, value)
    ask(OpenAiChatModel("a-model", llm_server.base_url, "sk-key"))
    headers = llm_server.requests[0].headers
    assert headers["authorization"] == "Bearer sk-key"
    assert set(headers) == {
        "host",
        "accept",
        "accept-encoding",
        "authorization",
        "connection",
        "content-length",
        "content-type",
        "user-agent",
        "x-stainless-raw-response",
    }


def refusing(*parameters: str, status: int = 400) -> Script:
    """A service that knows none of these parameters, and says so one at a time."""

    def reply(request: dict[str, Any]) -> Reply | str:
        for parameter in parameters:
            if parameter in request:
                return error(status, f"Unsupported parameter: '{parameter}' is not supported with this model.")
        return "Twelve."

    return reply


@pytest.mark.parametrize("status", [400, 422])
@pytest.mark.parametrize("refused", [("response_format",), ("temperature",), ("temperature", "response_format")])
def test_a_parameter_that_is_refused_is_left_out_and_stays_out(
    llm_server: LlmServer, refused: tuple[str, ...], status: int
) -> None:
    llm_server.reply_with(refusing(*refused, status=status))
    model = OpenAiChatModel("a-model", llm_server.base_url)
    assert [ask(model, WITH_SCHEMA).text for _ in range(2)] == ["Twelve.", "Twelve."]
    bodies = [received.body for received in llm_server.requests]
    assert len(bodies) == len(refused) + 2
    for body in bodies[-2:]:
        assert {"response_format", "temperature", "max_tokens"} - set(body) == set(refused)


def test_a_limit_by_another_name_is_found(llm_server: LlmServer) -> None:
    def reply(request: dict[str, Any]) -> Reply | str:
        if "max_tokens" in request:
            return error(400, "'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.")
        return "Twelve."

    llm_server.reply_with(reply)
    ask(OpenAiChatModel("a-model", llm_server.base_url))
    assert llm_server.requests[-1].body["max_completion_tokens"] == 50


def test_a_refusal_without_a_reason_is_put_down_to_the_schema(llm_server: LlmServer) -> None:
    llm_server.reply_with(lambda request: error(400, "Bad Request") if "response_format" in request else "Twelve.")
    assert ask(OpenAiChatModel("a-model", llm_server.base_url), WITH_SCHEMA).text == "Twelve."


def test_a_grammar_that_cannot_be_made_is_done_without(llm_server: LlmServer) -> None:
    llm_server.reply_with(
        lambda request: error(500, "failed to parse grammar") if "response_format" in request else "Twelve."
    )
    assert ask(OpenAiChatModel("a-model", llm_server.base_url), WITH_SCHEMA).text == "Twelve."
    assert len(llm_server.requests) == 2


def test_a_request_that_is_too_long_is_not_asked_otherwise(llm_server: LlmServer) -> None:
    message = "This model's maximum context length is 4096 tokens, you requested 5000."
    llm_server.reply_with(error(400, message, code="context_length_exceeded"))
    with pytest.raises(ChatUnavailable, match="maximum context length is 4096"):
        ask(OpenAiChatModel("a-model", llm_server.base_url), WITH_SCHEMA)
    assert len(llm_server.requests) == 1


def test_a_service_that_refuses_everything_is_given_up(llm_server: LlmServer) -> None:
    llm_server.reply_with(error(400, "temperature, max_tokens, max_completion_tokens and response_format are wrong"))
    with pytest.raises(ChatUnavailable, match="refuses the request"):
        ask(OpenAiChatModel("a-model", llm_server.base_url), WITH_SCHEMA)
    assert len(llm_server.requests) <= 5


def test_tokens_are_counted_and_cost_what_the_prices_say(llm_server: LlmServer) -> None:
    llm_server.reply_with(Reply("Twelve.", prompt_tokens=2_000_000, completion_tokens=500_000))
    model = OpenAiChatModel(
        "a-model",
        llm_server.base_url,
        usd_per_million_prompt_tokens=0.25,
        usd_per_million_completion_tokens=2.0,
    )
    assert ask(model).usage == Usage(2_000_000, 500_000, 1.5)


def test_half_a_price_is_none(llm_server: LlmServer) -> None:
    model = OpenAiChatModel("a-model", llm_server.base_url, usd_per_million_prompt_tokens=0.25)
    assert ask(model).usage.cost_usd is None


@pytest.mark.parametrize(
    "usage",
    [None, [], {}, {"prompt_tokens": -1, "completion_tokens": "9"}, {"prompt_tokens": 1e400}, {"prompt_tokens": True}],
)
def test_tokens_that_are_no_count_are_zero(llm_server: LlmServer, usage: object) -> None:
    llm_server.reply_with(raw(json.dumps({"choices": [{"message": {"content": "Twelve."}}], "usage": usage})))
    assert ask(OpenAiChatModel("a-model", llm_server.base_url)).usage == Usage(0, 0)


@pytest.mark.parametrize(
    ("reason", "complete"),
    [("stop", True), (None, True), ("length", False), ("content_filter", False), ("tool_calls", False), ([], False)],
)
def test_complete_is_what_ended_by_itself(llm_server: LlmServer, reason: object, complete: bool) -> None:
    llm_server.reply_with(raw(json.dumps({"choices": [{"message": {"content": "Twelve."}, "finish_reason": reason}]})))
    assert ask(OpenAiChatModel("a-model", llm_server.base_url)).complete is complete


def test_text_may_come_in_parts(llm_server: LlmServer) -> None:
    parts = [{"type": "text", "text": "Twel"}, {"type": "image_url"}, {"type": "text", "text": "ve."}, 7]
    llm_server.reply_with(completion(content=parts))
    assert ask(OpenAiChatModel("a-model", llm_server.base_url)).text == "Twelve."


def test_half_a_character_is_replaced_so_that_the_text_can_be_stored(llm_server: LlmServer) -> None:
    llm_server.reply_with(raw('{"choices": [{"message": {"content": "a\\ud83d b \\ud83d\\ude80"}}]}'))
    assert ask(OpenAiChatModel("a-model", llm_server.base_url)).text == "a\ufffd b 🚀"


def test_spaces_sent_to_keep_a_connection_alive_are_no_fault(llm_server: LlmServer) -> None:
    llm_server.reply_with(raw('\n\n  \n{"choices": [{"message": {"content": "Twelve."}}]}'))
    assert ask(OpenAiChatModel("a-model", llm_server.base_url)).text == "Twelve."


@pytest.mark.parametrize("name", [None, 7, "", "x" * 5000, "a\nb"])
def test_the_models_own_name_is_one_short_line(llm_server: LlmServer, name: object) -> None:
    llm_server.reply_with(raw(json.dumps({"model": name, "choices": [{"message": {"content": "Twelve."}}]})))
    model = ask(OpenAiChatModel("a-model", llm_server.base_url)).model
    assert model in ("a-model", "x" * 120, "a b")


def test_reasoning_is_not_the_answer(llm_server: LlmServer) -> None:
    llm_server.reply_with(Reply("Twelve.", reasoning="It says 12 in [1]."))
    assert ask(OpenAiChatModel("a-model", llm_server.base_url)).text == "Twelve."


@pytest.mark.parametrize(
    ("message", "said"),
    [({"content": None, "refusal": "I cannot."}, "declined"), ({"content": "", "reasoning": "Hm."}, "reasons less")],
)
def test_an_empty_reply_says_why(llm_server: LlmServer, message: dict[str, Any], said: str) -> None:
    llm_server.reply_with(completion(**message))
    with pytest.raises(ChatUnavailable, match=said):
        ask(OpenAiChatModel("a-model", llm_server.base_url))


@pytest.mark.parametrize(
    ("url", "host", "local"),
    [
        (None, "api.openai.com", False),
        ("http://localhost:11434/v1", "localhost:11434", True),
        ("http://127.9.9.9/v1", "127.9.9.9", True),
        ("http://[::1]:8000/v1", "[::1]:8000", True),
        ("http://192.168.1.5:8000", "192.168.1.5:8000", False),
        ("https://user:secret@example.org/v1", "example.org", False),
    ],
)
def test_it_says_where_text_goes(url: str | None, host: str, local: bool) -> None:
    model = OpenAiChatModel("a-model", url)
    assert (model.host, model.is_local) == (host, local)


def test_the_client_is_not_imported_before_it_is_needed() -> None:
    script = (
        "import sys; from service.models.openai_chat import OpenAiChatModel; OpenAiChatModel('m', None, 'k');"
        "sys.exit(bool({'openai', 'httpx2'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", script]).returncode == 0
