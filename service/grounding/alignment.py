"""Word by word: which word of a sentence carries which word of a claim, and how well."""

from __future__ import annotations

from collections.abc import KeysView
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from service.grounding.lexicon import (
    MADE_FROM,
    PREFIX,
    band,
    is_phrase,
    made_from_one,
    phrases_like,
    relatives,
    relatives_of_phrase,
    stems_of,
)
from service.grounding.naming import claimed_names
from service.text.names import acronym, same_name
from service.text.sentence import SentenceReading
from service.text.words import Token, is_stop_word

WordKind = Literal["word", "name", "figure", "date"]
ALIGNED = 0.5
"""From this degree on a word counts as carried."""
LIGHT = 0.3
"""The weight of a word that tells hardly anything: "made", "went"."""


@dataclass(frozen=True, slots=True)
class ClaimWord:
    """One content word of a claim. `weight`: what it tells, more for a rare one. `band`: see `lexicon.band`."""

    index: int
    lower: str
    stems: tuple[str, ...]
    kind: WordKind
    weight: float
    band: int


@dataclass(frozen=True, slots=True)
class Carried:
    """How well a word is carried, 0..1, and by which word of the sentence (None: by none)."""

    degree: float
    position: int | None


NOT_CARRIED = Carried(0.0, None)

_LIGHT = frozenset(
    "say said tell told report state accord announc add includ make made take took give gave get got go went come came "
    "becam becom use put set had year time one two new".split()
)


@lru_cache(maxsize=20_000)
def content_words(reading: SentenceReading) -> tuple[ClaimWord, ...]:
    """The words of a claim that tell something, in order."""
    named = {i: name.last - name.first + 1 for name in claimed_names(reading) for i in range(name.first, name.last + 1)}
    found = []
    for i, word in enumerate(reading.words):
        dated = next((d for d in reading.dates if d.start <= word.start < d.end), None)
        figure = word.numeric or any(f.start <= word.start < f.end for f in reading.figures)
        if is_stop_word(word.lower) and not (
            figure or dated is not None or (i in named and word.capitalised and i > 0)
        ):
            continue
        kind: WordKind = "date" if dated is not None else "figure" if figure else "name" if i in named else "word"
        rarity = band(word.lower)
        # A name, or a date, of three words tells no more than one of one word.
        parts = named[i] if kind == "name" else 1
        if dated is not None:
            parts = sum(dated.start <= w.start < dated.end for w in reading.words)
        weight = _weight(word, kind, rarity) / parts
        found.append(ClaimWord(i, word.lower, stems_of(word.lower), kind, weight, rarity))
    return tuple(found)


def _weight(word: Token, kind: WordKind, rarity: int) -> float:
    if kind != "word":
        return 1.5
    if word.stem in _LIGHT:
        return LIGHT
    return 0.4 + 0.6 * min(1.0, max(0.0, (rarity - 7) / 6))


@dataclass(frozen=True)
class _Lookup:
    """A sentence by its words, its stems, the beginnings of its longer stems, its phrases, and the values of its
    figures, each with a position."""

    words: dict[str, int]
    stems: dict[str, int]
    beginnings: dict[str, list[tuple[str, int]]]
    phrases: dict[tuple[str, ...], int]
    values: dict[float, int]


@lru_cache(maxsize=20_000)
def _lookup(said: SentenceReading) -> _Lookup:
    words: dict[str, int] = {}
    stems: dict[str, int] = {}
    beginnings: dict[str, list[tuple[str, int]]] = {}
    for i, word in enumerate(said.words):
        words.setdefault(word.lower, i)
        for one in stems_of(word.lower):
            stems.setdefault(one, i)
            if len(one) >= PREFIX:
                beginnings.setdefault(one[:PREFIX], []).append((one, i))
    values = {f.value: i for f in said.figures for i, w in enumerate(said.words) if f.start <= w.start < f.end}
    return _Lookup(words, stems, beginnings, dict(_phrases(said)), values)


def all_stems(said: SentenceReading) -> KeysView[str]:
    """All stems of a sentence, those of irregular forms too."""
    return _lookup(said).stems.keys()


@lru_cache(maxsize=50_000)
def align(claim: SentenceReading, said: SentenceReading) -> tuple[Carried, ...]:
    """For each content word of the claim the best word of one sentence."""
    lookup = _lookup(said)
    return tuple(_carried(word, claim, said, lookup) for word in content_words(claim))


def _carried(word: ClaimWord, claim: SentenceReading, said: SentenceReading, lookup: _Lookup) -> Carried:
    if word.lower in lookup.words:
        return Carried(1.0, lookup.words[word.lower])
    if word.kind == "figure":
        return _by_value(claim.words[word.index], claim, lookup)
    best = _by_stem(word, lookup)
    if best.degree < 1.0 and word.kind == "name":
        best = max(best, _by_name(word, claim, said), key=lambda c: c.degree)
    elif best.degree < MADE_FROM:
        best = max(best, _by_phrase(word, claim, lookup), key=lambda c: c.degree)
    return best


def _by_value(word: Token, claim: SentenceReading, lookup: _Lookup) -> Carried:
    """ "Sixty-three" is 63."""
    value = next((f.value for f in claim.figures if f.start <= word.start < f.end), None)
    return Carried(1.0, lookup.values[value]) if value is not None and value in lookup.values else NOT_CARRIED


def _by_stem(word: ClaimWord, lookup: _Lookup) -> Carried:
    best = NOT_CARRIED
    for mine in word.stems:
        if mine in lookup.stems:
            return Carried(1.0, lookup.stems[mine])
        known = relatives(mine)
        fewer, more = (lookup.stems, known) if len(lookup.stems) < len(known) else (known, lookup.stems)
        for other in fewer:
            if other in more:
                best = _better(best, Carried(known[other], lookup.stems[other]))
        if best.degree < MADE_FROM:
            for other, at in lookup.beginnings.get(mine[:PREFIX], ()):
                if made_from_one(mine, other):
                    best = Carried(MADE_FROM, at)
    return best


def _better(one: Carried, other: Carried) -> Carried:
    """The one that carries more, then the one that stands first: the order of words in a group differs by process."""
    if one.position is None or other.position is None or one.degree != other.degree:
        return one if one.degree >= other.degree else other
    return one if one.position <= other.position else other


def _by_name(word: ClaimWord, claim: SentenceReading, said: SentenceReading) -> Carried:
    for i, other in enumerate(said.words):
        if other.capitalised and same_name(word.lower, other.lower):
            return Carried(1.0, i)
    for name in said.names:
        if acronym(name.parts) == word.lower:
            return Carried(1.0, name.first)
    for name in claim.names:
        if name.first <= word.index <= name.last and (short := acronym(name.parts)):
            for i, other in enumerate(said.words):
                if other.lower == short:
                    return Carried(1.0, i)
    return NOT_CARRIED


def _by_phrase(word: ClaimWord, claim: SentenceReading, lookup: _Lookup) -> Carried:
    best = NOT_CARRIED
    for mine in word.stems:
        for phrase, degree in phrases_like(mine).items():
            if phrase in lookup.phrases:
                best = _better(best, Carried(degree, lookup.phrases[phrase]))
    for phrase, first in _phrases(claim):
        if first <= word.index < first + len(phrase):
            if phrase in lookup.phrases:
                return Carried(1.0, lookup.phrases[phrase])
            for other, degree in relatives_of_phrase(phrase).items():
                if other in lookup.stems:
                    best = _better(best, Carried(degree, lookup.stems[other]))
    return best


@lru_cache(maxsize=20_000)
def _phrases(said: SentenceReading) -> tuple[tuple[tuple[str, ...], int], ...]:
    """The known phrases in a sentence and where each begins."""
    stems = [stems_of(word.lower)[-1] for word in said.words]
    runs = ((tuple(stems[i : i + n]), i) for n in (2, 3) for i in range(len(stems) - n + 1))
    return tuple((run, i) for run, i in runs if is_phrase(run))
