"""What a reader is shown of a briefing, in the order in which it is read. Every format is made from this."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.briefing.briefing import (
    BOTTOM_LINE,
    KEY_DEVELOPMENTS,
    NOT_KNOWN,
    BriefedArticle,
    Briefing,
    BriefingSentence,
    FigureValue,
    Section,
)
from service.briefing.rendering.words import (
    SOURCE_NOT_STATED,
    counted,
    date_in_words,
    flat,
    moment_in_words,
    published_in_words,
    web_link,
)
from service.types import Citation


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence with its notes. `tag`: `new` or `updated`, against the briefing before."""

    text: str
    markers: tuple[int, ...]
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of one event under its title, or of none. `about`: its date, and how many tell of it."""

    title: str | None
    about: str | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Part:
    title: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class UpdatedLine:
    what: str
    old: str
    new: str
    markers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class GoneLine:
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class ChangesPart:
    """`since`: which briefing it is compared with, in words."""

    since: str
    nothing_new: bool
    new: tuple[Line, ...]
    updated: tuple[UpdatedLine, ...]
    withdrawn: tuple[GoneLine, ...]
    unchanged: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class FigureCell:
    value: str
    event: str | None
    date: str
    source: str
    marker: int


@dataclass(frozen=True, slots=True)
class Figure:
    what: str
    cells: tuple[FigureCell, ...]


@dataclass(frozen=True, slots=True)
class TimelineLine:
    date: str
    text: str
    markers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """`who` gives the value."""

    value: str
    date: str | None
    who: str
    marker: int


@dataclass(frozen=True, slots=True)
class Differing:
    about: str
    values: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class SourceLine:
    title: str
    url: str | None
    source: str
    published: str
    cited: int
    aside: str
    """What else is to be known of it, or nothing: when it was taken in, how many copies of it there are."""


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote: the quote, and where exactly it stands. `also_in`: others that say the same."""

    marker: int
    quote: str
    title: str
    url: str | None
    source: str
    published: str
    article_id: str
    revision: str
    start: int
    end: int
    also_in: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    id: str
    topic: str
    headline: str
    about: tuple[str, ...]
    """When it was written, of what window, from how many articles and by what: in words, one item each."""
    degraded: str | None
    bottom_line: Part | None
    changes: ChangesPart | None
    parts: tuple[Part, ...]
    figures: tuple[Figure, ...]
    timeline: tuple[TimelineLine, ...]
    differing: tuple[Differing, ...]
    not_known: Part | None
    nearest_topics: tuple[str, ...]
    sources: tuple[SourceLine, ...]
    undated: tuple[SourceLine, ...]
    """Articles of which nobody said when they were published: a group of their own."""
    notes: tuple[Note, ...]
    receipt_id: str | None

    def note(self, marker: int) -> Note:
        """Raises KeyError."""
        for note in self.notes:
            if note.marker == marker:
                return note
        raise KeyError(marker)


def page_of(briefing: Briefing) -> Page:
    named = {section.title: section for section in briefing.sections}
    first = [named[title] for title in (KEY_DEVELOPMENTS,) if title in named]
    others = [s for s in briefing.sections if s.title not in (BOTTOM_LINE, KEY_DEVELOPMENTS, NOT_KNOWN)]
    shown = [article for article in briefing.articles if article.cited]
    return Page(
        id=briefing.id,
        topic=flat(briefing.topic),
        headline=flat(briefing.headline),
        about=_about(briefing),
        degraded=flat(briefing.degraded_reason or "no reason is known") if briefing.degraded else None,
        bottom_line=_plain_part(named.get(BOTTOM_LINE)),
        changes=_changes(briefing),
        parts=tuple(_part(briefing, section) for section in [*first, *others]),
        figures=_figures(briefing),
        timeline=tuple(
            TimelineLine(date_in_words(entry.date), flat(entry.text), entry.markers) for entry in briefing.timeline
        ),
        differing=_differing(briefing),
        not_known=_plain_part(named.get(NOT_KNOWN)),
        nearest_topics=tuple(flat(topic) for topic in briefing.nearest_topics),
        sources=tuple(_source_line(article) for article in shown if article.published_at is not None),
        undated=tuple(_source_line(article) for article in shown if article.published_at is None),
        notes=tuple(_note(citation) for citation in sorted(briefing.citations, key=lambda c: c.marker)),
        receipt_id=briefing.receipt_id,
    )


def _about(briefing: Briefing) -> tuple[str, ...]:
    window = briefing.window
    items = [f"Written {moment_in_words(briefing.created_at)}"]
    if window.since is not None or window.until is not None:
        since = moment_in_words(window.since) if window.since else "the first article"
        until = moment_in_words(window.until) if window.until else "now"
        items.append(f"Articles from {since} to {until}")
    read = len(briefing.articles)
    if read:
        cited = sum(article.cited > 0 for article in briefing.articles)
        items.append(f"{counted(read, 'article')} read, {cited:,} cited")
    if window.by_ingested and (window.since or window.until):
        placed = counted(window.by_ingested, "article")
        items.append(f"{placed} placed by the day of taking in, for want of a date of publication")
    if briefing.sources:
        items.append("Only from " + ", ".join(flat(source) for source in briefing.sources))
    wording = "in the articles' own sentences" if briefing.generator == "extractive" else f"by {briefing.generator}"
    items.append(f"Worded {flat(wording)}; every sentence checked against what it cites")
    return tuple(items)


def _line(sentence: BriefingSentence) -> Line:
    tag = sentence.change if sentence.change in ("new", "updated") else None
    return Line(flat(sentence.text), sentence.markers, tag)


def _plain_part(section: Section | None) -> Part | None:
    if section is None or not section.sentences:
        return None
    return Part(section.title, (Group(None, None, tuple(_line(s) for s in section.sentences)),))


def _part(briefing: Briefing, section: Section) -> Part:
    """Neighbours of one event form a group."""
    groups: list[tuple[int | None, list[Line]]] = []
    for sentence in section.sentences:
        if not groups or groups[-1][0] != sentence.event:
            groups.append((sentence.event, []))
        groups[-1][1].append(_line(sentence))
    return Part(flat(section.title), tuple(_group(briefing, event, lines) for event, lines in groups))


def _group(briefing: Briefing, index: int | None, lines: Sequence[Line]) -> Group:
    if index is None:
        return Group(None, None, tuple(lines))
    event = briefing.events[index]
    told = f"{counted(event.articles, 'article')}, {counted(event.sources, 'independent source')}"
    date = date_in_words(event.date)
    return Group(flat(event.title), f"{date[:1].upper()}{date[1:]}; {told}", tuple(lines))


def _changes(briefing: Briefing) -> ChangesPart | None:
    """`None` for a first briefing, which has nothing to be compared with."""
    changes = briefing.changes
    if changes.since is None:
        return None
    when = f" of {moment_in_words(changes.since_created_at)}" if changes.since_created_at else ""
    return ChangesPart(
        since=f"the briefing{when}",
        nothing_new=changes.nothing_new,
        new=tuple(Line(flat(one.text), one.markers) for one in changes.new),
        updated=tuple(UpdatedLine(flat(u.what), flat(u.old), flat(u.new), u.markers) for u in changes.updated),
        withdrawn=tuple(GoneLine(flat(one.text), flat(one.reason)) for one in changes.withdrawn),
        unchanged=tuple(Line(flat(one.text), one.markers) for one in changes.unchanged),
    )


def _figures(briefing: Briefing) -> tuple[Figure, ...]:
    return tuple(
        Figure(flat(row.what), tuple(_cell(briefing, value) for value in row.values)) for row in briefing.figures
    )


def _cell(briefing: Briefing, value: FigureValue) -> FigureCell:
    event = None if value.event is None else briefing.events[value.event].title
    source = value.source or _who(briefing.citation(value.marker))
    return FigureCell(
        value=flat(value.value),
        event=None if event is None else flat(event),
        date=date_in_words(value.event_date),
        # An article that names no outlet goes by its title, and so does the event that it tells of.
        source=SOURCE_NOT_STATED if source == event else flat(source),
        marker=value.marker,
    )


def _differing(briefing: Briefing) -> tuple[Differing, ...]:
    return tuple(
        Differing(
            flat(disagreement.about),
            tuple(
                Said(
                    flat(value.value),
                    None if value.event_date is None else date_in_words(value.event_date),
                    flat(_who(briefing.citation(value.marker))),
                    value.marker,
                )
                for value in disagreement.values
            ),
        )
        for disagreement in briefing.disagreements
    )


def _who(citation: Citation) -> str:
    return citation.source or citation.title


def _source_line(article: BriefedArticle) -> SourceLine:
    asides = []
    if article.published_at is None:
        asides.append(f"taken in {published_in_words(article.ingested_at)}")
    if article.copies:
        asides.append(f"{counted(article.copies, 'further article')} with the same story")
    return SourceLine(
        title=flat(article.title),
        url=web_link(article.url),
        source=flat(article.source or SOURCE_NOT_STATED),
        published=published_in_words(article.published_at),
        cited=article.cited,
        aside="; ".join(asides),
    )


def _note(citation: Citation) -> Note:
    return Note(
        marker=citation.marker,
        quote=flat(citation.quote),
        title=flat(citation.title),
        url=web_link(citation.url),
        source=flat(citation.source or SOURCE_NOT_STATED),
        published=published_in_words(citation.published_at),
        article_id=flat(citation.article_id),
        revision=citation.revision,
        start=citation.start,
        end=citation.end,
        also_in=tuple(flat(c.source or c.url or c.article_id) for c in citation.carriers),
    )
