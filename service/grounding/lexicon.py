"""How words of a language relate: how rare one is, which mean the same, which the opposite.

`service.text.thesaurus` has what news writing uses for one another; this has the rest, from WordNet, cut down to common
words (`lexicon.txt`, made by eval/lexicon.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files

from service.text.thesaurus import groups_of
from service.text.thesaurus import members as thesaurus_members
from service.text.words import stem

SAME = 1.0
GROUPED = 0.9
SENSE = 0.85
RARE_SENSE = 0.65
MADE_FROM = 0.85
STANDS_FOR = 0.75
MORE_GENERAL = 0.7
MORE_PARTICULAR = 0.45  # less than carries: who asked has not yet sued
UNKNOWN_BAND = 15
PREFIX = 6
"""Letters that the stems of two words made from one another share at least."""


@dataclass(slots=True)
class _Lexicon:
    bands: dict[str, int] = field(default_factory=dict)
    irregular: dict[str, str] = field(default_factory=dict)
    senses: dict[str, dict[int, bool]] = field(default_factory=lambda: defaultdict(dict))
    """Stem to its senses; whether it often means that."""
    phrases: dict[tuple[str, ...], dict[int, bool]] = field(default_factory=lambda: defaultdict(dict))
    members: dict[int, dict[str, bool]] = field(default_factory=lambda: defaultdict(dict))
    phrases_of: dict[int, list[tuple[str, ...]]] = field(default_factory=lambda: defaultdict(list))
    general: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    particular: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    derived: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    groups: dict[int, frozenset[str]] = field(default_factory=thesaurus_members)
    opposites: set[frozenset[str]] = field(default_factory=set)
    opposites_of: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


@cache
def _lexicon() -> _Lexicon:
    known, section, sense = _Lexicon(), "", 0
    for line in _lines():
        if line.startswith("["):
            section, sense = line, 0
        elif section == "[frequency]":
            known.bands.update(dict.fromkeys(line.split(), sense))
            sense += 1
        elif section == "[irregular]":
            form, lemma = line.split()
            known.irregular[form] = stem(lemma)
        elif section == "[senses]":
            _read_sense(known, line.split()[1:], sense)
            sense += 1
        else:
            pair = [stem(word) for word in line.split()]
            known.opposites.add(frozenset(pair))
            for one, other in (pair, reversed(pair)):
                known.opposites_of[one].add(other)
    return known


def _lines() -> Iterator[str]:
    text = files("service.grounding").joinpath("lexicon.txt").read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))


def _read_sense(known: _Lexicon, fields: Sequence[str], sense: int) -> None:
    for word in fields:
        if word[0] == "<":
            known.general[sense].append(int(word[1:]))
            known.particular[int(word[1:])].append(sense)
        elif word[0] == "+":
            known.derived[sense].append(int(word[1:]))
            known.derived[int(word[1:])].append(sense)
        else:
            often = word[-1] != "-"
            stems = tuple(stem(part) for part in word.rstrip("-").split("_"))
            if len(stems) == 1:
                often = often or known.senses[stems[0]].get(sense, False)
                known.senses[stems[0]][sense] = known.members[sense][stems[0]] = often
            else:
                known.phrases[stems][sense] = often
                known.phrases_of[sense].append(stems)


def band(word: str) -> int:
    """How rare a lower-case word is: 0 for the most common ones, one more for each halving, 15 when it is unknown."""
    bands = _lexicon().bands
    known = bands.get(word)
    return known if known is not None else bands.get(stem(word), UNKNOWN_BAND)


def has_senses(word: str) -> bool:
    """Whether a lower-case word is a common one, and not only a name."""
    return any(one in _lexicon().senses for one in stems_of(word))


@lru_cache(maxsize=50_000)
def stems_of(word: str) -> tuple[str, ...]:
    """The stem of a lower-case word, that of the word that it is an irregular form of ("fled": flee), and others that
    the stemmer misses ("sued": sue)."""
    found = [stem(word)]
    if (lemma := _lexicon().irregular.get(word)) is not None:
        found.append(lemma)
    for ending, instead in (("ed", "e"), ("ing", "e"), ("ier", "y"), ("iest", "y"), ("er", ""), ("est", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 2:
            base = stem(word[: -len(ending)] + instead)
            if base not in found and base in _lexicon().senses and found[0] not in _lexicon().senses:
                found.append(base)
    return tuple(found)


def likeness(claimed: str, said: str) -> float:
    """How well what a text says by one stem carries what a claim says by another, 0..1."""
    degree = relatives(claimed).get(said, 0.0)
    return MADE_FROM if degree < MADE_FROM and made_from_one(claimed, said) else degree


@lru_cache(maxsize=20_000)
def relatives(claimed: str) -> Mapping[str, float]:
    """The stems that carry, more or less, what a claim says by this one, itself included."""
    found: dict[str, float] = {}
    known = _lexicon()
    for group in groups_of(claimed):
        _note(found, known.groups[group], GROUPED if group > 0 else STANDS_FOR)
    _by_senses(found, known, known.senses.get(claimed) or {})
    found[claimed] = SAME
    return found


@lru_cache(maxsize=20_000)
def relatives_of_phrase(claimed: tuple[str, ...]) -> Mapping[str, float]:
    """The same for the stems of a phrase ("shoot down")."""
    found: dict[str, float] = {}
    _by_senses(found, _lexicon(), _lexicon().phrases.get(claimed) or {})
    return found


@lru_cache(maxsize=20_000)
def phrases_like(claimed: str) -> Mapping[tuple[str, ...], float]:
    """The phrases that carry what a claim says by one stem."""
    known = _lexicon()
    found: dict[tuple[str, ...], float] = {}
    for sense, often in (known.senses.get(claimed) or {}).items():
        for phrase in known.phrases_of.get(sense, ()):
            degree = SENSE if often and known.phrases[phrase][sense] else RARE_SENSE
            found[phrase] = max(degree, found.get(phrase, 0.0))
    return found


def is_phrase(stems: tuple[str, ...]) -> bool:
    return stems in _lexicon().phrases


@lru_cache(maxsize=50_000)
def opposite(a: str, b: str) -> bool:
    """Whether two stems are each other's opposite."""
    return frozenset((a, b)) in _lexicon().opposites


def opposites_of(word: str) -> frozenset[str]:
    """The stems that are opposites of one."""
    return frozenset(_lexicon().opposites_of.get(word, ()))


def _by_senses(found: dict[str, float], known: _Lexicon, mine: Mapping[int, bool]) -> None:
    for sense, often in mine.items():
        words = known.members.get(sense, {})
        _note(found, [w for w, also in words.items() if also and often], SENSE)
        _note(found, words, RARE_SENSE)
        if not often:
            continue
        for kind, degree in (
            (known.derived, MADE_FROM),
            (known.particular, MORE_GENERAL),
            (known.general, MORE_PARTICULAR),
        ):
            for other in kind.get(sense, ()):
                _note(found, [w for w, also in known.members.get(other, {}).items() if also], degree)


def _note(found: dict[str, float], stems: Iterable[str], degree: float) -> None:
    for word in stems:
        if found.get(word, 0.0) < degree:
            found[word] = degree


def made_from_one(a: str, b: str) -> bool:
    """One word made from the other, or both from one: "negotiator" and "negotiation"."""
    if a[:PREFIX] != b[:PREFIX] or min(len(a), len(b)) < PREFIX:
        return False
    shared = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return max(len(a), len(b)) - shared <= 4
