"""Words that news writing uses for one another: a hand-made thesaurus of groups, matched on stems and on short phrases.

A word may stand in several groups; two words mean the same here when they share one. A group that opens with `~` holds
words that only stand for one another (a government and its capital), which counts less. `=word` matches that form only,
because its stem means something else ("downed" is not "down"). Phrases follow a `|`; `lose/lost heart` is two of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import product

from service.text.words import Token, stem, tokens

_GROUPS = files("service.text").joinpath("thesaurus.txt").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Concept:
    """One word, or one known phrase, of a text: `[first, last]` are token indexes, `groups` its thesaurus groups."""

    first: int
    last: int
    stem: str
    groups: frozenset[int]
    """Negative numbers are the looser groups."""


def _load() -> tuple[dict[str, set[int]], dict[str, set[int]], dict[tuple[str, ...], set[int]]]:
    stems: dict[str, set[int]] = {}
    forms: dict[str, set[int]] = {}
    phrases: dict[tuple[str, ...], set[int]] = {}
    for number, line in enumerate(_GROUPS.strip().splitlines(), start=1):
        words, *longer = line.split("|")
        sign = -1 if words.startswith("~") else 1
        number *= sign
        for word in words.removeprefix("~").split():
            if word.startswith("="):
                forms.setdefault(word[1:], set()).add(number)
            else:
                stems.setdefault(stem(word), set()).add(number)
        for phrase in longer:
            for said in product(*(word.split("/") for word in phrase.split())):
                phrases.setdefault(tuple(t.stem for t in tokens(" ".join(said))), set()).add(number)
    return stems, forms, phrases


_STEMS, _FORMS, _PHRASES = _load()
_LONGEST = max(map(len, _PHRASES))


def groups_of(stem_or_form: str) -> frozenset[int]:
    """The groups of one word, given its stem (not the word: the stem of a stem may be another)."""
    return frozenset(_FORMS.get(stem_or_form) or _STEMS.get(stem_or_form) or set())


def members() -> dict[int, frozenset[str]]:
    """Every group with the stems, and the forms that stand for themselves, of its single words."""
    found: dict[int, set[str]] = {}
    for known in (_STEMS, _FORMS):
        for word, numbers in known.items():
            for number in numbers:
                found.setdefault(number, set()).add(word)
    return {number: frozenset(words) for number, words in found.items()}


def concepts(words: Sequence[Token]) -> list[Concept]:
    """The concepts of a text in order: known phrases first, every other word by itself."""
    found: list[Concept] = []
    i = 0
    while i < len(words):
        for length in range(min(_LONGEST, len(words) - i), 1, -1):
            key = tuple(w.stem for w in words[i : i + length])
            if key in _PHRASES:
                found.append(Concept(i, i + length - 1, " ".join(key), frozenset(_PHRASES[key])))
                i += length
                break
        else:
            word = words[i]
            groups = _FORMS.get(word.lower, set()) if word.lower in _FORMS else _STEMS.get(word.stem, set())
            found.append(Concept(i, i, word.stem if word.lower not in _FORMS else word.lower, frozenset(groups)))
            i += 1
    return found
