"""Words that say the opposite of one another: a hand-made list of news writing's, and WordNet's."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files

from service.grounding.lexicon import opposite, opposites_of, stems_of
from service.text.words import stem

_DENYING_BEGINNINGS = ("un", "in", "im", "dis", "non", "ir", "il")


@cache
def _sides() -> dict[str, tuple[frozenset[int], frozenset[int]]]:
    """Stem to the lines that have it on their left, and on their right."""
    left: dict[str, set[int]] = {}
    right: dict[str, set[int]] = {}
    text = files("service.grounding").joinpath("opposites.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    for number, line in enumerate(lines):
        for words, side in zip(line.split("|"), (left, right), strict=True):
            for word in words.split():
                side.setdefault(stem(word), set()).add(number)
    return {one: (frozenset(left.get(one, ())), frozenset(right.get(one, ()))) for one in {*left, *right}}


@lru_cache(maxsize=100_000)
def opposed(a: str, b: str) -> bool:
    """Whether two lower-case words are opposites in any of their meanings."""
    if a == b:
        return False
    return any(_opposed_stems(one, other) for one in stems_of(a) for other in stems_of(b))


@lru_cache(maxsize=20_000)
def across(word: str) -> frozenset[str]:
    """The stems that may say the opposite of a word, or stand on its own side of one: most words have none."""
    known = _sides()
    lines = [known[one] for one in stems_of(word) if one in known]
    numbers = {n for left, right in lines for n in (*left, *right)}
    beside = {one for one, sides in known.items() if numbers & (sides[0] | sides[1])} if numbers else set()
    for one in stems_of(word):
        beside |= opposites_of(one)
        beside |= {beginning + one for beginning in _DENYING_BEGINNINGS}
        beside |= {one[len(b) :] for b in _DENYING_BEGINNINGS if one.startswith(b)}
    return frozenset(beside)


def _opposed_stems(a: str, b: str) -> bool:
    if a == b:
        return False
    known = _sides()
    mine, others = known.get(a), known.get(b)
    if mine and others and (mine[0] & others[1] or mine[1] & others[0]):
        return True
    return opposite(a, b) or _denied(a, b) or _denied(b, a)


def _denied(longer: str, shorter: str) -> bool:
    """ "unharmed" and "harmed"."""
    return len(shorter) >= 4 and longer.endswith(shorter) and longer[: -len(shorter)] in _DENYING_BEGINNINGS


@lru_cache(maxsize=100_000)
def same_side(a: str, b: str) -> bool:
    """Whether two different lower-case words stand on the same side of a pair of opposites: "slowed" and "down"."""
    if a == b:
        return False
    known = _sides()
    for one in stems_of(a):
        for other in stems_of(b):
            mine, others = known.get(one), known.get(other)
            if mine and others and (mine[0] & others[0] or mine[1] & others[1]):
                return True
    return False
