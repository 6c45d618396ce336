"""Whether a figure of a claim is said: the same number, or one that it fairly rounds, of the same thing."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise, repeat
from typing import Literal

from service.grounding.lexicon import likeness
from service.text.figures import Figure
from service.text.sentence import SentenceReading
from service.text.thesaurus import groups_of
from service.text.words import stem

Bound = Literal["", "about", "over", "under"]
FigureMatch = Literal["same", "loose", "other_value", "other_thing", "none"]
"""How a sentence stands to a figure of a claim: it says it of the same thing; it says the number, of something that has
another name; it gives the same thing another number; it gives the number to something else; nothing of it."""

_BEFORE = re.compile(
    r"(?:(?P<over>more than|over|above|at least|exceed\w*|upwards? of|no (?:fewer|less) than|greater than|topp\w+"
    r"|beyond|surpass\w*)|"
    r"(?P<under>fewer than|less than|under|below|up to|at most|no more than|nearly|almost|close to|just under|not quite"
    r"|as many as)|"
    r"(?P<about>about|around|roughly|approximately|some|circa|estimated))\s+(?:the\s+|a\s+)?[$€£¥₴]?$",
    re.IGNORECASE,
)
_AFTER = re.compile(r"\s*(?:\w+\s+)?(?:(?P<about>or so|odd|or thereabouts)|(?P<over>or more|plus|\+))", re.IGNORECASE)
_PART = re.compile(r"[ -](?:third|quarter|fifth|tenth)s\b|[ ]and[ ]a[ ]half\b(?=[ ]of)", re.IGNORECASE)
_ROUND = 0.06
"""How far "about" may be from what is said, as a share: 430 for 406 is not it, 430 for 425 is."""
_BEYOND = 0.34
"""How far "more than", and "fewer than", may be: 406 is more than 400, 500 is too; nobody would say so of 1,000."""
_VAGUE_UP_TO = 10.0
_SAME = 1e-6
_HOURS = {"minut": 1 / 60, "hour": 1, "day": 24, "week": 168, "fortnight": 336}
_LIGHT_COUNTED = frozenset(map(stem, "people person time others number total figure man men".split()))
_A_DAY, _A_WEEK = (
    re.compile(
        rf"\b(?:one {it}|(?:in|within|by|for|after|of|back) a {it}|a {it} (?:later|earlier|after|before))\b", re.I
    )
    for it in ("day", "week")
)
"""As a length of time: "40 flights a day" is none."""
_ORDINAL = re.compile(r"^(\d+)(?:st|nd|rd|th)$")
ORDINALS = {
    word: value
    for value, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), start=1
    )
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure with the words that bound it."""

    figure: Figure
    bound: Bound
    text: str

    @property
    def value(self) -> float:
        return self.figure.value


@lru_cache(maxsize=20_000)
def quantities(reading: SentenceReading) -> tuple[Quantity, ...]:
    """The figures that a sentence is held to. "One" is mostly none: "one of them", "no one"."""
    found: list[Quantity] = []
    for figure in map(_scaled_like_next, repeat(reading), reading.figures, (*reading.figures[1:], None)):
        said = reading.text[figure.start : figure.end]
        if said.lower() in ("one", "zero") or _PART.match(reading.text, figure.end):
            continue
        found.append(Quantity(figure, _bound(reading.text, figure), said))
    return tuple(found)


def _scaled_like_next(reading: SentenceReading, figure: Figure, following: Figure | None) -> Figure:
    """ "Between 14 and 15 million" says the million once."""
    if following is None or figure.value >= 1e3 or following.value < 1e5:
        return figure
    between = reading.text[figure.end : following.start].strip()
    if between not in ("and", "to", "or", "-", "–") or "between" not in reading.text[: figure.start][-12:].lower():
        return figure
    scale = next(s for s in (1e12, 1e9, 1e6, 1e3) if following.value >= s)
    return replace(figure, value=figure.value * scale, unit=following.unit, counted=following.counted)


def _bound(text: str, figure: Figure) -> Bound:
    match = _BEFORE.search(text[max(0, figure.start - 24) : figure.start]) or _AFTER.match(text, figure.end)
    if match is None:
        return ""
    groups = match.groupdict()
    return "over" if groups.get("over") else "under" if groups.get("under") else "about"


@lru_cache(maxsize=50_000)
def match(claimed: Quantity, *said: SentenceReading) -> FigureMatch:
    """How sentences stand to a figure of a claim."""
    found: set[FigureMatch] = set()
    for other in (q for reading in said for q in quantities(reading)):
        if not _same_unit(claimed.figure, other.figure):
            continue
        if _same_time(claimed, other):
            found.add("same")
            continue
        if _fits(claimed, other):
            found.add("same" if _same_thing(claimed.figure, other.figure) else "loose")
        elif _surely_same_thing(claimed.figure, other.figure):
            found.add("other_value")
    if "same" in found or any(_in_other_words(claimed, reading) for reading in said):
        return "same"
    if {"loose", "other_value"} <= found:
        return "other_thing"
    if "loose" in found:
        return "loose"
    return "other_value" if found else "none"


def _fits(claimed: Quantity, said: Quantity) -> bool:
    a, b = claimed.value, said.value
    if claimed.figure.vague or said.figure.vague:
        if claimed.figure.vague and said.figure.vague:
            return abs(a - b) <= _SAME * max(abs(a), abs(b))
        return claimed.figure.vague and a <= b < _VAGUE_UP_TO * a / 2
    if {claimed.bound, said.bound} == {"over", "under"} and not _near(a, b, 0.02):
        return False
    if _near(a, b, _SAME):
        return {claimed.bound, said.bound} != {"over", "under"} or _nearly(claimed) or _nearly(said)
    if claimed.bound == "about":
        return _near(a, b, _ROUND) and _rounder(a, b)
    if claimed.bound == "over":
        return said.bound in ("", "about", "over") and a < b <= a * (1 + _BEYOND) and _rounder(a, b)
    if claimed.bound == "under":
        return said.bound in ("", "about") and a > b >= a * (1 - _BEYOND) and _rounder(a, b)
    return False


def _same_time(claimed: Quantity, said: Quantity) -> bool:
    """ "48 hours" and "two days"."""
    mine, theirs = (q.figure.counted[:1] for q in (claimed, said))
    if mine == theirs or not mine or not theirs or mine[0] not in _HOURS or theirs[0] not in _HOURS:
        return False
    return _near(claimed.value * _HOURS[mine[0]], said.value * _HOURS[theirs[0]], _SAME)


def _nearly(quantity: Quantity) -> bool:
    """ "Nearly" and "almost" go with the same number elsewhere said to be "about" so many."""
    return quantity.bound == "under"


def _near(a: float, b: float, share: float) -> bool:
    return abs(a - b) <= share * max(abs(a), abs(b))


def _rounder(a: float, b: float) -> bool:
    return _digits(a) <= _digits(b)


def _digits(value: float) -> int:
    return len(f"{value:.10g}".replace(".", "").strip("0"))


def _same_unit(a: Figure, b: Figure) -> bool:
    if a.unit == b.unit:
        return True
    # "179 kilometres an hour where 80 was allowed": the second says no unit
    return "count" in (a.unit, b.unit) and not (a.counted and b.counted)


def _same_thing(claimed: Figure, said: Figure) -> bool:
    if claimed.unit == said.unit == "percent":
        return True
    if claimed.unit == said.unit != "count" and claimed.counted[:1] and said.counted[:1]:
        return _alike(claimed.counted[0], said.counted[0]) or claimed.unit == "money"
    mine = claimed.counted or claimed.before
    others = said.counted or said.before
    if not mine or not others:
        return True
    if any(_alike(a, b) for a in mine for b in others):
        return True
    return not (set(mine) - _LIGHT_COUNTED) or not (set(others) - _LIGHT_COUNTED)


def _surely_same_thing(claimed: Figure, said: Figure) -> bool:
    if not said.counted and claimed.before[:1] == said.before[:1] != () and claimed.unit == said.unit:
        return True  # "killed 6,434" and "killed 15,900 people"
    mine, other = (f.counted[:1] or f.before[:1] for f in (claimed, said))
    if not mine or not other or claimed.unit != said.unit:
        return False
    return mine == other or (_alike(mine[0], other[0]) and mine[0] not in _LIGHT_COUNTED)


def _alike(a: str, b: str) -> bool:
    return a == b or bool(groups_of(a) & groups_of(b)) or max(likeness(a, b), likeness(b, a)) >= 0.8


def _in_other_words(claimed: Quantity, said: SentenceReading) -> bool:
    """ "18" for "the 18th minute", "day three" for "the third day", "two" for "both", "twelve months" for "a year"."""
    if claimed.value != int(claimed.value):
        return False
    lowers = {word.lower for word in said.words}
    if claimed.value == 2 and lowers & {"both", "pair", "twin", "couple"}:
        return True
    if claimed.value == 12 and claimed.figure.counted[:1] == ("month",) and "year" in lowers:
        return True
    if claimed.value == 24 and claimed.figure.counted[:1] == ("hour",) and _A_DAY.search(said.text):
        return True
    if claimed.value == 7 and claimed.figure.counted[:1] == ("day",) and _A_WEEK.search(said.text):
        return True
    if any(
        ORDINALS.get(a.lower) == claimed.value and b.stem in claimed.figure.before[:1] for a, b in pairwise(said.words)
    ):
        return True
    return any((found := _ORDINAL.match(word)) and int(found[1]) == claimed.value for word in lowers)
