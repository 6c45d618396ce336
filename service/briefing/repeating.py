"""Whether a sentence says what another one says: by its words, its figures and the meaning of both.

The stored vectors are pooled from the states of a whole chunk, so neighbours are alike whatever they say (0.8 and more
in a short article): the cosine alone never decides.
"""

from __future__ import annotations

from functools import lru_cache

from service.text.sentence import SentenceReading
from service.text.words import is_stop_word

_ALIKE, _SHARED = 0.86, 0.5
"""The cosine from which on it is enough that a sentence has this share of its words in another one."""
_SAME_WORDS = 0.75


@lru_cache(maxsize=20_000)
def content(reading: SentenceReading) -> frozenset[str]:
    """The stems of a sentence's words that carry content."""
    return frozenset(word.stem for word in reading.words if not is_stop_word(word.lower))


def shared(reading: SentenceReading, other: SentenceReading) -> float:
    """The share of a sentence's content words that another one has too, 0..1."""
    mine = content(reading)
    return len(mine & content(other)) / len(mine) if mine else 1.0


def says_again(reading: SentenceReading, other: SentenceReading, cosine: float) -> bool:
    """Whether another sentence says all of a sentence: its figures, and most of its words or its meaning."""
    if not {figure.value for figure in reading.figures} <= {figure.value for figure in other.figures}:
        return False
    share = shared(reading, other)
    return share >= _SAME_WORDS or (cosine >= _ALIKE and share >= _SHARED)
