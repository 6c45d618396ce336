"""What an answer was made of, from the question to the verdicts: the raw material of a receipt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Self

from service.types import NO_USAGE, Answer, Evidence, Question, Usage, Verdict


@dataclass(frozen=True, slots=True)
class TracedSpan:
    """A place in one revision of an article, with what it says there."""

    article_id: str
    revision: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class TracedEvidence:
    """A chunk that was found, best first. `number`: what the model was shown it under; None: it was not shown it."""

    chunk_id: str
    span: TracedSpan
    score: float
    number: int | None = None

    @classmethod
    def of(cls, item: Evidence, number: int | None = None) -> Self:
        chunk = item.chunk
        # The article shown may be a copy of the one that the chunk was made from: the same text, another id.
        span = TracedSpan(item.article.id, chunk.revision, chunk.start, chunk.end, chunk.text)
        return cls(chunk.id, span, item.score, number)


@dataclass(frozen=True, slots=True)
class TracedReply:
    """One call of a model: with which prompt, and what came back, raw. `text` is empty where nothing came: `error`."""

    prompt: str
    """Name of the prompt file: `answer`, `repair`."""
    prompt_hash: str
    model: str
    """As the service named it, else as the user did."""
    text: str
    complete: bool = True
    usage: Usage = NO_USAGE
    error: str | None = None


@dataclass(frozen=True, slots=True)
class TracedCheck:
    """One sentence, as it was checked. `shipped`: it is in the answer; else `dropped` says why, in plain words."""

    text: str
    verdict: Verdict
    support: float
    reasons: tuple[str, ...]
    spans: tuple[TracedSpan, ...]
    shipped: bool
    dropped: str | None = None
    repaired: bool = False
    """It is what a repair made of a sentence that was not supported."""


@dataclass(frozen=True, slots=True)
class Trace:
    """An answer and all that it was made of. `prompts`: name and hash of each prompt that was used, in order."""

    question: Question
    mode: str
    """As asked for: auto, extractive, llm."""
    evidence: tuple[TracedEvidence, ...]
    checks: tuple[TracedCheck, ...]
    answer: Answer
    model: str | None = None
    """The model's name as the user gave it; None: none was asked."""
    replies: tuple[TracedReply, ...] = ()

    @property
    def prompts(self) -> tuple[tuple[str, str], ...]:
        return tuple(dict.fromkeys((reply.prompt, reply.prompt_hash) for reply in self.replies))

    def with_receipt(self, receipt_id: str) -> Self:
        """The same with the answer that names its receipt."""
        return replace(self, answer=replace(self.answer, receipt_id=receipt_id))


def traced_evidence(
    evidence: Iterable[Evidence], numbers: Mapping[str, int] | None = None
) -> tuple[TracedEvidence, ...]:
    """`numbers`: by chunk id, what the model was shown."""
    return tuple(TracedEvidence.of(item, (numbers or {}).get(item.chunk.id)) for item in evidence)


def traced_quotes(answer: Answer) -> tuple[TracedCheck, ...]:
    """The checks of an answer whose sentences are the articles' own: each against the quotes that it cites."""
    if answer.status == "abstained":
        return ()
    spans = {c.marker: TracedSpan(c.article_id, c.revision, c.start, c.end, c.quote) for c in answer.citations}
    return tuple(
        TracedCheck(s.text, s.verdict, s.support, (), tuple(spans[m] for m in s.markers), shipped=True)
        for s in answer.sentences
    )
