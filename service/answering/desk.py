"""Who answers a question and what is kept of it: the extractive answerer, or an LLM whose sentences are all checked."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING

from service.answering.events import AnswerEvent, AnswerReady, EvidenceFound, OnEvent, tell_sentences
from service.answering.extractive import ExtractiveAnswerer, Gathered
from service.answering.receipts import Receipts
from service.answering.trace import Trace, traced_evidence, traced_quotes
from service.errors import InputRejected
from service.types import Answer, Evidence, Question

if TYPE_CHECKING:  # a question that no LLM is asked about imports none of it
    from service.answering.generative import GenerativeAnswerer

MODES = ("auto", "extractive", "llm")


class Desk:
    """Answers, by whom the mode says, with a receipt. Safe to use from several threads and event loops.

    `turn` is entered for the extractive answerer's work. `generative` is called when an LLM is first asked; without it
    every answer is extractive. `receipts`: None keeps none.
    """

    def __init__(
        self,
        extractive: ExtractiveAnswerer,
        turn: AbstractContextManager[object],
        receipts: Receipts | None = None,
        generative: Callable[[], GenerativeAnswerer] | None = None,
    ) -> None:
        self._extractive = extractive
        self._turn = turn
        self._receipts = receipts
        self._generative = generative
        self.llm_trouble: str | None = None
        """Why the LLM gave no reply to the last question it was asked; None when it did."""

    def uses_llm(self, mode: str) -> bool:
        """Raises InputRejected for a mode that cannot be had."""
        if mode not in MODES:
            raise InputRejected(f"mode: {mode!r} is none of {', '.join(MODES)}")
        if mode == "llm" and self._generative is None:
            raise InputRejected("mode: llm needs an LLM: set GROUNDWIRE_LLM_MODEL, or use auto or extractive")
        return mode != "extractive" and self._generative is not None

    def ask(self, question: Question, mode: str) -> Answer:
        """For callers without an event loop. Raises InputRejected, ModelUnavailable, IndexUnavailable."""
        if self.uses_llm(mode):
            import asyncio

            return asyncio.run(self.answer(question, mode))
        return self._quoted(question, mode)[0]

    async def answer(self, question: Question, mode: str, on_event: OnEvent = lambda event: None) -> Answer:
        """The same; cancelling it ends the LLM's call. `on_event` is told what is known as soon as it is known."""
        import asyncio

        if self.uses_llm(mode):
            return await self._written(question, mode, on_event)
        answer, evidence = await asyncio.to_thread(self._quoted, question, mode)
        on_event(EvidenceFound(evidence, answer.citations))
        tell_sentences(answer, on_event)
        return answer

    async def _written(self, question: Question, mode: str, on_event: OnEvent) -> Answer:
        import asyncio

        assert self._generative is not None  # noqa: S101  # uses_llm has looked

        def before_the_end(event: AnswerEvent) -> None:
            if not isinstance(event, AnswerReady):  # its answer names no receipt yet
                on_event(event)

        answerer = await asyncio.to_thread(self._generative)
        trace = await answerer.trace(question, mode, before_the_end)
        if trace.replies:
            self.llm_trouble = trace.replies[-1].error
        answer = await asyncio.to_thread(self._kept, trace)
        on_event(AnswerReady(answer))
        return answer

    def _quoted(self, question: Question, mode: str) -> tuple[Answer, tuple[Evidence, ...]]:
        with self._turn:
            if self._extractive.is_empty():
                answer, gathered = self._extractive.answer(question), None
            else:
                answer, gathered = self._gathered(question)
        evidence = gathered.evidence if gathered is not None else ()
        trace = Trace(question, mode, traced_evidence(evidence), traced_quotes(answer), answer)
        return self._kept(trace), evidence

    def _gathered(self, question: Question) -> tuple[Answer, Gathered]:
        started = perf_counter()
        gathered = self._extractive.gather(question)
        retrieve_ms = (perf_counter() - started) * 1000
        answer = self._extractive.answer(question, gathered)
        return replace(answer, timings_ms=_with_retrieval(answer, retrieve_ms)), gathered

    def _kept(self, trace: Trace) -> Answer:
        return trace.answer if self._receipts is None else self._receipts.keep(trace)


def _with_retrieval(answer: Answer, retrieve_ms: float) -> tuple[tuple[str, float], ...]:
    """The answerer's clock starts when the evidence is there."""
    return tuple(
        (stage, round(ms + retrieve_ms, 2) if stage in ("retrieve", "total") else ms) for stage, ms in answer.timings_ms
    )
