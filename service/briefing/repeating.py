"""Whether a sentence says what another one says: by its words, its figures and the meaning of both.

The stored vectors are pooled from the states of a whole chunk, so neighbours are alike whatever they say (0.8 and more
in a short article): the cosine alone never decides.
"""

from __future__ import annotations

from functools import lru_cache

from service.grounding.verbs import is_past, says
from service.text.names import Name, same_name
from service.text.sentence import SentenceReading
from service.text.thesaurus import groups_of
from service.text.words import is_stop_word

_ALIKE, _SHARED = 0.86, 0.65
"""The cosine from which on it is enough that a sentence has this share of its words in another one."""
_SAME_WORDS = 0.75
_DENYING = frozenset("not no never none nobody nothing neither nor without cannot".split())


@lru_cache(maxsize=20_000)
def content(reading: SentenceReading) -> frozenset[str]:
    """The stems of a sentence's words that carry content; that somebody says it is none of it."""
    return frozenset(word.stem for word in reading.words if not (is_stop_word(word.lower) or says(word)))


def shared(reading: SentenceReading, other: SentenceReading) -> float:
    """The share of a sentence's content words that another one has too, 0..1."""
    mine = content(reading)
    return len(mine & content(other)) / len(mine) if mine else 1.0


def says_again(reading: SentenceReading, other: SentenceReading, cosine: float) -> bool:
    """Whether another sentence says all of a sentence: its figures, names and verbs, and most of its words or meaning.

    One word turns a sentence around: what the other one denies, does not deny, or says of somebody else, it says not.
    """
    if not {figure.value for figure in reading.figures} <= {figure.value for figure in other.figures}:
        return False
    share = shared(reading, other)
    if share < _SHARED or _denials(reading) != _denials(other) or _tells_otherwise(reading, other):
        return False
    return share >= _SAME_WORDS or (cosine >= _ALIKE and share >= _SHARED)


def _denials(reading: SentenceReading) -> frozenset[str]:
    words = (word.lower.replace("’", "'") for word in reading.words)
    return frozenset("not" if word.endswith("n't") else word for word in words if word in _DENYING or "n't" in word)


def _tells_otherwise(reading: SentenceReading, other: SentenceReading) -> bool:
    """Whether a name or a past form of a sentence has nothing like it in the other one, or the opposite."""
    said = content(other)
    if any(name.parts and not any(_has_name(part, other) for part in name.parts) for name in _own_names(reading)):
        return True
    groups = {group for stem in said for group in groups_of(stem) if group > 0}
    return any(
        word.stem not in said
        and is_past(word)
        and not (says(word) or is_stop_word(word.lower))
        and groups.isdisjoint(groups_of(word.stem))
        for word in reading.words
    )


def _own_names(reading: SentenceReading) -> list[Name]:
    return [name for name in reading.names if not name.initial]


def _has_name(part: str, other: SentenceReading) -> bool:
    return any(same_name(part, word.lower) for word in other.words)
