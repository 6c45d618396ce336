"""How much of a claim's wording a premise has: the same words, synonyms, words made from one another."""

from __future__ import annotations

from service.grounding.premise import Premise
from service.text.names import same_name
from service.text.sentence import SHARED_PREFIX, ConceptIndex, SentenceReading
from service.text.thesaurus import Concept
from service.text.words import is_stop_word

SYNONYM = 0.9
STANDS_FOR = 0.8
DERIVED = 0.85
_AROUND = 0.8
"""What the sentences around carry counts less."""
_NAME = 2.0


def coverage(claim: SentenceReading, premise: Premise) -> float:
    """The share, 0..1, of the claim's content that the premise has; 1 where the claim has none."""
    named = {i for name in claim.names for i in range(name.first, name.last + 1)}
    total = found = 0.0
    for concept in claim.concepts:
        word = claim.words[concept.first]
        if concept.first == concept.last and is_stop_word(word.lower):
            continue
        weight = _NAME if concept.first in named or word.numeric else 1.0
        total += weight
        degree = max((_degree(concept, word.lower, reading) for reading in premise.readings), default=0.0)
        if degree < _AROUND:
            around = [premise.context.reading(i) for i in premise.around] + [premise.context.title]
            degree = max(degree, _AROUND * max((_degree(concept, word.lower, r) for r in around), default=0.0))
        found += weight * degree
    return found / total if total else 1.0


def _degree(concept: Concept, lower: str, reading: SentenceReading) -> float:
    index: ConceptIndex = reading.concept_index
    if concept.stem in index.positions or concept.stem in reading.stems:
        return 1.0
    best = 0.0
    for other in reading.concepts:
        shared = concept.groups & other.groups
        if shared:
            best = max(best, SYNONYM if max(shared) > 0 else STANDS_FOR)
        elif _derived(concept.stem, other.stem):
            best = max(best, DERIVED)
    if best == 0.0 and any(same_name(lower, word.lower) for word in reading.words if word.capitalised):
        return 1.0
    return best


def _derived(a: str, b: str) -> bool:
    return min(len(a), len(b)) >= SHARED_PREFIX and a[:SHARED_PREFIX] == b[:SHARED_PREFIX]
