"""Who answers, in which mode; and that nobody at work waits for an LLM."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from service.answering.desk import Desk
from service.answering.events import AnswerEvent, AnswerReady, EvidenceFound, SentenceVerified
from service.answering.extractive import ExtractiveAnswerer
from service.answering.generative import GenerativeAnswerer
from service.errors import ChatUnavailable, InputRejected
from service.grounding.grounder import Grounder
from service.models.chat import ChatReply, ChatRequest, Deadline
from service.models.scripted_chat import ScriptedChatModel
from service.types import Question

QUESTION = Question("How much did the bridge in Harlow cost?")
PROSE = "The bridge in Harlow cost 48 million crowns. [1]"

MakeDesk = Callable[..., Desk]


@pytest.fixture
def turn() -> threading.BoundedSemaphore:
    return threading.BoundedSemaphore(1)


@pytest.fixture
def make_desk(newsroom: Any, eager: Any, turn: threading.BoundedSemaphore) -> MakeDesk:
    newsroom.add(bridge="The bridge in Harlow cost 48 million crowns. It is 312 metres long.")

    def make(chat: Any = None) -> Desk:
        extractive = ExtractiveAnswerer(newsroom.library, newsroom.retriever, model=eager)
        if chat is None:
            return Desk(extractive, turn)
        return Desk(extractive, turn, None, lambda: GenerativeAnswerer(extractive, chat, Grounder(), turn=turn))

    return make


@pytest.mark.parametrize(
    ("mode", "has_llm", "generator"),
    [
        ("auto", False, "extractive"),
        ("extractive", False, "extractive"),
        ("auto", True, "scripted"),
        ("llm", True, "scripted"),
        ("extractive", True, "extractive"),
    ],
)
def test_the_mode_says_who_answers(make_desk: MakeDesk, mode: str, has_llm: bool, generator: str) -> None:
    desk = make_desk(ScriptedChatModel(PROSE) if has_llm else None)
    assert desk.ask(QUESTION, mode).generator == generator
    assert asyncio.run(desk.answer(QUESTION, mode)).generator == generator


@pytest.mark.parametrize("mode", ["llm", "magic", ""])
def test_a_mode_that_cannot_be_had_is_refused(make_desk: MakeDesk, mode: str) -> None:
    with pytest.raises(InputRejected, match=r"^mode: "):
        make_desk().ask(QUESTION, mode)


@pytest.mark.parametrize("has_llm", [False, True])
def test_the_evidence_is_told_first_then_the_sentences_then_the_answer(make_desk: MakeDesk, has_llm: bool) -> None:
    events: list[AnswerEvent] = []
    desk = make_desk(ScriptedChatModel(PROSE) if has_llm else None)
    answer = asyncio.run(desk.answer(QUESTION, "auto", events.append))
    assert [type(event) for event in events] == [
        EvidenceFound,
        *[SentenceVerified] * len(answer.sentences),
        AnswerReady,
    ]
    assert isinstance(events[0], EvidenceFound)
    assert events[0].evidence
    assert events[-1] == AnswerReady(answer)
    assert [event.sentence for event in events if isinstance(event, SentenceVerified)] == list(answer.sentences)


class Waiting:
    """An LLM that looks, while it is asked, whether a question could be at work."""

    name = "waiting"

    def __init__(self, turn: threading.BoundedSemaphore) -> None:
        self._turn = turn
        self.was_free: list[bool] = []

    async def complete(self, request: ChatRequest, deadline: Deadline) -> ChatReply:
        free = self._turn.acquire(blocking=False)
        if free:
            self._turn.release()
        self.was_free.append(free)
        return ChatReply(PROSE, "waiting")


def test_no_place_is_held_while_an_llm_is_waited_for(make_desk: MakeDesk, turn: threading.BoundedSemaphore) -> None:
    chat = Waiting(turn)
    assert make_desk(chat).ask(QUESTION, "auto").generator == "waiting"
    assert chat.was_free
    assert all(chat.was_free)


def test_the_time_it_took_to_find_the_evidence_is_told(make_desk: MakeDesk) -> None:
    timings = dict(make_desk().ask(QUESTION, "auto").timings_ms)
    assert 0 < timings["retrieve"] <= timings["total"]


def test_it_remembers_why_the_llm_did_not_answer_until_it_does(make_desk: MakeDesk) -> None:
    desk = make_desk(ScriptedChatModel(ChatUnavailable("it sleeps"), PROSE))
    assert desk.llm_trouble is None
    assert desk.ask(QUESTION, "auto").degraded
    assert desk.llm_trouble == "it sleeps"
    assert not desk.ask(QUESTION, "auto").degraded
    assert desk.llm_trouble is None
