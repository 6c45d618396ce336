"""How well one term of a question is met by one sentence: 1 the same word, less for a synonym, 0 not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.answering.reading import Term
from service.text.names import ROLES, Name, acronym, same_name
from service.text.numbers import numbers
from service.text.sentence import SHARED_PREFIX, SentenceReading

SYNONYM = 0.85
DERIVED = 0.8
STANDS_FOR = 0.6
_OTHER_BEARER = 0.2


@dataclass(frozen=True, slots=True)
class Match:
    """`degree` in 0..1 and the index of the matched word in the sentence (None when nothing matched)."""

    degree: float
    position: int | None


NO_MATCH = Match(0.0, None)


class TermMatcher:
    """Matches the terms of one question; a title or lead, which every sentence is seen with, is matched once."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self.terms = terms
        self._found: dict[str, tuple[Match, ...]] = {}

    def matches(self, sentence: SentenceReading) -> tuple[Match, ...]:
        """The match of every term in a sentence."""
        known = self._found.get(sentence.text)
        if known is None:
            known = self._found[sentence.text] = tuple(match_term(term, sentence) for term in self.terms)
        return known


def match_term(term: Term, sentence: SentenceReading) -> Match:
    """The best match of a term among a sentence's words, names and figures."""
    if term.number is not None:
        return _match_number(term.number, sentence)
    if term.name is not None and len(term.name.parts) > 1 and term.concept.first == term.concept.last:
        return _match_name(term.name, sentence)  # not by its first word; "United States" is one concept
    if term.name is not None:
        return max(_match_name(term.name, sentence), _match_concept(term, sentence), key=lambda m: m.degree)
    return _match_concept(term, sentence)


def _match_number(value: float, sentence: SentenceReading) -> Match:
    for number in numbers(sentence.words):
        if abs(number.value - value) < 1e-9 * max(1.0, abs(value)):
            return Match(1.0, number.first)
    return NO_MATCH


def _match_concept(term: Term, sentence: SentenceReading) -> Match:
    index, stem = sentence.concept_index, term.concept.stem
    if stem in index.positions:
        return Match(1.0, index.positions[stem])
    best = NO_MATCH
    if index.groups.isdisjoint(term.concept.groups) and stem[:SHARED_PREFIX] not in index.prefixes:
        return best
    for concept in sentence.concepts:
        degree = 0.0
        shared = concept.groups & term.concept.groups
        if shared:
            degree = SYNONYM if max(shared) > 0 else STANDS_FOR
        elif _derived(concept.stem, stem):
            degree = DERIVED
        if degree > best.degree:
            best = Match(degree, concept.first)
    return best


def _derived(a: str, b: str) -> bool:
    """One word made from the other, or both from one: "negotiator" and "negotiation"."""
    if a[:SHARED_PREFIX] != b[:SHARED_PREFIX] or min(len(a), len(b)) < SHARED_PREFIX or " " in a or " " in b:
        return False
    shared = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return max(len(a), len(b)) - shared <= 4


def _match_name(name: Name, sentence: SentenceReading) -> Match:
    parts = _proper(name.parts)
    best = NO_MATCH
    for other in sentence.names:
        degree = _name_degree(parts, _proper(other.parts))
        if degree > best.degree:
            best = Match(degree, other.first)
    if best.degree < 1.0 and len(parts) == 1:  # a name in lower case, or inside a compound word
        for i, word in enumerate(sentence.words):
            if same_name(parts[0], word.lower):
                return Match(1.0, i)
    return best


def _proper(parts: Sequence[str]) -> tuple[str, ...]:
    """A name without the roles in it: ("president", "zelensky") is ("zelensky",)."""
    kept = tuple(part for part in parts if part not in ROLES)
    return kept or tuple(parts)


def _name_degree(asked: Sequence[str], said: Sequence[str]) -> float:
    if _initials_agree(asked, said):
        return 1.0
    shared = [a for a in asked if any(same_name(a, s) for s in said)]
    if not shared:
        return 0.0
    if len(shared) == len(asked):
        return 1.0
    if len(shared) == len(said):  # "Vladimir Putin" asked, "Putin" said; but not "Vladimir" alone
        return 1.0 if asked[-1] in shared else 0.9 * len(shared) / len(asked)
    if asked[-1] in shared and len(asked) == 2 and len(said) == 2:
        return _OTHER_BEARER  # another person of the same family name
    return 0.9 * len(shared) / len(asked)


def _initials_agree(asked: Sequence[str], said: Sequence[str]) -> bool:
    return (len(asked) == 1 and asked[0] == acronym(said)) or (len(said) == 1 and said[0] == acronym(asked))
