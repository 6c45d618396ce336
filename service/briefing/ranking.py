"""Which events come first: those that several independent sources tell of, the latest, and the nearest to the topic."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from service.briefing.events import EventGroup
from service.briefing.statements import Statement
from service.text.dating import publication_day

_CORROBORATION, _RECENCY, _CENTRALITY, _NEWS, _MAIN = 0.5, 0.6, 3.0, 1.2, 0.35
"""What each part counts for. Set by hand: that several say it, that it is of late, that it is on the topic, that it was
not in the briefing before, that an article is about it and does not only mention it."""
_HALF_LIFE = timedelta(days=3)
_UNDATED = 0.5
"""The recency of an event of which nothing says when it was."""
_CENTRAL = 3


@dataclass(frozen=True, eq=False, slots=True)
class RankedEvent:
    group: EventGroup
    score: float


def ranked(
    groups: Sequence[EventGroup], today: date, is_new: Callable[[Statement], bool] | None = None
) -> list[RankedEvent]:
    """The most important first, ties by the id of the first article. `is_new`: what was not known the last time.

    How late an event is counts from the last one until `today`: a plan for a day to come makes nothing old.
    """
    days = [day_of(group) for group in groups]
    newest = max((day for day in days if day is not None and day <= today), default=today)
    found = [RankedEvent(group, _score(group, day, newest, is_new)) for group, day in zip(groups, days, strict=True)]
    return sorted(found, key=lambda r: (-r.score, r.group.main.one.article.id, r.group.statements[0].index))


def day_of(group: EventGroup) -> date | None:
    """The last day of an event, where one is known with its year, else the day on which it was last written of."""
    intervals = group.event.intervals
    if len(intervals) == 1 and intervals[0].year_known and not intervals[0].open:
        return intervals[0].last
    published = (publication_day(t.one.article.published_at) for t in group.tellings)
    return max((day for day in published if day is not None), default=None)


def _score(group: EventGroup, day: date | None, newest: date, is_new: Callable[[Statement], bool] | None) -> float:
    recency = _UNDATED if day is None else 0.5 ** (max(timedelta(), newest - day) / _HALF_LIFE)
    nearest = sorted((s.relevance for s in group.statements), reverse=True)[:_CENTRAL]
    score = _CORROBORATION * math.log2(1 + group.sources) + _RECENCY * recency
    score += _CENTRALITY * sum(nearest) / len(nearest) + _MAIN * any(t.is_main for t in group.tellings)
    if is_new is not None and any(is_new(s) for s in group.statements):
        score += _NEWS
    return score
