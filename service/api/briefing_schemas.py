"""The web shapes of briefings, their index, comparisons and jobs; for HTTP and for `--json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from service.api.problems import problem_body
from service.api.requests import Mode, Moment, Name, RequestSchema, Text
from service.api.schemas import CitationSchema, DisagreementSchema, Schema, UsageSchema
from service.briefing.body import briefing_body, briefing_of
from service.briefing.briefing import BriefingStatus, Change, DatedBy
from service.briefing.comparing import comparison_body
from service.briefing.rendering.formats import Format
from service.briefing.request import (
    DEFAULT_WORDS,
    LEAST_WORDS,
    MOST_WORDS,
    TOPIC_CHARACTERS,
    BriefingRequest,
    SectionName,
)
from service.types import Verdict

if TYPE_CHECKING:
    from service.briefing.briefing import Briefing
    from service.briefing.comparing import Comparison
    from service.briefing.jobs import Job
    from service.briefing.store import BriefingPage


def _topic(value: str) -> str:
    value = value.strip()
    if not 1 <= len(value) <= TOPIC_CHARACTERS:
        raise PydanticCustomError("topic_length", f"must have 1 to {TOPIC_CHARACTERS} characters, has {len(value):,}")
    return value


Topic = Annotated[Text, AfterValidator(_topic)]


class BriefRequest(RequestSchema):
    """`since` and `until`: ISO 8601, "yesterday", or a stretch such as "last 24 h"."""

    topic: Topic
    since: Annotated[Text, Field(max_length=60)] | None = None
    until: Annotated[Text, Field(max_length=60)] | None = None
    sources: Annotated[list[Name], Field(max_length=200)] | None = None
    sections: Annotated[list[SectionName], Field(max_length=6)] | None = None
    max_words: Annotated[int, Field(ge=LEAST_WORDS, le=MOST_WORDS)] | None = None
    mode: Mode = "auto"
    as_of: Moment | None = None
    compare_with: Annotated[Text, Field(max_length=200)] | None = None
    wait: bool | None = None

    def to_request(self) -> BriefingRequest:
        return BriefingRequest(
            topic=self.topic,
            since=self.since,
            until=self.until,
            sources=tuple(self.sources or ()),
            sections=tuple(self.sections or ()),
            max_words=self.max_words or DEFAULT_WORDS,
            mode=self.mode,
            as_of=self.as_of,
            compare_with=self.compare_with,
        )


class BriefingQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    format: Format = "json"


class BriefingsQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[Text, Field(max_length=200)] | None = None
    topic: Annotated[Text, Field(max_length=TOPIC_CHARACTERS)] | None = None


class WindowSchema(Schema):
    since: str | None
    until: str | None
    by_published: int
    by_ingested: int


class BriefingSentenceSchema(Schema):
    """`event` is a place in `events`; `change` is against the briefing before."""

    text: str
    markers: list[int]
    support: float
    verdict: Verdict
    event: int | None
    change: Change | None


class SectionSchema(Schema):
    title: str
    sentences: list[BriefingSentenceSchema]


class EventSchema(Schema):
    title: str
    date: str | None
    date_marker: int | None
    articles: int
    sources: int


class TimelineSchema(Schema):
    date: str
    text: str
    markers: list[int]


class FigureValueSchema(Schema):
    value: str
    event_date: str | None
    marker: int
    event: int | None
    source: str | None


class FigureSchema(Schema):
    what: str
    values: list[FigureValueSchema]


class BriefedArticleSchema(Schema):
    """`dated_by` says which of its dates placed it in the window."""

    article_id: str
    revision: str
    title: str
    source: str | None
    url: str | None
    origin: str
    published_at: str | None
    ingested_at: str
    dated_by: DatedBy
    cited: int
    copies: int


class ChangedSchema(Schema):
    text: str
    markers: list[int]


class UpdatedSchema(Schema):
    model_config = ConfigDict(frozen=True, populate_by_name=True, serialize_by_alias=True)

    what: str
    old: str = Field(alias="from")
    new: str = Field(alias="to")
    markers: list[int]


class WithdrawnSchema(Schema):
    text: str
    reason: str


class ChangesSchema(Schema):
    since: str | None
    since_created_at: str | None
    new: list[ChangedSchema]
    updated: list[UpdatedSchema]
    withdrawn: list[WithdrawnSchema]
    unchanged: list[ChangedSchema]
    nothing_new: bool


class BriefingSchema(Schema):
    id: str
    topic: str
    created_at: str
    as_of: str
    status: BriefingStatus
    headline: str
    window: WindowSchema
    sections: list[SectionSchema]
    events: list[EventSchema]
    timeline: list[TimelineSchema]
    figures: list[FigureSchema]
    disagreements: list[DisagreementSchema]
    citations: list[CitationSchema]
    articles: list[BriefedArticleSchema]
    changes: ChangesSchema
    nearest_topics: list[str]
    sources: list[str]
    generator: str
    degraded: bool
    degraded_reason: str | None
    dropped_sentences: int
    unknown_markers: int
    usage: UsageSchema
    timings_ms: dict[str, float]
    words: int
    receipt_id: str | None

    @classmethod
    def from_briefing(cls, briefing: Briefing) -> Self:
        return cls.model_validate(briefing_body(briefing))

    def to_briefing(self) -> Briefing:
        """The same as `from_briefing` was given. Raises ValueError for what is no whole briefing."""
        return briefing_of(self.model_dump(mode="json"))


class BriefingSummarySchema(Schema):
    id: str
    topic: str
    created_at: str
    status: BriefingStatus
    headline: str
    since: str | None


class BriefingsSchema(Schema):
    briefings: list[BriefingSummarySchema]
    next_cursor: str | None

    @classmethod
    def from_page(cls, page: BriefingPage) -> Self:
        return cls.model_validate(page)


class ComparisonSchema(Schema):
    """From the first briefing to the second; markers name `citations`."""

    model_config = ConfigDict(frozen=True, populate_by_name=True, serialize_by_alias=True)

    topic: str
    earlier: str = Field(alias="from")
    later: str = Field(alias="to")
    changes: ChangesSchema
    citations: list[CitationSchema]

    @classmethod
    def from_comparison(cls, comparison: Comparison) -> Self:
        return cls.model_validate(comparison_body(comparison))


class JobSchema(Schema):
    """`briefing_id` when it is done; `error`: problem details when it failed."""

    id: str
    topic: str
    state: Literal["queued", "running", "done", "failed"]
    created_at: str
    finished_at: str | None
    briefing_id: str | None
    error: dict[str, Any] | None

    @classmethod
    def from_job(cls, job: Job) -> Self:
        error = None if job.error is None else problem_body(job.error)
        return cls(
            id=job.id,
            topic=job.topic,
            state=job.state,
            created_at=job.created_at,
            finished_at=job.finished_at,
            briefing_id=job.briefing_id,
            error=error,
        )
