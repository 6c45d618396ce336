"""A briefing: what is shipped on a topic. Frozen values whose invariants hold from construction on.

Every marker anywhere in it names one of its citations. Dates of events are ISO dates or intervals (`2025-11-08`,
`2025-11-01/2025-11-07`, `--10-10` where the year is unknown), `None` where no article states one; they are never
guessed. `service.briefing.body` has it as JSON.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from service.types import NO_USAGE, Citation, Disagreement, Usage, Verdict

BriefingStatus = Literal["written", "nothing_new", "unknown_topic", "empty_window", "empty_library"]
"""`nothing_new`: all of it stood in the briefing before. The last three have no sections, and `headline` says why."""
Change = Literal["new", "updated", "unchanged"]
DatedBy = Literal["published_at", "ingested_at"]

BOTTOM_LINE = "Bottom line"
KEY_DEVELOPMENTS = "Key developments"
NOT_KNOWN = "What is not known"


@dataclass(frozen=True, slots=True)
class BriefingSentence:
    """One sentence with what it cites. `event` indexes `Briefing.events`; `None` where it is of no one event.

    `change`: against the briefing before, `None` where there is none.
    """

    text: str
    markers: tuple[int, ...]
    support: float
    verdict: Verdict
    event: int | None = None
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Sentences in the order in which they are read. Those of one event stand together."""

    title: str
    sentences: tuple[BriefingSentence, ...]


@dataclass(frozen=True, slots=True)
class BriefedEvent:
    """What several sentences tell of. `title`: that of its first article. `date_marker`: what states the date.

    `articles` counts those that tell of it, `sources` the independent ones among them: copies of one story count once.
    """

    title: str
    date: str | None
    date_marker: int | None
    articles: int
    sources: int


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """What happened when: in order of `date`, which an article states. What is not dated is not in a timeline."""

    date: str
    text: str
    markers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FigureValue:
    """A figure as it stands in the cited sentence, with the words it counts. `event` indexes `Briefing.events`."""

    value: str
    event_date: str | None
    marker: int
    event: int | None = None
    source: str | None = None
    """Who gives it: the outlet, else the article's title."""


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One quantity across events: the drones of one attack beside those of another."""

    what: str
    values: tuple[FigureValue, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """Of when the articles are, ISO 8601, both ends inclusive; `None` means no limit.

    An article is of its day of publication, else of the day on which it was taken in: `by_published` and `by_ingested`
    count the articles read of each kind.
    """

    since: str | None = None
    until: str | None = None
    by_published: int = 0
    by_ingested: int = 0


@dataclass(frozen=True, slots=True)
class BriefedArticle:
    """An article that was read. `cited` counts its citations here; `dated_by` says which of the dates placed it.

    Those with `published_at` `None` are a group of their own: nobody said when they were published.
    """

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
    copies: int = 0
    """Further articles with the same story, which count as one source with it."""


@dataclass(frozen=True, slots=True)
class ChangedText:
    text: str
    markers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class UpdatedValue:
    """A value that was given before and is another now. In JSON `old` and `new` are `from` and `to`.

    `markers`: what gave the old value, then what gives the new one.
    """

    what: str
    old: str
    new: str
    markers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What stood in the briefing before and no article says any longer. `reason` is one plain sentence."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Changes:
    """Against the last briefing of the same topic, `since` (its id) of `since_created_at`; both `None` on the first.

    A first briefing lists nothing here. `unchanged` is what readers have seen: to be folded away.
    """

    since: str | None = None
    since_created_at: str | None = None
    new: tuple[ChangedText, ...] = ()
    updated: tuple[UpdatedValue, ...] = ()
    withdrawn: tuple[Withdrawn, ...] = ()
    unchanged: tuple[ChangedText, ...] = ()

    @property
    def nothing_new(self) -> bool:
        """There is a briefing before and nothing differs from it."""
        return self.since is not None and not (self.new or self.updated or self.withdrawn)


@dataclass(frozen=True, slots=True)
class Briefing:
    """What is shipped on a topic. Every sentence cites, and its markers name citations; no citation is idle."""

    id: str
    topic: str
    created_at: str
    as_of: str
    """The moment it speaks of, ISO 8601: relative words in the request count from it."""
    status: BriefingStatus
    headline: str
    """One line without markers: the first words of the bottom line, or why there is nothing."""
    window: Window
    sections: tuple[Section, ...] = ()
    events: tuple[BriefedEvent, ...] = ()
    timeline: tuple[TimelineEntry, ...] = ()
    figures: tuple[FigureRow, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    citations: tuple[Citation, ...] = ()
    articles: tuple[BriefedArticle, ...] = ()
    """All that were read, the most cited first."""
    changes: Changes = Changes()
    nearest_topics: tuple[str, ...] = ()
    """What the library does have, where it has nothing on the topic."""
    sources: tuple[str, ...] = ()
    """The outlets that the request was limited to; empty means all."""
    generator: str = "extractive"
    degraded: bool = False
    degraded_reason: str | None = None
    dropped_sentences: int = 0
    unknown_markers: int = 0
    usage: Usage = NO_USAGE
    timings_ms: tuple[tuple[str, float], ...] = ()
    receipt_id: str | None = None

    def __post_init__(self) -> None:
        known = {c.marker for c in self.citations}
        used = set(self.markers_used())
        if used != known or len(known) != len(self.citations):
            raise ValueError(f"briefing {self.id}: markers {sorted(used)} do not match citations {sorted(known)}")
        if not all(s.markers for section in self.sections for s in section.sentences):
            raise ValueError(f"briefing {self.id}: a sentence without a citation")
        if self.sections and self.status not in ("written", "nothing_new"):
            raise ValueError(f"briefing {self.id}: it has sections, though its status is {self.status}")
        events = range(len(self.events))
        sentence_events = (s.event for section in self.sections for s in section.sentences)
        figure_events = (v.event for row in self.figures for v in row.values)
        if any(e is not None and e not in events for e in (*sentence_events, *figure_events)):
            raise ValueError(f"briefing {self.id}: an event that is not listed")

    def markers_used(self) -> Iterator[int]:
        """Every marker, wherever it stands, as often as it does."""
        for section in self.sections:
            for sentence in section.sentences:
                yield from sentence.markers
        for event in self.events:
            if event.date_marker is not None:
                yield event.date_marker
        for entry in self.timeline:
            yield from entry.markers
        for row in self.figures:
            yield from (value.marker for value in row.values)
        for disagreement in self.disagreements:
            yield from (value.marker for value in disagreement.values)
        for changed in (*self.changes.new, *self.changes.unchanged):
            yield from changed.markers
        for updated in self.changes.updated:
            yield from updated.markers

    def citation(self, marker: int) -> Citation:
        """Raises KeyError."""
        for citation in self.citations:
            if citation.marker == marker:
                return citation
        raise KeyError(marker)

    @property
    def words(self) -> int:
        """Of the sections' sentences: what the length budget counts."""
        return sum(len(s.text.split()) for section in self.sections for s in section.sentences)
