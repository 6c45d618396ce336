"""From chosen sentences to a briefing: citations made by code, each sentence checked against what it cites."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field

from service.answering.checking import Checked
from service.answering.citing import CarriersOf, Citer, disagreement_cited, quotes
from service.briefing.briefing import (
    BriefedEvent,
    BriefingSentence,
    Change,
    FigureRow,
    FigureValue,
    TimelineEntry,
)
from service.briefing.clipping import clipped
from service.briefing.events import EventGroup
from service.briefing.figure_rows import Row, StatedFigure, disputes, stated_figures
from service.briefing.ranking import RankedEvent
from service.briefing.statements import Statement, is_for_timeline
from service.grounding.context import ArticleContext
from service.grounding.disagreements import Event
from service.grounding.sources import CitedSpan
from service.text.relative import is_time_of_saying
from service.types import Citation, Disagreement

_TIMELINE_WORDS, _TITLE_WORDS = 30, 14
_FIGURE_NEAR = 0.3
"""How near to the topic a sentence must be for its figures to be of the event that its article is about."""
_BACKGROUND_NEAR = 0.4
_MOST_ENTRIES = 20
_MOST_ROWS, _MOST_VALUES = 14, 8

ChangeOf = Callable[[Sequence[tuple[str, int]]], Change | None]
"""How a sentence that rests on these sentences, by article id and index, stands to the briefing before."""


@dataclass(frozen=True, eq=False, slots=True)
class _Entry:
    """What may stand in a timeline. `told`: the briefing's sections tell of it."""

    statement: Statement
    event: Event
    dated_by: tuple[ArticleContext, int] | None
    told: bool

    @property
    def order(self) -> tuple[bool, str]:
        return not self.event.intervals[0].year_known, self.event.iso() or ""


@dataclass(eq=False, slots=True)
class Composer:
    """Makes the parts of one briefing, in reading order, so that markers rise. `events`: ranked, all that there are."""

    carriers_of: CarriersOf
    events: Sequence[RankedEvent]
    citer: Citer = field(init=False)
    told: dict[int, int] = field(default_factory=dict)
    """Place among the ranked events to place in the briefing's list."""
    dropped: int = 0

    def __post_init__(self) -> None:
        self.citer = Citer(self.carriers_of)

    @property
    def citations(self) -> tuple[Citation, ...]:
        return tuple(self.citer.citations)

    def event_number(self, e: int | None) -> int | None:
        """The event's place in the briefing's list, where it now is."""
        return None if e is None else self.told.setdefault(e, len(self.told))

    def sentences(
        self, chosen: Iterable[tuple[int | None, Statement]], change_of: ChangeOf, said: Collection[str]
    ) -> tuple[BriefingSentence, ...]:
        """Word for word, each checked against its quote; what fails is dropped and counted. Not what is `said`."""
        found = []
        for e, statement in chosen:
            text = statement.text
            if text in said:
                continue
            marker = self.cite(statement)
            if not quotes(text, self.citer.citations[marker - 1].quote):
                self.dropped += 1
                continue
            number, change = self.event_number(e), change_of([statement.key])
            found.append(BriefingSentence(text, (marker,), 1.0, "supported", number, change))
        return tuple(found)

    def written(
        self, shipped: Iterable[Checked], change_of: ChangeOf, said: Collection[str]
    ) -> tuple[BriefingSentence, ...]:
        """A model's sentences that passed every check, those of one event together; none that is said already."""
        event_of = {s.key: e for e, ranked in enumerate(self.events) for s in ranked.group.statements}
        found: list[BriefingSentence] = []
        for item in shipped:
            if item.drafted.text in said:
                continue
            spans = _widest(item.check.spans)
            markers = [self.citer.cite(span.context, span.first, span.last).marker for span in spans]
            events = {event_of.get(key) for key in item.cited if key in event_of}
            number = self.event_number(events.pop()) if len(events) == 1 else None
            support, change = round(item.check.support, 4), change_of(sorted(item.cited))
            found.append(
                BriefingSentence(
                    item.drafted.text, tuple(dict.fromkeys(markers)), support, item.check.verdict, number, change
                )
            )
        order = list(dict.fromkeys(sentence.event for sentence in found))
        return tuple(sorted(found, key=lambda sentence: order.index(sentence.event)))

    def cite(self, statement: Statement) -> int:
        """The marker of a sentence, with the one before it where it leans on that."""
        context, index = statement.context, statement.index
        before = context.previous(index) if statement.leaning else None
        if before is not None:
            return self.citer.cite(context, before, index).marker
        return self.citer.cite(context, index).marker

    def timeline(self, background: Sequence[Statement]) -> tuple[TimelineEntry, ...]:
        """One entry an event and day, in order; days without a year stand last.

        Of many the events that are told of, then the most important.
        """
        entries: list[_Entry] = []
        for e, ranked in enumerate(self.events):
            event, statement = ranked.group.event, _telling(ranked.group)
            near = e in self.told or statement.relevance >= _BACKGROUND_NEAR
            if near and not statement.leaning and is_for_timeline(event):
                entries.append(_Entry(statement, event, ranked.group.dated_by, e in self.told))
        said = {entry.statement.key for entry in entries}
        for statement in sorted(background, key=lambda s: -s.relevance):
            event = statement.event
            fits = statement.relevance >= _BACKGROUND_NEAR and not statement.leaning and is_for_timeline(event)
            if fits and statement.key not in said and event.dated_by is None:
                entries.append(_Entry(statement, event, None, False))
        kept = sorted(entries, key=lambda entry: not entry.told)[:_MOST_ENTRIES]
        return tuple(self._entry(entry) for entry in sorted(kept, key=lambda entry: entry.order))

    def _entry(self, entry: _Entry) -> TimelineEntry:
        statement = entry.statement
        markers = [self.cite(statement)]
        if entry.dated_by is not None and entry.dated_by != (statement.context, statement.index):
            markers.append(self.citer.cite(*entry.dated_by).marker)
        text = clipped(statement.text, _TIMELINE_WORDS, _date_place(statement.context, statement.index))
        return TimelineEntry(entry.event.iso() or "", text, tuple(dict.fromkeys(markers)))

    def figures(self, statements: Sequence[Statement]) -> list[StatedFigure]:
        """What these sentences say how many of; one that is far from the topic is of no event."""
        event_of = {id(s): e for e, ranked in enumerate(self.events) for s in ranked.group.statements}
        found: list[StatedFigure] = []
        for statement in statements:
            e = event_of.get(id(statement)) if statement.relevance >= _FIGURE_NEAR else None
            for figure in stated_figures(statement, e):
                if e is not None and _is_of_another(figure.amount.value.event, self.events[e].group.event):
                    figure.event = None
                found.append(figure)
        return found

    def figure_rows(self, rows: Sequence[Row]) -> tuple[FigureRow, ...]:
        """Of these rows as many as a reader takes in."""
        shown = ((row.what, row.figures[:_MOST_VALUES]) for row in rows[:_MOST_ROWS])
        return tuple(FigureRow(what, tuple(map(self._value, figures))) for what, figures in shown)

    def _value(self, figure: StatedFigure) -> FigureValue:
        event = figure.amount.value.event
        number = self.event_number(figure.event)
        day = event.iso()
        if not event.intervals and figure.event is not None and figure.statement.place == "main":
            day = _own_day(self.events[figure.event].group, figure.statement)
        article = figure.statement.one.article
        marker = self.cite(figure.statement)
        return FigureValue(figure.shown, day, marker, number, article.source or article.title)

    def disagreements(self, rows: Sequence[Row], stated: Sequence[StatedFigure]) -> tuple[Disagreement, ...]:
        """Of all rows, also those that the table has no room for."""
        return tuple(disagreement_cited(about, values, self.citer) for about, values in disputes(rows, stated))

    def briefed_events(self) -> tuple[BriefedEvent, ...]:
        """Those that were told of, in the order in which they were numbered."""
        found = []
        for e in sorted(self.told, key=self.told.__getitem__):
            group = self.events[e].group
            day, dated = group.event.iso(), group.dated_by
            marker = None if day is None or dated is None else self.citer.cite(*dated).marker
            articles = len({telling.one.article.id for telling in group.tellings})
            found.append(BriefedEvent(event_title(group), day, marker, articles, group.sources))
        return tuple(found)


def _widest(spans: Sequence[CitedSpan]) -> list[CitedSpan]:
    """Without those that lie inside another one: who reads that has read them."""
    return [s for s in spans if not any(o is not s and _inside(s, o) for o in spans)]


def _inside(span: CitedSpan, other: CitedSpan) -> bool:
    same = span.context.article.id == other.context.article.id
    wider = (other.last - other.first) > (span.last - span.first)
    return same and wider and other.first <= span.first and span.last <= other.last


def event_title(group: EventGroup) -> str:
    """The title of the article that is about it; of what an article only mentions, the words around its day."""
    main = group.main
    if main.is_main:
        return main.one.article.title
    statement = main.statements[0]
    return clipped(statement.text, _TITLE_WORDS, _date_place(statement.context, statement.index))


def _telling(group: EventGroup) -> Statement:
    """The sentence that tells best what happened: one of the lead that names the day, else a lead, else the nearest."""
    return max(
        group.statements,
        key=lambda s: (
            not s.leaning,
            bool(s.event.intervals) and s.event.dated_by is None and s.is_lead,
            s.is_lead,
            s.relevance,
            -s.index,
        ),
    )


def _is_of_another(own: Event, event: Event) -> bool:
    """Whether the days of a figure are, or may be, those of another event than this one."""
    return own.conflicts(event) or (len(own.intervals) > 1 and own.intervals != event.intervals)


def _own_day(group: EventGroup, statement: Statement) -> str | None:
    """The day of the statement's own article's telling: another article's day is not carried over to it."""
    telling = next((t for t in group.tellings if t.one is statement.one and t.is_main), None)
    return None if telling is None else telling.event.iso()


def _date_place(context: ArticleContext, i: int) -> int:
    text = context.text(i)
    return next((m.start for m in context.dates(i) if not is_time_of_saying(text, m)), 0)
