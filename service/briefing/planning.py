"""What there is to tell on a topic: statements, the events that they tell of, and what of it is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from service.briefing.delta import Before, Comparer, News
from service.briefing.events import EventGroup, grouped
from service.briefing.focus import Focus, focus_of
from service.briefing.gathering import Gathered, Gatherer
from service.briefing.nearness import Nearness
from service.briefing.open_questions import open_questions
from service.briefing.ranking import RankedEvent, ranked
from service.briefing.repeating import says_again
from service.briefing.request import BriefingRequest, Stretch
from service.briefing.selecting import Selection, Selector
from service.briefing.statements import Statement, statements_of
from service.library.library import Library
from service.types import Filters

_READ_WHOLE = 1_500
"""Sentences of all articles together up to which all of them are read; of more, the nearest to the topic."""
_MOST_OPEN = 3
_OPEN_SHARE = 0.3
"""Of the words of a briefing, for what is not known."""
_OPEN, _FIGURED = 0.7, 0.5
"""The share of the nearest sentence's nearness from which on it is told that something is not known, and
from which on figures are set beside others."""


@dataclass(frozen=True, eq=False, slots=True)
class Plan:
    """`filters`: what of the library was looked through. `statements`: of the events and beside them, whose figures
    are of the topic. `news`: `None` where there is no briefing before."""

    gathered: Gathered
    filters: Filters
    statements: Sequence[Statement]
    events: Sequence[RankedEvent]
    open: Sequence[tuple[int | None, Statement]]
    selection: Selection
    news: News | None

    @property
    def background(self) -> list[Statement]:
        """What tells of a long stretch of days."""
        return [statement for statement in self.statements if statement.place == "background"]


class Planner:
    """Safe to call from several threads."""

    def __init__(self, library: Library, gatherer: Gatherer, comparer: Comparer) -> None:
        self._library = library
        self._gatherer = gatherer
        self._comparer = comparer

    def filters(self, request: BriefingRequest, stretch: Stretch) -> Filters | None:
        """The articles of the stretch and the sources; `None` when there are none."""
        if not stretch.limited and not request.sources:
            return Filters()
        ids = self._library.articles_between(stretch.first, stretch.last, request.sources)
        return Filters(article_ids=tuple(ids)) if ids else None

    def gathered(self, request: BriefingRequest, filters: Filters) -> Gathered:
        """Raises IndexUnavailable, ModelUnavailable."""
        return self._gatherer.gather(request.topic, filters)

    def plan(
        self, request: BriefingRequest, gathered: Gathered, filters: Filters, today: date, before: Before | None
    ) -> Plan:
        """`today`: the day that the briefing speaks of."""
        contexts = [one.context for one in gathered.articles]
        whole = sum(len(context.spans) for context in contexts) <= _READ_WHOLE
        every = [s for one in gathered.articles for s in statements_of(one, all_of_it=whole)]
        news = None if before is None else self._comparer.news(every, before)
        is_new = None if news is None else news.is_new
        focus = focus_of(request.topic, today, contexts)
        groups = grouped(every)
        events = ranked(focus.kept(groups), today, is_new)
        beside = _beside(every, groups, events, focus)
        statements = [*(s for event in events for s in event.group.statements), *beside]
        nearness = Nearness(request.topic, statements)
        events.sort(key=lambda event: not nearness.is_told(event))  # of the others only figures and days are shown
        selector = Selector(events, nearness, request.max_words, is_new, beside)
        bottom = selector.bottom() if request.wants("bottom_line") else []
        unknown = self._open(request, events, [s for s in statements if nearness.is_near(s, least=_OPEN)], bottom)
        selector.take(statement for _, statement in unknown)
        developments = selector.developments() if request.wants("key_developments") else []
        figured = [s for s in statements if nearness.is_near(s, least=_FIGURED)]
        return Plan(gathered, filters, figured, events, unknown, Selection(bottom, developments), news)

    def _open(
        self,
        request: BriefingRequest,
        events: Sequence[RankedEvent],
        statements: Sequence[Statement],
        told: Sequence[tuple[int | None, Statement]],
    ) -> list[tuple[int | None, Statement]]:
        """Of `statements`, none that is `told`."""
        if not request.wants("not_known"):
            return []
        said = {statement.key for _, statement in told}
        kept: list[tuple[int | None, Statement]] = []
        room = int(request.max_words * _OPEN_SHARE)
        found = [one for one in open_questions(events, statements) if one[1].key not in said]
        firsts = {e: k for k, (e, _) in reversed(list(enumerate(found)))}
        # One of each event, before any event has two.
        for e, statement in sorted(found, key=lambda f: found[firsts[f[0]]] is not f):
            said_again = any(
                says_again(statement.reading, other.reading, float(statement.vector @ other.vector))
                for _, other in kept
            )
            if statement.words <= room and not said_again and len(kept) < _MOST_OPEN:
                kept.append((e, statement))
                room -= statement.words
        return kept


def _beside(
    statements: Sequence[Statement], groups: Sequence[EventGroup], events: Sequence[RankedEvent], focus: Focus
) -> list[Statement]:
    """What is of no one event, of the articles that are about the events asked for."""
    grouped_keys = {s.key for event in events for s in event.group.statements}
    kept = {id(event.group) for event in events}
    articles = {t.one.article.id for event in events for t in event.group.tellings if t.is_main or t.opens}
    others = {t.one.article.id for group in groups if id(group) not in kept for t in group.tellings}
    return [
        s
        for s in statements
        if s.place in ("background", "unknown")
        and s.one.article.id in articles
        and s.key not in grouped_keys
        and focus.may_be_of(s, alone=s.one.article.id not in others)
    ]
