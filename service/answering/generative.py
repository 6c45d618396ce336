"""Answers in a model's prose, of which nothing ships that was not checked against the articles it cites.

Where the model fails, or nothing that it writes holds, the answer is the articles' own sentences, marked as degraded.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import partial

from service.answering.asking import Asking, told_in
from service.answering.checking import Checker
from service.answering.citing import Citer
from service.answering.concluding import concluded, fallen_back
from service.answering.events import AnswerReady, EvidenceFound, OnEvent, tell_sentences
from service.answering.extractive import GENERATOR, ExtractiveAnswerer
from service.answering.findings import Findings, Weigher, find
from service.answering.leaks import Leaks
from service.answering.making import Made, Making
from service.answering.shipping import Shipment
from service.answering.showing import Showing, showing
from service.answering.stages import Stages
from service.answering.trace import Trace, traced_evidence, traced_quotes
from service.answering.tracing import traced_checks
from service.answering.vouching import vouched
from service.answering.writing import Writer
from service.errors import ChatUnavailable
from service.grounding.grounder import Grounder
from service.models.chat import ChatModel, Deadline
from service.types import Answer, Question

LOG = logging.getLogger("groundwire.answering")
NOT_FINISHED = "what the model wrote could not be worked on"
_PROMPTS = ("answer", "reformat", "repair")


@dataclass(frozen=True, slots=True)
class GenerativeOptions:
    """`timeout_seconds` bounds all of one answer that waits for the model, `evidence_tokens` what it is shown."""

    timeout_seconds: float = 30.0
    evidence_tokens: int = 6_000
    reply_tokens: int = 800


def _estimate(text: str) -> int:
    return len(text.encode()) // 3 + 1


class GenerativeAnswerer:
    """Safe to use for several questions at a time, from several event loops.

    `turn` is entered, in a thread, for what is done before the model is asked.
    """

    def __init__(
        self,
        extractive: ExtractiveAnswerer,
        chat: ChatModel,
        grounder: Grounder,
        options: GenerativeOptions | None = None,
        *,
        count_tokens: Callable[[str], int] = _estimate,
        turn: AbstractContextManager[object] | None = None,
    ) -> None:
        self._extractive = extractive
        self._chat = chat
        self._grounder = grounder
        self._options = options or GenerativeOptions()
        self._count_tokens = count_tokens
        self._turn = turn or nullcontext()

    async def answer(self, question: Question, on_event: OnEvent | None = None) -> Answer:
        """Answer or abstain. Raises IndexUnavailable; the model's failures never raise. Cancelling it ends its call."""
        return (await self.trace(question, on_event=on_event)).answer

    async def trace(self, question: Question, mode: str = "auto", on_event: OnEvent | None = None) -> Trace:
        """The same, and what it was made of. `on_event` is told the evidence, each verified sentence, the answer."""
        tell = on_event or (lambda event: None)
        stages, asking = Stages(), Asking(self._chat, Deadline.in_seconds(self._options.timeout_seconds))
        with stages.during("retrieve"):
            findings, shown = await asyncio.to_thread(self._prepared, question)
        tell(EvidenceFound(findings.evidence))
        made, answer = None, findings.own
        if shown is not None and self._may_answer(findings.own):
            weigher = Weigher(self._extractive, findings)
            making = self._making(question, weigher, shown, asking, stages, tell)
            made, answer = await self._made(question, weigher, making)
        answer = replace(answer, usage=asking.usage, timings_ms=stages.timings_ms())
        if made is not None and made.told(answer):
            tell(AnswerReady(answer))
        else:
            tell_sentences(answer, tell)
        return self._traced(question, mode, findings, shown, made, answer, asking)

    def _prepared(self, question: Question) -> tuple[Findings, Showing | None]:
        """What was found, and what of it the model may be shown; blocks."""
        with self._turn:
            findings = find(self._extractive, question)
            budget, contexts = self._options.evidence_tokens, self._extractive.context
            shown = showing(findings.read, findings.evidence, contexts, self._count_tokens, budget)
        return findings, shown if shown.chunks else None

    def _may_answer(self, own: Answer) -> bool:
        """Whether the articles say enough on it for a model's choice to make an answer of."""
        return own.status != "abstained" or vouched(own.confidence) >= self._extractive.threshold

    def _making(
        self, question: Question, weigher: Weigher, shown: Showing, asking: Asking, stages: Stages, tell: OnEvent
    ) -> Making:
        today = self._extractive.today(question)
        leaks = Leaks(told_in(*_PROMPTS), [shown.boundary])
        return Making(
            writer=Writer(asking, question, shown, today, self._options.reply_tokens),
            checker=Checker(self._grounder, weigher.findings.read, shown, leaks),
            weigher=weigher,
            shipment=Shipment(Citer(partial(self._extractive.carriers, question.filters))),
            stages=stages,
            tell=tell,
        )

    async def _made(self, question: Question, weigher: Weigher, making: Making) -> tuple[Made | None, Answer]:
        own = weigher.findings.own
        try:
            made = await making.made()
            return made, concluded(question, weigher, made, self._chat.name)
        except ChatUnavailable as error:
            return None, fallen_back(own, str(error))
        except Exception as error:
            LOG.warning("a draft could not be worked on: %s", type(error).__name__, exc_info=True)
            return None, fallen_back(own, NOT_FINISHED)

    def _traced(
        self,
        question: Question,
        mode: str,
        findings: Findings,
        shown: Showing | None,
        made: Made | None,
        answer: Answer,
        asking: Asking,
    ) -> Trace:
        chunks = shown.chunks if shown is not None and asking.replies else ()
        numbers = {chunk.evidence.chunk.id: chunk.number for chunk in chunks}
        quoted = traced_quotes(answer) if answer.generator == GENERATOR else ()
        return Trace(
            question=question,
            mode=mode,
            evidence=traced_evidence(findings.evidence, numbers),
            checks=(*(traced_checks(made) if made is not None else ()), *quoted),
            answer=answer,
            model=self._chat.name if asking.replies else None,
            replies=tuple(asking.replies),
        )
