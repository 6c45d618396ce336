"""Whether things that a claim puts together, a name and a figure, a date and a place, stand together in a sentence.

"Liberia had more than 4,800 deaths, Sierra Leone 3,900": a claim that gives Liberia the 3,900 has only words that are
there. Two things stand together unless another of the first one's kind, of which the claim says nothing, stands nearer
to the second, with the border of a clause or an item between.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations

from service.grounding.alignment import align, content_words
from service.grounding.opposites import opposed
from service.grounding.quantities import ORDINALS, quantities
from service.text.sentence import SentenceReading
from service.text.words import Token

_BORDER = re.compile(r"[,;:—–(]|\b(?:and|but|while|whereas|although|though|then|or)\b")
_PAIRS = {("name", "figure"), ("name", "rank"), ("date", "figure"), ("figure", "rank")}
"""What is checked to stand with what. A date has many figures, and a figure one date."""
_SURE = 0.9
_WHERE = frozenset("at in near on off outside around".split())
_ASIDE = 3
"""Words from a name to what only says where it lies: "Miyako, in Iwate prefecture"."""
_SUPERLATIVE = re.compile(r"^(?:most|least|best|worst|top|[a-z]{3,}est|only)$")
_NO_SUPERLATIVES = frozenset(
    "forest interest protest request guest arrest harvest contest conquest suggest honest west midwest".split()
)


@dataclass(frozen=True, slots=True)
class _Thing:
    """Something that pairs: the words `[first, last]` of a sentence. `kind`: what may take its place."""

    first: int
    last: int
    kind: str

    @property
    def sort(self) -> str:
        return self.kind.split()[0]


@lru_cache(maxsize=50_000)
def _things(reading: SentenceReading) -> tuple[_Thing, ...]:
    found = [_Thing(n.first, n.last, f"name {n.kind}") for n in reading.names]
    for quantity in quantities(reading):
        figure = quantity.figure
        inside = [i for i, w in enumerate(reading.words) if figure.start <= w.start < figure.end]
        if inside:
            # A length of time goes with what took it, and no date with it.
            sort = "span" if figure.unit == "duration" else "figure"
            found.append(_Thing(inside[0], inside[-1], f"{sort} {figure.unit}"))
    for mention in reading.dates:
        inside = [i for i, w in enumerate(reading.words) if mention.start <= w.start < mention.end]
        if inside:
            found.append(_Thing(inside[0], inside[-1], "date"))
    taken = {i for thing in found for i in range(thing.first, thing.last + 1)}
    for i, word in enumerate(reading.words):
        if i not in taken and _is_rank(word):
            found.append(_Thing(i, i, "rank"))
    return tuple(sorted(found, key=lambda t: t.first))


def _is_rank(word: Token) -> bool:
    lower = word.lower
    return lower in ORDINALS or (_SUPERLATIVE.match(lower) is not None and lower not in _NO_SUPERLATIVES)


@lru_cache(maxsize=50_000)
def mispaired(claim: SentenceReading, said: SentenceReading) -> tuple[tuple[str, str], ...]:
    """The pairs of a claim of one clause that stand apart in the sentence, each beside another of its kind."""
    places = {
        word.index: found.position
        for word, found in zip(content_words(claim), align(claim, said), strict=True)
        if found.position is not None and found.degree >= _SURE
    }
    things = [t for t in _things(claim) if any(i in places for i in range(t.first, t.last + 1))]
    theirs = _things(said)
    mine = {t: _place(t, places, theirs) for t in things}
    matched = {place for place in mine.values() if place is not None}
    found = []
    for one, other in permutations(things, 2):
        here, there = mine[one], mine[other]
        if here is None or there is None or here == there or (one.sort, other.sort) not in _PAIRS:
            continue
        if _displaced(here, there, theirs, matched, said):
            found.append((_text(claim, one), _text(claim, other)))
    return tuple(found)


def _place(thing: _Thing, places: dict[int, int], theirs: Sequence[_Thing]) -> _Thing | None:
    for i in range(thing.last, thing.first - 1, -1):
        if i in places:
            at = places[i]
            return next((t for t in theirs if t.first <= at <= t.last), None)
    return None


def _displaced(
    one: _Thing, other: _Thing, theirs: Sequence[_Thing], matched: set[_Thing], said: SentenceReading
) -> bool:
    """Whether a thing of the kind of `one`, unmatched, stands nearer to `other`, with fewer borders between."""
    borders = _borders(one, other, said)
    if not borders:
        return False
    return any(
        rival.kind == one.kind
        and rival not in matched
        and not _in_one_list(one, rival, theirs, said)
        and _is_placed(rival, said) == _is_placed(one, said)
        and not (_is_placed(rival, said) and 0 < rival.first - one.last <= _ASIDE)
        and _borders(rival, other, said) < borders
        and _distance(rival, other) < _distance(one, other)
        for rival in theirs
    )


def _in_one_list(one: _Thing, rival: _Thing, theirs: Sequence[_Thing], said: SentenceReading) -> bool:
    """ "Five members: Barron, Cooper, Flint and Mann": only names and commas stand between."""
    first, second = sorted((one, rival), key=lambda t: t.first)
    inside = [t for t in theirs if first.last < t.first and t.last < second.first and t.sort == one.sort]
    between = [i for i in range(first.last + 1, second.first) if not any(t.first <= i <= t.last for t in inside)]
    return all(said.words[i].lower in ("and", "or") for i in between)


def _is_placed(thing: _Thing, said: SentenceReading) -> bool:
    """Whether it only says where: "at the Luzhniki stadium"."""
    return any(w.lower in _WHERE for w in said.words[max(0, thing.first - 2) : thing.first])


def _distance(a: _Thing, b: _Thing) -> int:
    return max(b.first - a.last, a.first - b.last, 0)


def _borders(a: _Thing, b: _Thing, said: SentenceReading) -> int:
    first, second = sorted((a, b), key=lambda t: t.first)
    between = said.text[said.words[first.last].end : said.words[second.first].start]
    return sum(2 if match.group() in ";—–" else 1 for match in _BORDER.finditer(between))


def _text(reading: SentenceReading, thing: _Thing) -> str:
    return reading.text[reading.words[thing.first].start : reading.words[thing.last].end]


def other_rank(claim: SentenceReading, said: SentenceReading) -> tuple[str, ...]:
    """Ranks of the claim ("first", "largest") that the sentence does not give, or gives as another."""
    found = []
    carried = align(claim, said)
    for word, at in zip(content_words(claim), carried, strict=True):
        if _is_rank(claim.words[word.index]) and at.degree < 0.8:
            rival = any(_is_rank(w) for w in said.words) or any(opposed(word.lower, w.lower) for w in said.words)
            if rival:
                found.append(word.lower)
    return tuple(found)
