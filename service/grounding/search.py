"""Which sentences of the evidence a claim may rest on: a quick look at shared words, before the careful one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from service.grounding.alignment import align, content_words
from service.grounding.context import ArticleContext
from service.grounding.lexicon import PREFIX, relatives, stems_of
from service.grounding.premise import Premise
from service.grounding.sources import Source
from service.text.sentence import SentenceReading

_LOOKED_AT = 10
"""Sentences that are aligned word by word, of all."""
_WEIGHED = 3
"""Sentences that are weighed, each alone and with a neighbour."""
_WORTH_A_NEIGHBOUR = 0.08
"""Coverage that a second sentence must add, or one alone is the narrower span."""


@dataclass(frozen=True, slots=True)
class _Place:
    context: ArticleContext
    sentence: int


def premises_for(claim: SentenceReading, sources: Sequence[Source], most: int = _WEIGHED) -> list[Premise]:
    """The premises that are worth weighing, likeliest first; none when no sentence shares a word."""
    places = dict.fromkeys(_Place(s.context, i) for s in sources for i in s.sentences)
    rough = sorted(((_rough(claim, p.context.reading(p.sentence)), p) for p in places), key=lambda found: -found[0])
    looked_at = [(coverage(claim, p.context.reading(p.sentence)), p) for score, p in rough[:_LOOKED_AT] if score > 0]
    looked_at.sort(key=lambda found: -found[0])
    premises: dict[tuple[int, tuple[int, ...]], Premise] = {}
    for alone, place in looked_at[:most]:
        _add(premises, Premise(place.context, (place.sentence,), place.sentence))
        for pair in _with_neighbours(claim, place, alone, places):
            _add(premises, pair)
    return list(premises.values())


def _add(premises: dict[tuple[int, tuple[int, ...]], Premise], premise: Premise) -> None:
    premises.setdefault((id(premise.context), premise.sentences), premise)


def _with_neighbours(claim: SentenceReading, place: _Place, alone: float, places: Iterable[_Place]) -> list[Premise]:
    context, i = place.context, place.sentence
    found = []
    for first in (i - 1, i):
        both = (first, first + 1)
        if first < 0 or both[1] >= len(context.spans) or any(context.reading(j).is_heading for j in both if j != i):
            continue
        together = coverage(claim, *(context.reading(j) for j in both))
        if together >= alone + _WORTH_A_NEIGHBOUR:
            found.append(Premise(context, both, i))
    return found


def coverage(claim: SentenceReading, *said: SentenceReading) -> float:
    """The share of a claim's content, by weight, that these sentences carry together, 0..1."""
    words = content_words(claim)
    total = sum(w.weight for w in words)
    if not total:
        return 0.0
    aligned = [align(claim, reading) for reading in said]
    return sum(w.weight * max(a[k].degree for a in aligned) for k, w in enumerate(words)) / total


def _rough(claim: SentenceReading, said: SentenceReading) -> float:
    """An upper view of the coverage from sets alone."""
    there = _keys(said)
    return sum(weight for weight, keys in _wanted(claim) if not keys.isdisjoint(there))


@lru_cache(maxsize=20_000)
def _keys(said: SentenceReading) -> frozenset[str]:
    stems = {one for word in said.words for one in stems_of(word.lower)}
    return frozenset(stems | {f"{one[:PREFIX]}*" for one in stems if len(one) >= PREFIX})


@lru_cache(maxsize=5_000)
def _wanted(claim: SentenceReading) -> tuple[tuple[float, frozenset[str]], ...]:
    found = []
    for word in content_words(claim):
        keys = {other for one in word.stems for other in relatives(one)}
        keys |= {f"{one[:PREFIX]}*" for one in word.stems if len(one) >= PREFIX}
        found.append((word.weight, frozenset(keys)))
    return tuple(found)
