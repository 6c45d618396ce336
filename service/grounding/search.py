"""Which sentences of the evidence a claim may rest on: a quick look at shared words, before the careful one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from service.grounding.alignment import ALIGNED, WordKind, align, content_words
from service.grounding.context import ArticleContext
from service.grounding.lexicon import PREFIX, relatives, stems_of
from service.grounding.premise import Premise
from service.grounding.sources import Source
from service.text.sentence import SentenceReading

AS_NEAR = 0.25
"""How much less near to a claim than the nearest sentence another may be and still be weighed."""
_LOOKED_AT = 10
"""Sentences that are aligned word by word, of all."""
_WEIGHED = 3
"""Sentences that are weighed, each alone and with a neighbour."""
_NEARNESS: dict[WordKind, float] = {"word": 1.0, "name": 0.6, "figure": 0.5, "date": 0.3}
_FURTHER = 2
_WORTH_A_SPAN = 0.5
"""Weight of the words that a further sentence must add."""
_ENOUGH = 0.85
"""The coverage from which on no further sentence is looked for."""
_WORTH_A_NEIGHBOUR = 0.08
"""Coverage that a second sentence must add, or one alone is the narrower span."""


@dataclass(frozen=True, slots=True)
class _Place:
    context: ArticleContext
    sentence: int


@dataclass(frozen=True, slots=True)
class Found:
    """The premises worth weighing for a claim, likeliest first, and how much of it stands anywhere in the sources."""

    premises: tuple[Premise, ...]
    anywhere: float


def premises_for(claim: SentenceReading, sources: Sequence[Source]) -> Found:
    """Look through the sources for what a claim may rest on; no premises when no sentence shares a word."""
    places = dict.fromkeys(_Place(s.context, i) for s in sources for i in s.sentences)
    rough = sorted(((_rough(claim, p.context.reading(p.sentence)), p) for p in places), key=lambda found: -found[0])
    near = [place for score, place in rough[:_LOOKED_AT] if score > 0]
    looked_at = sorted(((nearness(claim, p.context.reading(p.sentence)), p) for p in near), key=lambda found: -found[0])
    premises: dict[tuple[int, tuple[int, ...]], Premise] = {}
    nearest = looked_at[0][0] if looked_at else 0.0
    for at, place in looked_at[:_WEIGHED]:
        if at < nearest - AS_NEAR:
            break
        _add(premises, Premise(place.context, (place.sentence,), place.sentence))
        for pair in _with_neighbours(claim, place):
            _add(premises, pair)
    return Found(tuple(_extended(claim, p, near) for p in premises.values()), _anywhere(claim, places))


def word_for_word(sentence: SentenceReading, sources: Sequence[Source]) -> Premise | None:
    """The sentence of the sources that has the very same words in the same order."""
    words = [w.lower for w in sentence.words]
    for source in sources:
        for i in source.sentences:
            said = source.context.reading(i).words
            if len(said) == len(words) and all(w.lower == mine for w, mine in zip(said, words, strict=True)):
                return Premise(source.context, (i,), i)
    return None


def _extended(claim: SentenceReading, premise: Premise, near: Sequence[_Place]) -> Premise:
    """With up to two further sentences of the article, each of which carries words that the ones before lack."""
    words = content_words(claim)
    own = [align(claim, reading) for reading in premise.readings]
    degrees = [max(a[k].degree for a in own) for k in range(len(words))]
    if sum(w.weight * d for w, d in zip(words, degrees, strict=True)) >= _ENOUGH * sum(w.weight for w in words):
        return premise
    others = [p.sentence for p in near if p.context is premise.context and p.sentence not in premise.sentences]
    further: list[int] = []
    while len(further) < _FURTHER:
        gains = [(_gain(claim, degrees, premise.context.reading(i)), -i) for i in others if i not in further]
        if not gains or max(gains)[0] < _WORTH_A_SPAN:
            break
        best = -max(gains)[1]
        further.append(best)
        degrees = [max(d, c.degree) for d, c in zip(degrees, align(claim, premise.context.reading(best)), strict=True)]
    return replace(premise, further=tuple(further))


def _gain(claim: SentenceReading, degrees: Sequence[float], said: SentenceReading) -> float:
    return sum(
        word.weight * max(0.0, carried.degree - degree)
        for word, degree, carried in zip(content_words(claim), degrees, align(claim, said), strict=True)
        if degree < ALIGNED <= carried.degree
    )


def _anywhere(claim: SentenceReading, places: Iterable[_Place]) -> float:
    """The share of the claim's content that some sentence has, wherever."""
    wanted = _wanted(claim)
    total = sum(wanted.weights)
    found: set[int] = set()
    for place in places:
        found |= _hits(wanted, place.context.reading(place.sentence))
    return sum(wanted.weights[k] for k in found) / total if total else 1.0


def _add(premises: dict[tuple[int, tuple[int, ...]], Premise], premise: Premise) -> None:
    premises.setdefault((id(premise.context), premise.sentences), premise)


def _with_neighbours(claim: SentenceReading, place: _Place) -> list[Premise]:
    context, i = place.context, place.sentence
    alone = coverage(claim, context.reading(i))
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


@lru_cache(maxsize=50_000)
def nearness(claim: SentenceReading, said: SentenceReading) -> float:
    """How near a sentence is to what a claim says of things, whichever they are, 0..1.

    Names, dates and figures count less: in a claim that gives them wrongly, the rest still shows what it is about.
    """
    words = content_words(claim)
    carried = align(claim, said)
    weights = [w.weight * _NEARNESS[w.kind] for w in words]
    total = sum(weights)
    return sum(weight * c.degree for weight, c in zip(weights, carried, strict=True)) / total if total else 0.0


def _rough(claim: SentenceReading, said: SentenceReading) -> float:
    """An upper view of the coverage from sets alone."""
    wanted = _wanted(claim)
    return sum(wanted.weights[k] for k in _hits(wanted, said))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The weights of a claim's content words, and which of them each key of a sentence may carry."""

    weights: tuple[float, ...]
    words: dict[str, tuple[int, ...]]


def _hits(wanted: _Wanted, said: SentenceReading) -> set[int]:
    return {k for key in _keys(said) & wanted.words.keys() for k in wanted.words[key]}


@lru_cache(maxsize=20_000)
def _keys(said: SentenceReading) -> frozenset[str]:
    stems = {one for word in said.words for one in stems_of(word.lower)}
    return frozenset(stems | {f"{one[:PREFIX]}*" for one in stems if len(one) >= PREFIX})


@lru_cache(maxsize=5_000)
def _wanted(claim: SentenceReading) -> _Wanted:
    words: dict[str, tuple[int, ...]] = {}
    for k, word in enumerate(content_words(claim)):
        keys = {other for one in word.stems for other in relatives(one)}
        keys |= {f"{one[:PREFIX]}*" for one in word.stems if len(one) >= PREFIX}
        for key in keys:
            words[key] = (*words.get(key, ()), k)
    return _Wanted(tuple(w.weight for w in content_words(claim)), words)
