"""Fractions in words ("half", "two thirds", "a quarter point") as their values."""

from __future__ import annotations

import re
from functools import lru_cache

from service.grounding.quantities import quantities
from service.text.sentence import SentenceReading

_PARTS = {"half": 2, "halves": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "nine": 9, "seven": 7}
_FRACTION = re.compile(
    r"\b(?:(?P<count>two|three|four|seven|nine)[ -](?P<many>third|quarter|fifth|tenth)s\b"
    r"|(?P<mixed>\w+[ ]and[ ]a[ ])?(?:(?P<one>a|an|one|the)[ ])?(?P<part>half)\b"
    r"|(?:a|one)[ -](?P<single>third|quarter|fifth|tenth)(?=[ ]of\b|-?[ ]?(?:percentage[ ])?point)"
    r"|\b(?P<bare>quarter)[ -](?:percentage[ ])?point)",
    re.IGNORECASE,
)
_NO_FRACTION = re.compile(r"^[ -](?:hour|time|million|billion|thousand|dozen|as|way)\b", re.IGNORECASE)
_GAME_HALF = re.compile(r"\b(?:first|second|other|latter|final)[ ]$", re.IGNORECASE)
_AS_NEAR = 0.021


@lru_cache(maxsize=20_000)
def fractions(reading: SentenceReading) -> tuple[float, ...]:
    """The values, in order. "Half a million" is a number, and the second half of a match is none."""
    found = []
    for match in _FRACTION.finditer(reading.text):
        rest = reading.text[match.end() :]
        if match["mixed"] or _GAME_HALF.search(reading.text[: match.start()]) or _NO_FRACTION.match(rest):
            continue
        if match["part"] and re.match(r" an? (?:million|billion|dozen|hour)\b", rest):
            continue
        if match["count"]:
            found.append(_COUNTS[match["count"].lower()] / _PARTS[match["many"].lower()])
        else:
            found.append(1 / _PARTS[(match["part"] or match["single"] or match["bare"]).lower()])
    return tuple(found)


def is_another_fraction(value: float, main: SentenceReading) -> bool:
    """Whether a sentence has fractions, and not this one."""
    return bool(fractions(main)) and not says_fraction(value, main)


def says_fraction(value: float, reading: SentenceReading) -> bool:
    """Whether a sentence has the fraction, or the share in per cent that it stands for."""
    if any(abs(value - other) < 1e-6 for other in fractions(reading)):
        return True
    return any(q.figure.unit == "percent" and abs(q.value / 100 - value) <= _AS_NEAR for q in quantities(reading))
