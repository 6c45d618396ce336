"""A newsroom with a model that writes what the test says it writes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from service.answering.confidence import ConfidenceModel
from service.answering.events import AnswerEvent, AnswerReady, EvidenceFound, SentenceVerified
from service.answering.extractive import ExtractiveAnswerer
from service.answering.generative import GenerativeAnswerer, GenerativeOptions
from service.answering.trace import Trace
from service.grounding.grounder import Grounder
from service.models.chat import ChatModel, ChatRequest
from service.models.scripted_chat import ScriptedChatModel
from service.types import Answer, Filters, Question

NOW = datetime(2025, 11, 20, 12, 0, tzinfo=UTC)
HARBOUR = (
    "A storm tore down seven harbour cranes in Rotterdam on 14 November 2025. Nobody was hurt. "
    "On 8 November 2025 a first storm had torn down nine cranes there.\n\n"
    "Repairs cost the port of Rotterdam 48 million euros. Belgium lent two floating cranes to the Netherlands."
)
ASKED = "How many harbour cranes did the storm in Rotterdam tear down on 14 November 2025?"
TRUE = "A storm in Rotterdam tore down seven harbour cranes on 14 November 2025."


@dataclass(frozen=True)
class Written:
    """What came of a question: its trace, what was told on the way, and what the model was asked."""

    trace: Trace
    events: tuple[AnswerEvent, ...]
    asked: tuple[ChatRequest, ...]

    @property
    def answer(self) -> Answer:
        return self.trace.answer

    @property
    def by_model(self) -> bool:
        return self.answer.generator == "scripted" and not self.answer.degraded


@dataclass
class Desk:
    room: Any
    model: Any

    def ask(
        self,
        *lines: Any,
        question: str = ASKED,
        chat: ChatModel | None = None,
        grounder: Any = None,
        max_sentences: int = 3,
        options: GenerativeOptions | None = None,
        **filters: Any,
    ) -> Written:
        scripted = ScriptedChatModel(*lines) if chat is None else chat
        extractive = ExtractiveAnswerer(self.room.library, self.room.retriever, model=self.model, now=lambda: NOW)
        answerer = GenerativeAnswerer(extractive, scripted, grounder or Grounder(), options)
        events: list[AnswerEvent] = []
        asked = Question(question, Filters(**filters), max_sentences)
        trace = asyncio.run(answerer.trace(asked, on_event=events.append))
        self.room.check(trace.answer)
        check_events(trace.answer, events)
        return Written(trace, tuple(events), tuple(scripted.requests) if chat is None else ())


def check_events(answer: Answer, events: list[AnswerEvent]) -> None:
    """Evidence first, the answer last, and between them its sentences as they stand in it, with what they cite."""
    assert isinstance(events[0], EvidenceFound)
    assert isinstance(events[-1], AnswerReady)
    assert events[-1].answer == answer
    told = [event for event in events[1:-1] if isinstance(event, SentenceVerified)]
    assert len(told) == len(events) - 2
    assert [event.sentence for event in told] == (list(answer.sentences) if answer.status != "abstained" else [])
    cited = [citation for event in told for citation in event.citations]
    assert cited == list(answer.citations)[: len(cited)]


@pytest.fixture
def desk(newsroom, eager) -> Desk:
    """A desk with an article on two storms in a harbour."""
    newsroom.add(harbour=HARBOUR)
    return Desk(newsroom, eager)


def reply(*sentences: str | tuple[str, list[int]], unanswered: str | None = None) -> str:
    """The JSON that the model is asked for; a sentence alone cites the first piece of evidence."""
    items = [(s, [1]) if isinstance(s, str) else s for s in sentences]
    return json.dumps({"sentences": [{"text": t, "markers": m} for t, m in items], "unanswered": unanswered})


@pytest.fixture(scope="session")
def draft() -> Callable[..., str]:
    return reply


@pytest.fixture(scope="session")
def true_sentence() -> str:
    return TRUE


@pytest.fixture
def empty_desk(newsroom, eager) -> Desk:
    return Desk(newsroom, eager)


@pytest.fixture(scope="session")
def unsure(eager) -> ConfidenceModel:
    """Gives an answer, but with little confidence."""
    return replace(eager, slope=0.02, offset=0.3)
