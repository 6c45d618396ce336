"""Which events a topic asks for: those of the days, the figures and the names that it names.

A topic that names none of these asks for all that is near to it. What it names keeps other events out only where some
event has it: of attacks on four days, "the attack of 14 November" is one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from service.briefing.events import EventGroup, Telling
from service.briefing.statements import Statement
from service.grounding.context import ArticleContext
from service.text.asked_dates import asked_dates
from service.text.intervals import DateMention, Interval, agreement
from service.text.names import Name, acronym, same_name
from service.text.sentence import SentenceReading, read_sentence
from service.text.words import Token, is_stop_word

_TELLING_FIGURE = 4
"""The least figure by which an event is told from others: "two attacks" names none."""
_NAMED = 0.4
"""The share of what the best event has of a topic's names, by weight, from which on an event is asked for too."""
_ONCE, _OF_ARTICLE = 0.6, 0.75
"""What a name counts for that one sentence has, and one that only the article has that mentions the event."""
_A_MONTH = timedelta(days=31)
_ORDINALS = frozenset("first second third fourth fifth sixth seventh eighth ninth tenth".split())
_READ = 200
"""Articles read for whether a word of a topic in small letters is a name."""


@dataclass(frozen=True, slots=True)
class Focus:
    """What a topic names. `names`: each the lower-case parts of one name."""

    days: tuple[Interval, ...]
    figures: frozenset[float]
    names: tuple[tuple[str, ...], ...]

    def kept(self, groups: Sequence[EventGroup]) -> list[EventGroup]:
        """The events that are asked for, in their order; none where all are of other days than the topic names."""
        return self._named(self._counted(self._of_days(groups)))

    def may_be_of(self, statement: Statement, *, alone: bool) -> bool:
        """Whether a sentence that is of no one event may stand beside the events asked for.

        `alone`: its article tells of no other ones.
        """
        if self.figures:
            return False
        fit = agreement(self.days, statement.event.intervals)
        return (
            not self.days
            or fit == "compatible"
            or (fit == "unknown" and (self._is_wide or (alone and not statement.event.elsewhere)))
        )

    def _of_days(self, groups: Sequence[EventGroup]) -> list[EventGroup]:
        """An event that nothing dates is told only where no event is known to be of these days."""
        if not self.days:
            return list(groups)
        of_days = [group for group in groups if self._is_of_days(group)]
        may_be = [group for group in groups if agreement(self.days, group.event.intervals) != "conflicting"]
        return of_days or may_be

    def _is_of_days(self, group: EventGroup) -> bool:
        """ "22 November" may be of 2022, and of any other year."""
        said = group.event.intervals
        if agreement(self.days, said) == "compatible":
            return not self._is_wide or any(day.year_known for day in said)
        return self._published(group)

    @property
    def _is_wide(self) -> bool:
        return all(day.year_known and day.reach.last - day.reach.first > _A_MONTH for day in self.days)

    def _published(self, group: EventGroup) -> bool:
        if group.event.intervals:
            return False
        tellings = (t for t in group.tellings if t.is_main)
        return any(t.one.context.published_within(t.statements[0].index, self.days) for t in tellings)

    def _counted(self, groups: Sequence[EventGroup]) -> list[EventGroup]:
        if not self.figures or not groups:
            return list(groups)
        counts = [len(self.figures & _figures(group)) for group in groups]
        most = max(counts)
        return [group for group, count in zip(groups, counts, strict=True) if count == most]

    def _named(self, groups: Sequence[EventGroup]) -> list[EventGroup]:
        if not self.names or len(groups) < 2:
            return list(groups)
        held = [[_held(name, group) for name in self.names] for group in groups]
        holders = [sum(1 for of_one in held if of_one[k]) for k in range(len(self.names))]
        weights = [math.log(1 + len(groups) / count) if count else 0.0 for count in holders]
        shares = [sum(w * h for w, h in zip(weights, of_one, strict=True)) for of_one in held]
        least = _NAMED * max(shares)
        return [group for group, share in zip(groups, shares, strict=True) if share >= least]


def focus_of(topic: str, today: date, contexts: Sequence[ArticleContext]) -> Focus:
    """`contexts`: the articles on the topic; by them a word in small letters is known for a name."""
    reading = read_sentence(topic)
    dates = asked_dates(topic, today)
    figures = frozenset(
        figure.value
        for figure in reading.figures
        if not figure.vague and figure.value >= _TELLING_FIGURE and not _inside(figure.start, dates)
    )
    days = tuple(mention.interval for mention in dates)
    return Focus(days, figures, tuple(_names(reading, dates, contexts[:_READ])))


def _inside(at: int, dates: Iterable[DateMention]) -> bool:
    return any(mention.start <= at < mention.end for mention in dates)


def _names(
    reading: SentenceReading, dates: Sequence[DateMention], contexts: Sequence[ArticleContext]
) -> Iterable[tuple[str, ...]]:
    """Names in capitals, but for the first word, words that articles write so, and ordinals: "the second flight"."""
    sure = [name for name in reading.names if not name.initial]
    within = {i for name in sure for i in range(name.first, name.last + 1)}
    yield from dict.fromkeys(name.parts for name in sure if not _inside(name.start, dates))
    for i, word in enumerate(reading.words):
        if _inside(word.start, dates) or i in within or word.numeric or len(word.lower) < 2:
            continue
        if word.lower in _ORDINALS or (not is_stop_word(word.lower) and _is_a_name(word, contexts)):
            yield (word.lower,)


def _is_a_name(word: Token, contexts: Sequence[ArticleContext]) -> bool:
    """Whether the articles write a word with a capital, other than at the beginning of a sentence, and seldom else."""
    if not any(word.lower in context.name_parts for context in contexts):
        return False
    small = re.compile(rf"\b{re.escape(word.lower)}\b")
    capital = re.compile(rf"\b{re.escape(word.lower[:1].upper() + word.lower[1:])}\b")
    texts = [context.article.text for context in contexts]
    return sum(len(capital.findall(t)) for t in texts) > 2 * sum(len(small.findall(t)) for t in texts)


def _figures(group: EventGroup) -> set[float]:
    readings = [s.reading for s in group.statements] + [t.one.context.title for t in group.tellings if t.is_main]
    return {figure.value for reading in readings for figure in reading.figures}


def _held(parts: tuple[str, ...], group: EventGroup) -> float:
    """How far an event has a name, 0..1: its title and opening wholly, one of many sentences less."""
    return max(_held_by(parts, telling) for telling in group.tellings)


def _held_by(parts: tuple[str, ...], telling: Telling) -> float:
    context = telling.one.context
    opening = [context.title, *(context.reading(i) for i in context.lead)]
    own = [_has(parts, statement.reading) for statement in telling.statements]
    if not telling.is_main:
        return max(max(own), _OF_ARTICLE * max(_has(parts, reading) for reading in opening))
    once = max(own)
    inside = once if sum(1 for share in own if share == once) > 1 else _ONCE * once
    return max(inside, *(_has(parts, reading) for reading in opening))


def _has(parts: tuple[str, ...], reading: SentenceReading) -> float:
    """The share of a name that a sentence has; its last part stands for all of it, and so do its initials."""
    if parts[0] in _ORDINALS:
        return float(any(word.lower == parts[0] for word in reading.words))
    words = [part for name in reading.names for part in name.parts]
    if any(same_name(parts[-1], word) for word in words) or _by_initials(parts, reading.names):
        return 1.0
    return sum(any(same_name(part, word) for word in words) for part in parts) / len(parts)


def _by_initials(parts: tuple[str, ...], names: Sequence[Name]) -> bool:
    """ "ECB" and "European Central Bank" are one name; "U.S." is read as "usa"."""
    short = _short(parts)
    return any(_short(name.parts) == short and (len(name.parts) > 1) != (len(parts) > 1) for name in names)


def _short(parts: tuple[str, ...]) -> str:
    if len(parts) == 1:
        return {"usa": "us"}.get(parts[0], parts[0])
    return acronym(parts) or ""
