"""The nouns of groundwire: frozen values whose invariants hold from construction on.

Offsets everywhere are Unicode code points of the *article's* cleaned text, half-open `[start, end)`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Self

from service.errors import CitationMismatch

Status = Literal["answered", "partial", "abstained"]
AbstentionReason = Literal["not_in_articles", "other_date", "off_topic", "unverified", "empty_library"]
Verdict = Literal["supported", "partially_supported", "not_supported", "contradicted"]


def revision_of(text: str) -> str:
    """The revision of a cleaned text: `sha256:` and 64 hex digits of its UTF-8 bytes."""
    return "sha256:" + hashlib.sha256(text.encode("utf-8")).hexdigest()


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range `[start, end)` of code points, never negative, never backwards."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"a span needs 0 <= start <= end, got [{self.start}, {self.end})")

    def contains(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def of(self, text: str) -> str:
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Article:
    """One article in one revision: `text` is cleaned, `revision` is its hash, dates are ISO 8601 or `None`."""

    id: str
    title: str
    text: str
    raw_text: str
    origin: str
    """The path or URL it was ingested from."""
    cleaner: str
    """Version of the cleaner that made `text` from `raw_text`."""
    ingested_at: str
    source: str | None = None
    url: str | None = None
    published_at: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    duplicate_of: str | None = None
    """Id of the article whose text this one repeats: exactly, then it has no chunks of its own, or nearly."""
    revision: str = field(default="")

    def __post_init__(self) -> None:
        if not self.id or not self.text:
            raise ValueError("an article needs an id and a text")
        actual = revision_of(self.text)
        if self.revision and self.revision != actual:
            raise ValueError(f"article {self.id}: revision {self.revision} is not the hash of its text")
        object.__setattr__(self, "revision", actual)

    @property
    def story(self) -> str:
        """Id of the original of the article and of all its copies."""
        return self.duplicate_of or self.id


@dataclass(frozen=True, slots=True)
class Chunk:
    """A span of one article's revision, made of whole sentences. `sentences` are absolute spans, in order."""

    article_id: str
    revision: str
    ordinal: int
    start: int
    end: int
    text: str
    sentences: tuple[Span, ...]

    def __post_init__(self) -> None:
        if self.end - self.start != len(self.text):
            raise ValueError(f"chunk {self.id}: span and text differ in length")
        here = Span(self.start, self.end)
        if not self.sentences or not all(here.contains(s) for s in self.sentences):
            raise ValueError(f"chunk {self.id}: sentences must lie inside it, and there must be one")

    @property
    def id(self) -> str:
        """Deterministic: the same span of the same revision always has the same id."""
        key = f"{self.article_id}\x00{self.revision}\x00{self.start}\x00{self.end}"
        return "chk_" + hashlib.sha256(key.encode("utf-8")).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search may return. Dates are ISO 8601, inclusive; `None` or empty means no limit."""

    published_from: str | None = None
    published_to: str | None = None
    include_undated: bool = False
    sources: tuple[str, ...] = ()
    article_ids: tuple[str, ...] = ()
    as_of: str | None = None
    """As if it were that moment: what was published (else ingested) later is left out."""

    @property
    def dated(self) -> bool:
        return self.published_from is not None or self.published_to is not None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A chunk retrieved for a query. Scores are in 0..1, higher is better; `score` is the fused one.

    The chunk's text is the article's at the chunk's span. The chunk itself may be another article's with the very same
    text: `article` is the copy that passes the filters.
    """

    chunk: Chunk
    article: Article
    score: float
    dense: float
    lexical: float
    carriers: tuple[Carrier, ...] = ()
    """Other articles that say the same, oldest first."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    evidence: tuple[Evidence, ...]
    excluded_undated: int


@dataclass(frozen=True, slots=True)
class Question:
    """What a person asked, with the limits they set."""

    text: str
    filters: Filters = Filters()
    max_sentences: int = 3


@dataclass(frozen=True, slots=True)
class Carrier:
    """An article that says the same as the cited one: with the whole text, or in just the words that are cited."""

    article_id: str
    source: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Citation:
    """A fact about text: `quote` is `[start, end)` of that revision of the article. Made only by `Citation.of`."""

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
    carriers: tuple[Carrier, ...] = ()

    @classmethod
    def of(cls, article: Article, span: Span, *, marker: int, carriers: Sequence[Carrier] = ()) -> Self:
        """Cite a span of the article in hand. Raises CitationMismatch when the span is not inside its text."""
        citation = cls(
            marker=marker,
            article_id=article.id,
            revision=article.revision,
            origin=article.origin,
            title=article.title,
            source=article.source,
            url=article.url,
            published_at=article.published_at,
            start=span.start,
            end=span.end,
            quote=span.of(article.text),
            carriers=tuple(carriers),
        )
        citation.check(article)
        return citation

    def check(self, article: Article) -> None:
        """Raise CitationMismatch unless the quote stands at these offsets in this revision of this article."""
        if article.id != self.article_id or article.revision != self.revision:
            raise CitationMismatch(f"citation of {self.article_id}@{self.revision} was checked against another article")
        # A slice past the end of a text is short and no error.
        whole = 0 < len(self.quote) == self.end - self.start
        if not whole or article.text[self.start : self.end] != self.quote:
            raise CitationMismatch(f"article {article.id} does not say this at [{self.start}, {self.end})")


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """One sentence that ships, with the markers it cites and how well they support it (0..1)."""

    text: str
    markers: tuple[int, ...]
    support: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class DisagreementValue:
    value: str
    marker: int
    event_date: str | None


@dataclass(frozen=True, slots=True)
class Disagreement:
    about: str
    values: tuple[DisagreementValue, ...]


@dataclass(frozen=True, slots=True)
class Usage:
    """What a model's work took, 0 where it did not say or none was asked. `cost_usd`: None where not known."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = None

    def __add__(self, other: Usage) -> Usage:
        costs = [cost for cost in (self.cost_usd, other.cost_usd) if cost is not None]
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            sum(costs) if costs else None,
        )


NO_USAGE = Usage()


@dataclass(frozen=True, slots=True)
class Answer:
    """What is shipped for a question. Every sentence's markers name citations; an abstention has none."""

    id: str
    question: str
    status: Status
    abstention_reason: AbstentionReason | None
    unanswered: str | None
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    confidence: float
    """Calibrated probability, 0..1, that the articles answer the question and this is the answer."""
    generator: str
    disagreements: tuple[Disagreement, ...] = ()
    degraded: bool = False
    degraded_reason: str | None = None
    dropped_sentences: int = 0
    unknown_markers: int = 0
    usage: Usage = NO_USAGE
    timings_ms: tuple[tuple[str, float], ...] = ()
    receipt_id: str | None = None

    def __post_init__(self) -> None:
        known = {c.marker for c in self.citations}
        used = {m for s in self.sentences for m in s.markers} | {v.marker for d in self.disagreements for v in d.values}
        if used != known:
            raise ValueError(f"answer {self.id}: markers {sorted(used)} do not match citations {sorted(known)}")
        if (self.status == "abstained") != (self.abstention_reason is not None):
            raise ValueError(f"answer {self.id}: an abstention, and only one, has a reason")
        if self.status == "abstained" and (self.citations or len(self.sentences) != 1):
            raise ValueError(f"answer {self.id}: an abstention is one sentence without citations")
        if self.status != "abstained" and not all(s.markers for s in self.sentences):
            raise ValueError(f"answer {self.id}: a sentence without a citation")

    @property
    def text(self) -> str:
        """The sentences in order, each followed by its markers."""
        return " ".join(s.text + "".join(f" [{m}]" for m in s.markers) for s in self.sentences)


@dataclass(frozen=True, slots=True)
class IngestFailure:
    """One input that could not be taken, and why, in one plain line."""

    origin: str
    error: str


@dataclass(frozen=True, slots=True)
class IngestedArticle:
    id: str
    revision: str
    title: str
    chunks: int


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest did. Counts are articles; `articles` lists all that are now in the library from this run."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    duplicates: int = 0
    failed: tuple[IngestFailure, ...] = ()
    articles: tuple[IngestedArticle, ...] = ()
    chunks_embedded: int = 0
