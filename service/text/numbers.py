"""Numbers in digits and in words, with their spans and values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.text.words import Token

_UNITS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: 10 * value
    for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
SCALES = {
    "hundred": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
    "bn": 1e9,
    "mn": 1e6,
    "tn": 1e12,
    "dozen": 12.0,
}
_VAGUE = {
    "tens": 20.0,
    "dozens": 24.0,
    "scores": 40.0,
    "hundreds": 200.0,
    "thousands": 2e3,
    "millions": 2e6,
    "billions": 2e9,
}
_OPENING_SCALES = frozenset("hundred thousand million billion trillion dozen".split())
_DIGITS = re.compile(r"^\d{1,3}(?:,\d{3})+(?:\.\d+)?$|^\d+(?:[.,]\d+)?$")
_ORDINAL = re.compile(r"^\d+(?:st|nd|rd|th)$")


@dataclass(frozen=True, slots=True)
class Number:
    """Tokens `[first, last]` of a text that together name one number. `vague` ones ("dozens") have no exact value."""

    first: int
    last: int
    start: int
    end: int
    value: float
    vague: bool = False


def _digits(word: str) -> float | None:
    if not _DIGITS.match(word):
        return None
    whole_thousands = re.match(r"^\d{1,3}(?:,\d{3})+(?:\.\d+)?$", word)
    return float(word.replace(",", "") if whole_thousands else word.replace(",", "."))


def is_ordinal(word: str) -> bool:
    return bool(_ORDINAL.match(word))


def numbers(words: Sequence[Token]) -> list[Number]:
    """The numbers among these tokens, in order, longest reading first ("four hundred and thirty", "2.5 million")."""
    found: list[Number] = []
    i = 0
    while i < len(words):
        read = _read(words, i)
        if read is None:
            i += 1
            continue
        last, value, vague = read
        found.append(Number(i, last, words[i].start, words[last].end, value, vague))
        i = last + 1
    return found


def _read(words: Sequence[Token], i: int) -> tuple[int, float, bool] | None:
    word = words[i].lower
    if word in _VAGUE:
        # "hundreds of billions" is one vague number
        more = i + 2 < len(words) and words[i + 1].lower == "of" and words[i + 2].lower in _VAGUE
        return (i + 2, _VAGUE[word] * _VAGUE[words[i + 2].lower], True) if more else (i, _VAGUE[word], True)
    start = _digits(word)
    if start is None:
        start = _UNITS.get(word, _TENS.get(word))
    j, before = i + 1, words[i - 1].lower if i else ""
    if start is None and word == "half" and [w.lower for w in words[j : j + 1]] == ["a"]:  # "half a million"
        start, j = 0.5, i + 2
        if j == len(words) or words[j].lower not in SCALES:
            return None
    elif start is None:  # "a hundred thousand": the number opens with a scale
        if word not in _OPENING_SCALES:
            return None
        start, j = 1.0, i
    total, current, last = 0.0, float(start), i
    tens = word in _TENS
    while j < len(words):
        if j > i and words[j].start - words[j - 1].end > 1:
            break  # "a hundred, twenty of them children" is two numbers
        following = words[j].lower
        if following in SCALES:
            scale = SCALES[following]
            if scale >= 1e3:
                total, current = total + current * scale, 0.0
            else:
                current *= scale
            last, tens = j, False
        elif tens and following in _UNITS and 0 < _UNITS[following] < 10:
            current, last, tens = current + _UNITS[following], j, False
        elif following == "and" and j + 1 < len(words) and words[last].lower in SCALES and _small(words[j + 1].lower):
            current, last, tens = current + _small(words[j + 1].lower), j + 1, words[j + 1].lower in _TENS
            j += 1
        elif words[last].lower in SCALES and words[i].lower in (_UNITS | _TENS) and _small(following):
            current, last, tens = current + _small(following), j, following in _TENS
        else:
            break
        j += 1
    return last, total + current, word in SCALES and before in ("several", "few", "many")


def _small(word: str) -> float:
    return float(_UNITS.get(word, _TENS.get(word, 0)))
