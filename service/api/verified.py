"""The web shape of a verified text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from service.answering.verifying import SourceCitation
from service.api.schemas import CitationSchema, Schema
from service.types import Verdict

if TYPE_CHECKING:
    from service.answering.verifying import Verification, VerifiedSentence


class SourceCitationSchema(Schema):
    """`start` and `end` are code points of `sources[source_index]`."""

    source_index: int
    start: int
    end: int
    quote: str


class VerifiedSentenceSchema(Schema):
    """`text` is `[start, end)` of the text that was sent. `reasons`: what is not supported, in plain words."""

    text: str
    verdict: Verdict
    support: float
    citations: list[CitationSchema] | list[SourceCitationSchema]
    start: int
    end: int
    reasons: list[str]

    @classmethod
    def from_sentence(cls, sentence: VerifiedSentence) -> Self:
        shapes = [
            SourceCitationSchema.model_validate(citation)
            if isinstance(citation, SourceCitation)
            else CitationSchema.from_citation(citation)
            for citation in sentence.citations
        ]
        return cls(
            text=sentence.text,
            verdict=sentence.verdict,
            support=sentence.support,
            citations=shapes,  # type: ignore[arg-type]  # all of one kind
            start=sentence.start,
            end=sentence.end,
            reasons=list(sentence.reasons),
        )


class UncheckedSchema(Schema):
    """A piece of the text that claims nothing, and so was not checked."""

    text: str
    start: int
    end: int
    why: str


class VerificationSchema(Schema):
    """`groundedness`: share of the sentences that are supported; 0 where there is none."""

    sentences: list[VerifiedSentenceSchema]
    groundedness: float
    unchecked: list[UncheckedSchema]

    @classmethod
    def from_verification(cls, verification: Verification) -> Self:
        return cls(
            sentences=[VerifiedSentenceSchema.from_sentence(sentence) for sentence in verification.sentences],
            groundedness=round(verification.groundedness, 4),
            unchecked=[UncheckedSchema.model_validate(piece) for piece in verification.unchecked],
        )
