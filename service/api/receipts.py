"""The web shapes of receipts and their replays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from pydantic import ConfigDict

from service.api.schemas import Schema
from service.types import Verdict

if TYPE_CHECKING:
    from service.answering.replaying import Replay


class ReceiptSchema(Schema):
    """As it was kept; `version` counts the shapes. `replies`: the model's own words, raw. `checks`: every sentence that
    was checked, shipped or not.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    version: int
    id: str
    created_at: str
    groundwire: str
    settings: dict[str, Any]
    corpus_fingerprint: str
    question: dict[str, Any]
    mode: str
    evidence: list[dict[str, Any]]
    model: str | None
    prompts: list[dict[str, Any]]
    replies: list[dict[str, Any]]
    checks: list[dict[str, Any]]
    answer: dict[str, Any]


class ReplayedEvidenceSchema(Schema):
    chunk_id: str
    article_id: str
    state: str
    """same, changed, gone, not_found, new"""
    rank_then: int | None
    rank_now: int | None


class ReplayedCitationSchema(Schema):
    marker: int
    article_id: str
    revision: str
    state: str
    """matches, old_revision, gone, mismatch"""


class ReplayedSentenceSchema(Schema):
    text: str
    verdict_then: Verdict
    verdict_now: Verdict
    support_then: float
    support_now: float
    reasons: list[str]


class ReplaySchema(Schema):
    """`differences`: each in one plain line; `same` when there is none."""

    receipt_id: str
    same: bool
    differences: list[str]
    corpus_then: str
    corpus_now: str
    evidence: list[ReplayedEvidenceSchema]
    citations: list[ReplayedCitationSchema]
    sentences: list[ReplayedSentenceSchema]

    @classmethod
    def from_replay(cls, replay: Replay) -> Self:
        return cls(
            receipt_id=replay.receipt_id,
            same=not replay.differences,
            differences=list(replay.differences),
            corpus_then=replay.corpus_then,
            corpus_now=replay.corpus_now,
            evidence=[ReplayedEvidenceSchema.model_validate(one) for one in replay.evidence],
            citations=[ReplayedCitationSchema.model_validate(one) for one in replay.citations],
            sentences=[ReplayedSentenceSchema.model_validate(one) for one in replay.sentences],
        )
