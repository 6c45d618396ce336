"""What every adapter of the port `ChatModel` does: one suite, run against each."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence

import pytest

from eval.llm_replies import Reply, at_pace
from eval.llm_server import LlmServer
from service.errors import ChatUnavailable
from service.models.chat import ChatMessage, ChatModel, ChatReply, ChatRequest, Deadline
from service.models.openai_chat import OpenAiChatModel
from service.models.scripted_chat import ScriptedChatModel

Make = Callable[[Sequence[str]], ChatModel]
"""A model that says these texts in turn, and never ends when there are none."""


def scripted(server: LlmServer) -> Make:
    return lambda texts: ScriptedChatModel(*texts) if texts else ScriptedChatModel("late", delay_seconds=600.0)


def over_http(server: LlmServer) -> Make:
    def make(texts: Sequence[str]) -> ChatModel:
        server.reply_with(*[Reply(text) for text in texts] or [at_pace("never")])
        model = OpenAiChatModel("scripted", server.base_url)
        model.warm()
        return model

    return make


@pytest.fixture(params=[scripted, over_http])
def make(request: pytest.FixtureRequest, llm_server: LlmServer) -> Make:
    made: Make = request.param(llm_server)
    return made


def asked(text: str = "How many?", **more: object) -> ChatRequest:
    return ChatRequest([ChatMessage("system", "Be brief."), ChatMessage("user", text)], max_tokens=50, **more)  # type: ignore[arg-type]


def soon() -> Deadline:
    return Deadline.in_seconds(30.0)


def test_a_reply_has_text_the_models_name_and_counted_tokens(make: Make) -> None:
    model = make(["Twelve."])
    reply = asyncio.run(model.complete(asked(), soon()))
    assert (reply.text, reply.model, reply.complete) == ("Twelve.", model.name, True)
    assert reply.usage.prompt_tokens > 0
    assert reply.usage.completion_tokens > 0


def test_one_model_serves_several_event_loops_in_turn(make: Make) -> None:
    model = make(["One.", "Two.", "Three."])
    texts = [asyncio.run(model.complete(asked(), soon())).text for _ in range(3)]
    assert texts == ["One.", "Two.", "Three."]


def test_one_model_serves_several_tasks_at_once(make: Make) -> None:
    model = make(["One.", "Two.", "Three.", "Four."])

    async def together() -> list[ChatReply]:
        return await asyncio.gather(*(model.complete(asked(), soon()) for _ in range(4)))

    assert sorted(reply.text for reply in asyncio.run(together())) == ["Four.", "One.", "Three.", "Two."]


def test_a_schema_may_be_asked_for(make: Make) -> None:
    schema = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
    assert asyncio.run(make(["{}"]).complete(asked(schema=schema), soon())).text == "{}"


@pytest.mark.parametrize("text", ["", " \n\t "])
def test_a_reply_without_text_is_none(make: Make, text: str) -> None:
    with pytest.raises(ChatUnavailable, match="empty"):
        asyncio.run(make([text]).complete(asked(), soon()))


@pytest.mark.parametrize(
    "text", ['"quoted"\n{"a": [1]}', "Kyiv’s 14 – “Іскандер” 🚀 \u200b", "a\x00b", "[1] $x {y} %s \\n"]
)
def test_text_comes_back_as_it_was_written(make: Make, text: str) -> None:
    assert asyncio.run(make([text]).complete(asked(text), soon())).text == text


@pytest.mark.parametrize("seconds", [0.0, 0.2])
def test_the_deadline_ends_a_call_that_would_not_end(make: Make, seconds: float) -> None:
    begin = time.monotonic()
    with pytest.raises(ChatUnavailable) as raised:
        asyncio.run(make([]).complete(asked(), Deadline.in_seconds(seconds)))
    assert time.monotonic() - begin < seconds + 1.0
    assert "\n" not in str(raised.value)


def test_cancelling_ends_a_call_that_would_not_end(make: Make) -> None:
    model = make([])

    async def cancelled() -> None:
        task = asyncio.create_task(model.complete(asked(), Deadline.in_seconds(600)))
        await asyncio.sleep(0.2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, 10.0)

    asyncio.run(cancelled())
