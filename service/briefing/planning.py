"""What there is to tell on a topic: statements, the events that they tell of, and what of it is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from service.briefing.delta import Before, Comparer, News
from service.briefing.events import grouped
from service.briefing.gathering import Gathered, Gatherer
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


@dataclass(frozen=True, eq=False, slots=True)
class Plan:
    """`filters`: what of the library was looked through. `news`: `None` where there is no briefing before."""

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
        whole = sum(len(one.context.spans) for one in gathered.articles) <= _READ_WHOLE
        statements = [s for one in gathered.articles for s in statements_of(one, all_of_it=whole)]
        news = None if before is None else self._comparer.news(statements, before)
        is_new = None if news is None else news.is_new
        events = ranked(grouped(statements), today, is_new)
        unknown = self._open(request, events, statements)
        spent = sum(statement.words for _, statement in unknown)
        selector = Selector(events, request.max_words - spent, is_new, [statement for _, statement in unknown])
        selection = selector.selected(
            bottom=request.wants("bottom_line"), developments=request.wants("key_developments")
        )
        return Plan(gathered, filters, statements, events, unknown, selection, news)

    def _open(
        self, request: BriefingRequest, events: Sequence[RankedEvent], statements: Sequence[Statement]
    ) -> list[tuple[int | None, Statement]]:
        if not request.wants("not_known"):
            return []
        kept: list[tuple[int | None, Statement]] = []
        room = int(request.max_words * _OPEN_SHARE)
        found = open_questions(events, statements)
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
