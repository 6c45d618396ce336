"""The web shapes of results, field by field as the public interface says, for HTTP and for `--json`.

Fields are added, never renamed or dropped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from pydantic import BaseModel, ConfigDict

from service.types import (
    AbstentionReason,
    Answer,
    AnswerSentence,
    Article,
    Citation,
    Disagreement,
    Evidence,
    IngestReport,
    SearchResult,
    Status,
    Verdict,
)
from service.version import installed_version

if TYPE_CHECKING:
    from collections.abc import Sequence

    from service.library.ports import ArticlePage
    from service.wiring import PartState

TIMINGS = ("retrieve", "generate", "verify", "total")


class Schema(BaseModel):
    model_config = ConfigDict(frozen=True, from_attributes=True)


class CarrierSchema(Schema):
    article_id: str
    source: str | None
    url: str | None


class CitationSchema(Schema):
    """`start` and `end` are code points of the `text` that `GET /v1/articles/{id}?revision=` returns."""

    marker: int
    article_id: str
    revision: str
    origin: str
    title: str
    source: str | None
    url: str | None
    published_at: str | None
    start: int
    end: int
    quote: str
    carriers: list[CarrierSchema]

    @classmethod
    def from_citation(cls, citation: Citation) -> Self:
        return cls.model_validate(citation)


class SentenceSchema(Schema):
    text: str
    markers: list[int]
    support: float
    verdict: Verdict

    @classmethod
    def from_sentence(cls, sentence: AnswerSentence) -> Self:
        return cls.model_validate(sentence)


class DisagreementValueSchema(Schema):
    value: str
    marker: int
    event_date: str | None


class DisagreementSchema(Schema):
    about: str
    values: list[DisagreementValueSchema]

    @classmethod
    def from_disagreement(cls, disagreement: Disagreement) -> Self:
        return cls.model_validate(disagreement)


class UsageSchema(Schema):
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = None


class AnswerSchema(Schema):
    id: str
    question: str
    status: Status
    abstention_reason: AbstentionReason | None
    unanswered: str | None
    answer: str
    sentences: list[SentenceSchema]
    citations: list[CitationSchema]
    disagreements: list[DisagreementSchema]
    confidence: float
    generator: str
    degraded: bool
    degraded_reason: str | None
    dropped_sentences: int
    unknown_markers: int
    usage: UsageSchema
    timings_ms: dict[str, float]
    receipt_id: str | None

    @classmethod
    def from_answer(cls, answer: Answer) -> Self:
        return cls(
            id=answer.id,
            question=answer.question,
            status=answer.status,
            abstention_reason=answer.abstention_reason,
            unanswered=answer.unanswered,
            answer=answer.text,
            sentences=[SentenceSchema.from_sentence(sentence) for sentence in answer.sentences],
            citations=[CitationSchema.from_citation(citation) for citation in answer.citations],
            disagreements=[DisagreementSchema.from_disagreement(one) for one in answer.disagreements],
            confidence=answer.confidence,
            generator=answer.generator,
            degraded=answer.degraded,
            degraded_reason=answer.degraded_reason,
            dropped_sentences=answer.dropped_sentences,
            unknown_markers=answer.unknown_markers,
            usage=UsageSchema.model_validate(answer.usage),
            timings_ms=dict.fromkeys(TIMINGS, 0.0) | _rounded(dict(answer.timings_ms)),
            receipt_id=answer.receipt_id,
        )


class ResultSchema(Schema):
    rank: int
    score: float
    chunk_id: str
    article_id: str
    origin: str
    title: str
    source: str | None
    published_at: str | None
    start: int
    end: int
    text: str
    carriers: list[CarrierSchema]
    """Other articles that say the same: copies, exact or near."""

    @classmethod
    def from_evidence(cls, rank: int, evidence: Evidence) -> Self:
        chunk, article = evidence.chunk, evidence.article
        return cls(
            rank=rank,
            score=evidence.score,
            chunk_id=chunk.id,
            article_id=article.id,
            origin=article.origin,
            title=article.title,
            source=article.source,
            published_at=article.published_at,
            start=chunk.start,
            end=chunk.end,
            text=chunk.text,
            carriers=[CarrierSchema.model_validate(carrier) for carrier in evidence.carriers],
        )


class SearchSchema(Schema):
    results: list[ResultSchema]
    excluded_undated: int
    timings_ms: dict[str, float]

    @classmethod
    def from_result(cls, result: SearchResult, timings_ms: dict[str, float]) -> Self:
        return cls(
            results=[ResultSchema.from_evidence(rank, one) for rank, one in enumerate(result.evidence, start=1)],
            excluded_undated=result.excluded_undated,
            timings_ms=_rounded(timings_ms),
        )


class FailureSchema(Schema):
    origin: str
    error: str


class IngestedArticleSchema(Schema):
    id: str
    revision: str
    title: str
    chunks: int


class IngestSchema(Schema):
    added: int
    updated: int
    unchanged: int
    duplicates: int
    failed: list[FailureSchema]
    articles: list[IngestedArticleSchema]

    @classmethod
    def from_report(cls, report: IngestReport) -> Self:
        return cls.model_validate(report)


class ArticleSummarySchema(Schema):
    id: str
    revision: str
    title: str
    source: str | None
    url: str | None
    published_at: str | None
    language: str | None
    tags: list[str]
    origin: str
    ingested_at: str
    duplicate_of: str | None

    @classmethod
    def from_article(cls, article: Article) -> Self:
        return cls.model_validate(article)


class ArticleSchema(ArticleSummarySchema):
    text: str
    """The cleaned text of this revision: what citations' offsets index."""


class ArticlesSchema(Schema):
    articles: list[ArticleSummarySchema]
    next_cursor: str | None

    @classmethod
    def from_page(cls, page: ArticlePage) -> Self:
        return cls(
            articles=[ArticleSummarySchema.from_article(article) for article in page.articles],
            next_cursor=page.next_cursor,
        )


class DeletedSchema(Schema):
    id: str
    revision: str
    title: str

    @classmethod
    def from_article(cls, article: Article) -> Self:
        return cls.model_validate(article)


class PartSchema(Schema):
    name: str
    state: str
    detail: str


class ReadinessSchema(Schema):
    """`ready` is false when a part is down; a degraded part leaves the service ready."""

    ready: bool
    version: str
    parts: list[PartSchema]

    @classmethod
    def from_parts(cls, parts: Sequence[PartState]) -> Self:
        return cls(
            ready=all(part.state != "down" for part in parts),
            version=installed_version(),
            parts=[PartSchema.model_validate(part) for part in parts],
        )


class HealthSchema(Schema):
    status: str = "ok"


def _rounded(timings_ms: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 1) for name, value in timings_ms.items()}
