from __future__ import annotations

import asyncio

import pytest

from service.errors import ChatUnavailable
from service.models.chat import ChatMessage, ChatReply, ChatRequest, Deadline, Usage
from service.models.scripted_chat import ScriptedChatModel


def say(model: ScriptedChatModel, text: str = "How many?") -> ChatReply:
    request = ChatRequest([ChatMessage("user", text)], max_tokens=5)
    return asyncio.run(model.complete(request, Deadline.in_seconds(10.0)))


def test_it_says_its_lines_in_turn_and_the_last_one_for_ever() -> None:
    model = ScriptedChatModel("One.", ChatReply("Two", "other", Usage(3, 4), complete=False))
    assert [say(model).text for _ in range(3)] == ["One.", "Two", "Two"]
    assert not say(model).complete


def test_a_line_may_be_made_of_the_request() -> None:
    model = ScriptedChatModel(lambda request: request.messages[-1].content[::-1])
    assert say(model, "abc").text == "cba"


def test_a_line_may_be_a_failure() -> None:
    model = ScriptedChatModel(ChatUnavailable("gone"), "Back.")
    with pytest.raises(ChatUnavailable, match="gone"):
        say(model)
    assert say(model).text == "Back."


def test_it_remembers_what_it_was_asked() -> None:
    model = ScriptedChatModel("Yes.")
    say(model, "first")
    say(model, "second")
    assert [request.messages[0].content for request in model.requests] == ["first", "second"]


def test_without_lines_it_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="line"):
        ScriptedChatModel()
