"""How near to the topic a sentence is: by its meaning, by the topic's words, and with what its article is about."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from service.briefing.gathering import OnTopic
from service.briefing.ranking import RankedEvent
from service.briefing.statements import Statement
from service.text.sentence import SentenceReading, read_sentence
from service.text.words import is_stop_word

_WORDS = 0.15
"""What all of the topic's words in a sentence count for beside a cosine of 1."""
_OF_ARTICLE = 0.5
"""How much of the way a sentence comes to the nearness of its article's opening: an article on the topic tells of it in
every sentence, of one that only comes to it the sentences do that name it."""
_BESIDE, _ABOUT = 0.6, 0.9
"""The nearness of an article's opening beside the nearest sentence of all up to which the article is about something
else, and from which on it is wholly about the topic."""
_NEAR, _EVENT_NEAR = 0.62, 0.75
"""The share of the nearest sentence's nearness from which on a sentence is on the topic, and with it its event."""
_MOST = 0.75
"""A nearer one than this only repeats the topic."""


class Nearness:
    """For one topic. `statements`: all that may be told."""

    def __init__(self, topic: str, statements: Sequence[Statement]) -> None:
        own = _Own(topic, statements)
        near = {s.key: own.of(s.relevance, s.reading) for s in statements}
        self._nearest = min(_MOST, max(near.values(), default=0.0))
        openings = {s.one.article.id: s.one for s in statements}
        pulls = {article_id: self._opening(one, own) for article_id, one in openings.items()}
        self._of: dict[tuple[str, int], float] = {}
        for statement in statements:
            opening, about = pulls[statement.one.article.id]
            own_nearness = near[statement.key]
            self._of[statement.key] = own_nearness + _OF_ARTICLE * about * max(0.0, opening - own_nearness)

    def of(self, statement: Statement) -> float:
        return self._of[statement.key]

    def share(self, statement: Statement) -> float:
        """Beside the nearest of all, 0..1."""
        return min(1.0, max(0.0, self.of(statement)) / self._nearest) if self._nearest > 0 else 1.0

    def is_near(self, statement: Statement, *, least: float = _NEAR) -> bool:
        return self.share(statement) >= least

    def is_told(self, event: RankedEvent) -> bool:
        """Whether a sentence of an event is near enough for the event to be told of."""
        return any(self.is_near(statement, least=_EVENT_NEAR) for statement in event.group.statements)

    def _opening(self, one: OnTopic, own: _Own) -> tuple[float, float]:
        """The nearness of an article's opening, and how far, 0..1, the article is about the topic."""
        context = one.context
        found = [own.of(float(one.relevance[i]), context.reading(i)) for i in context.lead if i < len(one.relevance)]
        opening = max(found, default=0.0)
        share = opening / self._nearest if self._nearest > 0 else 1.0
        return opening, min(1.0, max(0.0, (share - _BESIDE) / (_ABOUT - _BESIDE)))


class _Own:
    """The nearness of a sentence by itself: the rarer among the sentences, the more a word of the topic counts."""

    def __init__(self, topic: str, statements: Sequence[Statement]) -> None:
        read = read_sentence(topic)
        wanted = {w.stem: _groups(w.stem, read) for w in read.words if not is_stop_word(w.lower)}
        spread = Counter(stem for s in statements for stem, groups in wanted.items() if _says(s.reading, stem, groups))
        self._weights = {stem: math.log(1 + len(statements) / (1 + spread[stem])) for stem in wanted}
        self._wanted = wanted
        self._whole = sum(self._weights.values())

    def of(self, relevance: float, reading: SentenceReading) -> float:
        if not self._whole:
            return relevance
        said = sum(self._weights[stem] for stem, groups in self._wanted.items() if _says(reading, stem, groups))
        return relevance + _WORDS * said / self._whole


def _groups(stem: str, topic: SentenceReading) -> frozenset[int]:
    """The synonyms of a word of the topic."""
    return frozenset(g for c in topic.concepts if stem in c.stem.split() for g in c.groups if g > 0)


def _says(reading: SentenceReading, stem: str, groups: frozenset[int]) -> bool:
    return stem in reading.stems or not groups.isdisjoint(reading.concept_index.groups)
