"""Sentences of many articles grouped into events: by their days, by who and where, by what they are about.

In doubt two events stay two: a figure under a wrong event misleads more than an event that is told twice.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from service.briefing.gathering import OnTopic
from service.briefing.statements import Statement
from service.grounding.context import ArticleContext
from service.grounding.disagreements import Event
from service.text.dating import publication_day
from service.text.intervals import Interval
from service.text.names import same_name
from service.text.sentence import SentenceReading
from service.text.words import is_stop_word

_ALIKE_DATED, _ALIKE_UNDATED = 0.45, 0.62
"""How alike what is told must be for it to be one event: where both name the same days, and where one does not."""
_NEAR_IN_TIME = timedelta(days=3)
_MOST_PAIRS = 60_000
_Key = tuple[str, tuple[Interval, ...] | None]
"""An article and the days of what it tells; `None` for its main event."""


@dataclass(eq=False, slots=True)
class Telling:
    """What one article tells of one event: of its main one, or of another day that it names."""

    one: OnTopic
    event: Event
    is_main: bool
    statements: list[Statement] = field(default_factory=list)

    @property
    def vector(self) -> NDArray[np.float32]:
        mean = np.mean([s.vector for s in self.statements], axis=0)
        length = float(np.linalg.norm(mean))
        return np.asarray(mean / length if length else mean, dtype=np.float32)

    @property
    def opens(self) -> bool:
        """Whether its article begins with it."""
        return any(statement.opens for statement in self.statements)

    def readings(self) -> list[SentenceReading]:
        """What tells it from others: the title and lead for a main event, else its own sentences."""
        context = self.one.context
        if self.is_main:
            return [context.title, *(context.reading(i) for i in context.lead)]
        return [statement.reading for statement in self.statements]


@dataclass(eq=False, slots=True)
class EventGroup:
    """Tellings of one event, the fullest first."""

    tellings: list[Telling]

    @property
    def statements(self) -> list[Statement]:
        return [statement for telling in self.tellings for statement in telling.statements]

    @property
    def main(self) -> Telling:
        return self.tellings[0]

    @property
    def event(self) -> Event:
        """That of the telling that is most exact about its day."""
        dated = [t.event for t in self.tellings if t.event.intervals]
        return min(dated, key=lambda e: _length(e)) if dated else Event()

    @property
    def dated_by(self) -> tuple[ArticleContext, int] | None:
        """The sentence that states the day; `None` where none does, or the title alone."""
        event = self.event
        for telling in self.tellings:
            if telling.event is event:
                index = event.dated_by if event.dated_by is not None else _own_date(telling)
                return None if index is None else (telling.one.context, index)
        return None

    @property
    def sources(self) -> int:
        """Independent ones: the copies of a story count once, and so does an outlet, however often it writes."""
        return len(independent(t.one for t in self.tellings))


def independent(articles: Iterable[OnTopic]) -> set[str]:
    """One name for each source that says something by itself."""
    by_story: dict[str, OnTopic] = {}
    for one in articles:
        if one.story not in by_story or one.article.duplicate_of is None:
            by_story[one.story] = one
    return {one.article.source.casefold() if one.article.source else f"\x00{s}" for s, one in by_story.items()}


def grouped(statements: Sequence[Statement]) -> list[EventGroup]:
    """The events that these sentences tell of. What is of no one day is in none."""
    tellings = _tellings(statements)
    if not tellings:
        return []
    places = _Places([telling.readings() for telling in tellings])
    vectors = np.stack([telling.vector for telling in tellings])
    groups = _Union(tellings)
    for _, a, b in _alike_pairs(vectors, places, tellings):
        groups.join(a, b)
    found = []
    for members in groups.members():
        ordered = sorted((tellings[i] for i in members), key=_fullness)
        found.append(EventGroup(ordered))
    return found


def _fullness(telling: Telling) -> tuple[bool, bool, float, str]:
    is_copy = telling.one.article.duplicate_of is not None
    return not telling.is_main, is_copy, -telling.one.nearness, telling.one.article.id


def _tellings(statements: Sequence[Statement]) -> list[Telling]:
    found: dict[_Key, Telling] = {}
    days: tuple[Interval, ...] | None
    for statement in statements:
        if statement.place == "main":
            days, event = None, _main_event(statement)
        elif statement.place == "dated":
            days, event = statement.event.intervals, statement.event
        else:
            continue
        telling = found.setdefault((statement.one.article.id, days), Telling(statement.one, event, days is None))
        telling.statements.append(statement)
    return list(found.values())


def _main_event(statement: Statement) -> Event:
    anchor = statement.context.anchor
    if anchor is None or any(i.open or i.last - i.first > timedelta(days=31) for i in anchor.intervals):
        return Event()
    return Event(tuple(anchor.intervals), anchor.sentence)


def _own_date(telling: Telling) -> int | None:
    return next((s.index for s in telling.statements if s.event.intervals and s.event.dated_by is None), None)


def _length(event: Event) -> tuple[bool, bool, timedelta]:
    first = event.intervals[0]
    return len(event.intervals) > 1, not first.year_known, first.last - first.first


class _Places:
    """Names and words of each telling, weighed by how few tellings have them."""

    def __init__(self, readings: Sequence[Sequence[SentenceReading]]) -> None:
        self.names = [frozenset(_names(of_one)) for of_one in readings]
        words = [Counter(_words(of_one)) for of_one in readings]
        spread = Counter(word for counted in words for word in counted)
        self._weights = [{word: math.log(1 + len(words) / spread[word]) for word in counted} for counted in words]
        self._lengths = [math.sqrt(sum(w * w for w in weights.values())) or 1.0 for weights in self._weights]
        self._spread = Counter(name for names in self.names for name in names)

    def alike(self, a: int, b: int) -> float:
        """The cosine of the two tellings' weighed words, 0..1."""
        fewer, more = sorted((self._weights[a], self._weights[b]), key=len)
        return sum(w * more[word] for word, w in fewer.items() if word in more) / (self._lengths[a] * self._lengths[b])

    def share_a_name(self, a: int, b: int) -> bool:
        """Whether they name one thing that not nearly all of them name, or have no such names."""
        common = 0.8 * len(self.names) if len(self.names) > 4 else len(self.names) + 1
        mine, theirs = ({n for n in self.names[i] if self._spread[n] < common} for i in (a, b))
        if not mine or not theirs:
            return True
        return not mine.isdisjoint(theirs) or any(same_name(x, y) for x in mine for y in theirs)


def _names(readings: Iterable[SentenceReading]) -> Iterable[str]:
    for reading in readings:
        for name in reading.names:
            if not name.initial:
                yield from name.parts


def _words(readings: Iterable[SentenceReading]) -> Iterable[str]:
    for reading in readings:
        yield from (word.stem for word in reading.words if not is_stop_word(word.lower))


def _alike_pairs(
    vectors: NDArray[np.float32], places: _Places, tellings: Sequence[Telling]
) -> list[tuple[float, int, int]]:
    """Pairs of tellings that may be of one event, the likest first."""
    cosines = vectors @ vectors.T
    firsts, seconds = np.nonzero(np.triu(cosines >= _ALIKE_DATED - 0.15, k=1))
    order = np.argsort(-cosines[firsts, seconds], kind="stable")[:_MOST_PAIRS]
    found = []
    for a, b in zip(firsts[order].tolist(), seconds[order].tolist(), strict=True):
        one, other = tellings[a], tellings[b]
        if one.event.conflicts(other.event):
            continue
        if one.one.story == other.one.story:
            if one.is_main == other.is_main and one.event.intervals == other.event.intervals:
                found.append((2.0, a, b))  # copies of one story
            continue
        both_dated = one.event.narrow and other.event.narrow
        if not both_dated and _published_apart(one, other):
            continue
        alike = (float(cosines[a, b]) + places.alike(a, b)) / 2
        if alike >= (_ALIKE_DATED if both_dated else _ALIKE_UNDATED) and places.share_a_name(a, b):
            found.append((alike, a, b))
    return sorted(found, key=lambda pair: (-pair[0], pair[1], pair[2]))


def _published_apart(one: Telling, other: Telling) -> bool:
    days = [publication_day(t.one.article.published_at) for t in (one, other)]
    return days[0] is not None and days[1] is not None and abs(days[0] - days[1]) > _NEAR_IN_TIME


class _Union:
    """Sets that are joined unless a day of the one conflicts with a day of the other."""

    def __init__(self, tellings: Sequence[Telling]) -> None:
        self._of = list(range(len(tellings)))
        self._members = {i: [i] for i in self._of}
        self._events = {i: [t.event] if t.event.intervals else [] for i, t in enumerate(tellings)}

    def join(self, a: int, b: int) -> None:
        first, second = sorted((self._of[a], self._of[b]))
        if first == second or any(x.conflicts(y) for x in self._events[first] for y in self._events[second]):
            return
        for i in self._members.pop(second):
            self._of[i] = first
            self._members[first].append(i)
        known = self._events[first]
        known += [event for event in self._events.pop(second) if all(event.intervals != k.intervals for k in known)]

    def members(self) -> list[list[int]]:
        return list(self._members.values())
