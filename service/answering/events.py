"""What is told while an answer is being made: the evidence first, each sentence once it is verified, then the whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from service.types import Answer, AnswerSentence, Citation, Evidence


@dataclass(frozen=True, slots=True)
class EvidenceFound:
    """What the answer will be made from, best first. Told once, first; empty where there is nothing.

    `citations`: those that are known by then, which is so where the articles' own sentences are the answer.
    """

    evidence: tuple[Evidence, ...]
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class SentenceVerified:
    """A sentence that will stand in the answer as it is here. `citations`: those that it is the first to cite."""

    sentence: AnswerSentence
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class AnswerReady:
    """The whole answer. Told once, last."""

    answer: Answer


AnswerEvent = EvidenceFound | SentenceVerified | AnswerReady
OnEvent = Callable[[AnswerEvent], None]
"""Called in the event loop's thread; it must not wait for anything."""


def tell_sentences(answer: Answer, on_event: OnEvent) -> None:
    """One event a sentence of a finished answer, then the answer; an abstention's sentence is no finding."""
    told: set[int] = set()
    citations = {c.marker: c for c in answer.citations}
    for sentence in answer.sentences if answer.status != "abstained" else ():
        fresh = [m for m in sentence.markers if m not in told]
        told.update(fresh)
        on_event(SentenceVerified(sentence, tuple(citations[m] for m in fresh)))
    on_event(AnswerReady(answer))
