"""What outside sends, checked before anything else sees it. The command line checks its options here too."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from service.types import Filters, Question

QUESTION_CHARACTERS = 4000
VERIFIED_CHARACTERS = 100_000
SOURCE_CHARACTERS = 1_000_000
"""Of all sources of one request together."""
ISO_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
FIRST_YEAR, LAST_YEAR = 1000, 9998
"""Inside these, a day can be added and a time zone applied without leaving what a calendar type can hold."""


def _valid_unicode(value: str) -> str:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise PydanticCustomError("unicode", "has half of a surrogate pair; take it out") from None
    return value


def _iso_moment(value: str) -> str:
    value = value.strip()
    wrong = PydanticCustomError(
        "date", "not a date; write an ISO 8601 date (2025-11-14) or moment (2025-11-14T09:30:00Z)"
    )
    if not ISO_MOMENT.fullmatch(value):
        raise wrong
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise wrong from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise PydanticCustomError("date", f"not a date news can have; the year must be {FIRST_YEAR} to {LAST_YEAR}")
    return value


def _question(value: str) -> str:
    value = value.strip()
    if not 1 <= len(value) <= QUESTION_CHARACTERS:
        raise PydanticCustomError(
            "question_length", f"must have 1 to {QUESTION_CHARACTERS:,} characters, has {len(value):,}"
        )
    return value


def _verified(value: str) -> str:
    if not value.strip():
        raise PydanticCustomError("blank", "has nothing to check; send a text")
    if len(value) > VERIFIED_CHARACTERS:
        raise PydanticCustomError(
            "text_length",
            f"has {len(value):,} characters, the limit is {VERIFIED_CHARACTERS:,}; send it in parts",
        )
    return value


def _source(value: str) -> str:
    if not value.strip():
        raise PydanticCustomError("blank", "is blank; leave it out, or send its text")
    return value


Text = Annotated[str, AfterValidator(_valid_unicode)]
Moment = Annotated[Text, AfterValidator(_iso_moment)]
QuestionText = Annotated[Text, AfterValidator(_question)]
Name = Annotated[Text, Field(min_length=1, max_length=2000)]
Mode = Literal["auto", "extractive", "llm"]


class RequestSchema(BaseModel):
    """Strict: no unknown fields, no numbers in quotes. `null` is the same as leaving an optional field out."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


class FilteredRequest(RequestSchema):
    as_of: Moment | None = None
    published_from: Moment | None = None
    published_to: Moment | None = None
    include_undated: bool | None = None
    sources: Annotated[list[Name], Field(max_length=200)] | None = None
    article_ids: Annotated[list[Name], Field(max_length=1000)] | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        first, last = self.published_from, self.published_to
        if first is not None and last is not None and instant(first, time.min) > instant(last, time.max):
            raise PydanticCustomError("date_order", f"published_from {first} is after published_to {last}; swap them")
        return self

    def to_filters(self) -> Filters:
        return Filters(
            published_from=self.published_from,
            published_to=self.published_to,
            include_undated=bool(self.include_undated),
            sources=tuple(self.sources or ()),
            article_ids=tuple(self.article_ids or ()),
            as_of=self.as_of,
        )


class AskRequest(FilteredRequest):
    question: QuestionText
    mode: Mode = "auto"
    max_sentences: Annotated[int, Field(ge=1, le=10)] | None = None
    stream: bool | None = None

    def to_question(self) -> Question:
        if self.max_sentences is None:
            return Question(text=self.question, filters=self.to_filters())
        return Question(text=self.question, filters=self.to_filters(), max_sentences=self.max_sentences)


class SearchRequest(FilteredRequest):
    query: QuestionText
    k: Annotated[int, Field(ge=1, le=100)] = 10


class VerifyRequest(RequestSchema):
    text: Annotated[Text, AfterValidator(_verified)]
    sources: Annotated[list[Annotated[Text, AfterValidator(_source)]], Field(min_length=1, max_length=1_000)] | None = (
        None
    )

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        size = sum(map(len, self.sources or ()))
        if size > SOURCE_CHARACTERS:
            raise PydanticCustomError(
                "sources_length",
                f"sources: have {size:,} characters in all, the limit is {SOURCE_CHARACTERS:,}; send those that matter",
            )
        return self


class ArticlesRequest(RequestSchema):
    """Articles are checked one by one later, so that a bad one does not stop the rest."""

    articles: Annotated[list[Any], Field(min_length=1)] | None = None
    urls: list[Text] | None = None

    @model_validator(mode="after")
    def _articles_only(self) -> Self:
        if self.urls is not None:
            raise PydanticCustomError(
                "urls", "urls: this release fetches nothing from the network; send the text of the page in articles"
            )
        if self.articles is None:
            raise PydanticCustomError("articles", "articles: required, a list of at least one article")
        return self


class ArticlesQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[Text, Field(max_length=2000)] | None = None


class ArticleQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    revision: Annotated[Text, Field(max_length=200)] | None = None


def instant(moment: str, whole_day: time) -> datetime:
    """A checked moment as an instant in UTC; a date without a time stands for that day's `whole_day`."""
    value = datetime.fromisoformat(moment)
    if "T" not in moment:
        value = datetime.combine(value.date(), whole_day)
    return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def field_errors(error: ValidationError) -> list[tuple[str, str]]:
    """(field, what is wrong) pairs; never the value that was sent."""
    return [described(one["loc"], one["type"], one["msg"]) for one in error.errors(include_input=False)]


def described(location: tuple[int | str, ...], kind: str, message: str) -> tuple[str, str]:
    """One pydantic error as (field, plain words); the field of an error about the whole body is `body`."""
    field = ".".join(str(part) for part in location) or "body"
    if field == "body" and kind in ("missing", "model_type", "model_attributes_type"):
        return field, "the body is not an object; send one JSON object"
    plain = {"missing": "required", "extra_forbidden": "unknown field; take it out"}
    return field, plain.get(kind, message[:1].lower() + message[1:])
