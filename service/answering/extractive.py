"""Answers without a language model: the articles' own sentences, chosen, cited and checked, or an honest abstention."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from time import perf_counter

from service.answering.abstaining import abstention_reason, abstention_sentence, left_open
from service.answering.candidates import Candidate, CandidateFinder, Candidates
from service.answering.citing import Citer, disagreement_cited, sentences_cited
from service.answering.confidence import ConfidenceModel, fitted_model
from service.answering.further import FurtherModel, fitted_further, further_answers
from service.answering.outcome import Reply, reply_of, together
from service.answering.parts import parts_of
from service.grounding.context import ArticleContext
from service.library.library import Library
from service.retrieval.retriever import Retriever
from service.types import AbstentionReason, Answer, AnswerSentence, Article, Carrier, Evidence, Filters, Question

GENERATOR = "extractive"
_EVIDENCE = 16
"""Chunks whose sentences are weighed. With twelve, one seed question on two events lost one of the two."""


@dataclass(slots=True)
class _Clock:
    """Milliseconds a stage took, in the order of the stages."""

    started: float
    stages: dict[str, float]

    def lap(self, stage: str) -> None:
        now = perf_counter()
        self.stages[stage] = round((now - self.started) * 1000 - sum(self.stages.values()), 2)

    def total(self) -> tuple[tuple[str, float], ...]:
        stages = {name: self.stages.get(name, 0.0) for name in ("retrieve", "generate", "verify")}
        return (*stages.items(), ("total", round((perf_counter() - self.started) * 1000, 2)))


@dataclass(frozen=True, slots=True)
class Gathered:
    """The chunks found for a question, best first, and their sentences weighed."""

    evidence: tuple[Evidence, ...]
    candidates: Candidates


class ExtractiveAnswerer:
    """Answers questions from one library. Safe to call from several threads.

    `threshold`: confidence, 0..1, below which no answer is given; None is the one that the model was fitted with.
    """

    def __init__(
        self,
        library: Library,
        retriever: Retriever,
        *,
        model: ConfidenceModel | None = None,
        further: FurtherModel | None = None,
        threshold: float | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._library = library
        self._retriever = retriever
        self._model = model or fitted_model()
        self._further = further or fitted_further()
        if threshold is not None:
            self._model = replace(self._model, threshold=threshold)
        self._now = now
        self._finder = CandidateFinder(library)

    def answer(self, question: Question, gathered: Gathered | None = None) -> Answer:
        """Answer or abstain; never guesses. Raises IndexUnavailable when the vector store does not answer.

        `gathered`: what `gather` found for the question, where that has been done already.
        """
        clock = _Clock(perf_counter(), {})
        if self.is_empty():
            return self._abstain(question, "empty_library", 0.0, clock)
        found = (gathered or self.gather(question)).candidates
        parts = parts_of(question.text, self.today(question))
        if len(parts) > 1:
            asked = [self.gather(replace(question, text=part.text)).candidates for part in parts]
            clock.lap("retrieve")
            replies = [self._reply(question, of_part) for of_part in asked]
            if any(reply.given for reply in replies):
                missing = [part.said for part, reply in zip(parts, replies, strict=True) if not reply.given]
                return self._compose(question, together(replies, question.max_sentences), missing, clock)
        clock.lap("retrieve")
        reply = self._reply(question, found)
        if reply.given:
            return self._compose(question, reply, (), clock)
        elsewhere = self._answers(self.ranked(found.wrong_time()))
        clock.lap("generate")
        reason = abstention_reason(found, elsewhere)
        return self._abstain(question, reason, reply.confidence, clock, _asked_date(found))

    def _reply(self, question: Question, found: Candidates) -> Reply:
        ranked = self._of_outlets(found, self.ranked(found.fitting))
        confidence = self._confidence(ranked)
        if not self._answers(ranked):
            return Reply(confidence)
        further = further_answers(self._further, ranked)
        return reply_of(found.question, self._with_probability(ranked), further, confidence, question.max_sentences)

    def _compose(self, question: Question, reply: Reply, missing: Sequence[str], clock: _Clock) -> Answer:
        clock.lap("generate")
        citer = Citer(partial(self.carriers, question.filters))
        sentences, dropped = sentences_cited(reply.selected, citer)
        if not sentences:
            return self._abstain(question, "unverified", reply.confidence, clock)
        disagreements = tuple(disagreement_cited(about, values, citer) for about, values in reply.disputes)
        clock.lap("verify")
        unanswered = [*([left_open(missing)] if missing else []), *reply.unanswered]
        return Answer(
            id=new_answer_id(),
            question=question.text,
            status="partial" if unanswered else "answered",
            abstention_reason=None,
            unanswered="; ".join(unanswered) or None,
            sentences=tuple(sentences),
            citations=tuple(citer.citations),
            confidence=round(reply.confidence, 4),
            generator=GENERATOR,
            disagreements=disagreements,
            dropped_sentences=dropped,
            timings_ms=clock.total(),
        )

    def candidates(self, question: Question) -> Candidates:
        """The weighed sentences for a question; the fitting script reads them too."""
        return self.gather(question).candidates

    def gather(self, question: Question) -> Gathered:
        """What an answer is made from, by this answerer or another. Raises IndexUnavailable."""
        found, vector = self._retriever.search_and_vector(question.text, _EVIDENCE, question.filters)
        pinned = question.filters.as_of is not None
        candidates = self._finder.find(question.text, vector, found.evidence, self.today(question), pinned=pinned)
        return Gathered(found.evidence, candidates)

    def is_empty(self) -> bool:
        """Whether there is no article at all to answer from."""
        return self._library.size().chunks == 0

    def context(self, article: Article) -> ArticleContext:
        """The article's sentences and dates, remembered from weighing them."""
        return self._finder.context(article)

    @property
    def threshold(self) -> float:
        """Answers below this confidence are not given."""
        return self._model.threshold

    def confidence_in(self, gathered: Gathered, sentences: Collection[tuple[str, int]]) -> float:
        """Confidence that what these sentences, by article id and index, say answers; 0 if none of them can."""
        ranked = self.ranked(gathered.candidates.fitting)
        return self._confidence([(o, c) for o, c in ranked if (c.context.article.id, c.index) in sentences])

    def ranked(self, candidates: Sequence[Candidate]) -> list[tuple[float, Candidate]]:
        """Log-odds and candidate, best first, ties by article and position."""
        scored = [(self._model.log_odds(c.weighing.values), c) for c in candidates]
        return sorted(scored, key=lambda s: (-s[0], s[1].context.article.id, s[1].index))

    def _of_outlets(self, found: Candidates, ranked: list[tuple[float, Candidate]]) -> list[tuple[float, Candidate]]:
        """What the outlets say that the question names, if that is enough for an answer; else what all say."""
        own = [(odds, candidate) for odds, candidate in ranked if found.of_outlets(candidate)]
        return own if self._answers(own) else ranked

    def carriers(self, filters: Filters, article_id: str, quote: str) -> list[Carrier]:
        """Copies that say the quote and pass the filters."""
        found = self._library.carriers(article_id, quote)
        scope = self._library.scope(filters) if found else None
        return [carrier for carrier in found if scope is not None and scope.passes(carrier.article_id)]

    def _with_probability(self, ranked: Sequence[tuple[float, Candidate]]) -> list[tuple[float, Candidate]]:
        return [(self._model.confidence(log_odds), candidate) for log_odds, candidate in ranked]

    def _confidence(self, ranked: Sequence[tuple[float, Candidate]]) -> float:
        return self._model.confidence(ranked[0][0]) if ranked else 0.0

    def _answers(self, ranked: Sequence[tuple[float, Candidate]]) -> bool:
        """Whether the best of these is good enough for an answer; there may be none."""
        return bool(ranked) and self._confidence(ranked) >= self.threshold

    def today(self, question: Question) -> date:
        """The day that a question is asked on, or as of."""
        as_of = question.filters.as_of
        return date.fromisoformat(as_of[:10]) if as_of else self._now().date()

    def _abstain(
        self,
        question: Question,
        reason: AbstentionReason,
        confidence: float,
        clock: _Clock,
        asked_date: str | None = None,
    ) -> Answer:
        text = abstention_sentence(reason, asked_date)
        return Answer(
            id=new_answer_id(),
            question=question.text,
            status="abstained",
            abstention_reason=reason,
            unanswered=None,
            sentences=(AnswerSentence(text, (), 0.0, "not_supported"),),
            citations=(),
            confidence=round(confidence, 4),
            generator=GENERATOR,
            timings_ms=clock.total(),
        )


def _asked_date(found: Candidates) -> str | None:
    dates = found.question.dates
    return found.question.text[dates[0].start : dates[0].end] if dates else None


def new_answer_id() -> str:
    return f"ans_{uuid.uuid4().hex}"
