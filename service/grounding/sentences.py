"""A sentence as a whole, from the weighings of its claims: what stands out in it tells more than each claim by itself.

A claim that nothing bears out, beside another that is taken word for word, was put in; a sentence in other words all
through was reworded.
"""

from __future__ import annotations

from collections.abc import Sequence

from service.grounding.edits import edits
from service.grounding.meaning import MEANING
from service.grounding.weighing import FEATURES, Weighing
from service.text.sentence import SentenceReading

_LEAST = "anywhere spread_coverage coverage own_coverage plain_coverage least_plain degree together length".split()
_MOST = (
    "own_coverage coverage together length copied_but missing_words missing_share lost_weight rarest_missing further "
    "figures_loose names_around borrowed contradicted undenied other_actor other_rank acts_elsewhere substituted "
    "inserted"
).split()
_AT_LEAST = tuple(FEATURES.index(name) for name in _LEAST)
_AT_MOST = tuple(FEATURES.index(name) for name in _MOST)
OF_WORDS = (*(f"least {n}" for n in _LEAST), *(f"most {n}" for n in _MOST), "substituted", "inserted", "claims")
"""The least and the most that a feature is among the claims, and what stands in the place of what in the sentence."""
OF_MEANING = (*OF_WORDS, *(f"least {n}" for n in MEANING))
_INSERTED = OF_WORDS.index("inserted")
_PUT_IN = 1.5
"""The weight of two or three telling words. Of our own true sentences none has that many, of the entailment pairs'
0.7 %."""
WORSE = frozenset(
    "substituted inserted".split()
    + [
        f"most {name}"
        for name in (
            "missing_words lost_weight rarest_missing figures_loose names_around borrowed contradicted undenied "
            "other_actor other_rank acts_elsewhere substituted inserted"
        ).split()
    ]
)
"""Features of which more can only make a sentence less likely to be supported."""
BETTER = frozenset(f"least {name}" for name in "least_plain least_word lacking least_lacking".split())
"""Those of which more can only make it likelier."""


def of_words(sentence: SentenceReading, found: Sequence[Weighing]) -> tuple[float, ...]:
    """The values of OF_WORDS of a sentence with at least one weighing."""
    best = max(found, key=lambda w: w.value("own_coverage"))
    whole = edits(sentence, best.premise.context.reading(best.premise.main), best.premise.context.name_parts)
    return (
        *(min(w.values[at] for w in found) for at in _AT_LEAST),
        *(max(w.values[at] for w in found) for at in _AT_MOST),
        whole.substituted,
        whole.inserted,
        float(len(found)),
    )


def has_put_in(of_words: Sequence[float]) -> bool:
    """Whether a sentence that is otherwise an article's own says something more that the article does not."""
    return of_words[_INSERTED] >= _PUT_IN


def of_meaning(of_words: Sequence[float], states: Sequence[Sequence[float]]) -> tuple[float, ...]:
    """The values of OF_MEANING, from those of OF_WORDS and at least one claim's of MEANING."""
    return (*of_words, *(min(column) for column in zip(*states, strict=True)))
