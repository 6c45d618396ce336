"""Calendar dates in English text as intervals, each with the span that says so, and how two of them agree.

Only what the words themselves say is resolved: "October 10th" has no year and keeps none, a bare weekday is no date.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

Agreement = Literal["compatible", "unknown", "conflicting"]

_NO_YEAR = 2000  # a leap year stands in while the year is unknown, so that 29 February exists
_MONTHS = {
    name.lower(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
} | {"sept": 9}
# ASCII, or the dotless i of a Turkish text would match without being in the table. "Mar-a-Lago" is no March.
_MONTH = r"(?a:(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r"))\b(?!-[^\W\d_]+-)\.?"
_OTHER_WORDS = frozenset("may march mar dec sep".split())  # in lower case mostly no months
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_DAY2 = r"\s*(?:-|–|—|/|\bto\b|\band\b|\bor\b|\bthrough\b)\s*(?P<day2>\d{1,2})(?:st|nd|rd|th)?(?!\d|\s*%|,\d)"
# "On November 8 and 12 people fled": what follows the second number shows that it counts.
_COUNT = (
    r"\s+and\s+\d{1,2}\s+(?!(?:in|at|on|by|near|when|while|as|but|and|or|to|from|for|after|before|were|was|are|is|the)\b)"
    r"(?-i:[a-z])"
)
_YEAR = r"(?:\s*,?\s*(?:of\s+)?(?P<year>(?:19|20)\d{2})(?![\d%]|,\d))?"
_PART_WORDS = r"early|mid|late|beginning of|start of|middle of|end of"

_ISO = re.compile(
    r"\b(?P<year>(?:19|20)\d{2})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?\b"
)
_NUMERIC = re.compile(r"\b(?P<a>\d{1,2})[./-](?P<b>\d{1,2})[./-](?P<year>(?:19|20)\d{2})\b")
_DAY_FIRST = re.compile(rf"\b(?:the\s+)?{_DAY}(?:{_DAY2})?\s+(?:of\s+)?{_MONTH}{_YEAR}", re.IGNORECASE)
_MONTH_FIRST = re.compile(
    rf"\b{_MONTH}\s+(?:the\s+)?{_DAY}(?![\d%:]|[.,]\d)(?:(?!{_COUNT}){_DAY2})?{_YEAR}", re.IGNORECASE
)
_MONTH_YEAR = re.compile(
    rf"\b(?:(?P<part>{_PART_WORDS})[\s-]+)?{_MONTH},?\s+(?:of\s+)?(?P<year>(?:19|20)\d{{2}})\b", re.IGNORECASE
)
_MONTH_ALONE = re.compile(
    r"(?P<lead>\b(?:in|of|since|until|till|by|during|last|this|next|from|before|after|throughout|"
    rf"{_PART_WORDS})[\s-]+){_MONTH}",
    re.IGNORECASE,
)
_YEAR_ALONE = re.compile(
    r"\b(?:in|of|since|until|till|by|during|from|before|after|throughout|early|late|mid|year|for|spring|summer|autumn|"
    r"fall|winter|and|to|or)"
    r"[\s-]+(?P<year>(?:19|20)\d{2})\b(?![-–/.]?\d|\s*(?:%|percent|people|drones|missiles|km|miles))",
    re.IGNORECASE,
)
# "The November attack": month names that are hardly ever anything else need no preposition.
_MONTH_NAME = re.compile(r"\b(?P<month>January|February|April|June|July|August|September|October|November|December)\b")
_PARTS = {"early": (1, 10), "beginning of": (1, 10), "start of": (1, 10), "mid": (11, 20), "middle of": (11, 20)}


@dataclass(frozen=True, slots=True)
class Interval:
    """Whole days, both ends inclusive. With `year_known` false only month and day mean anything."""

    first: date
    last: date
    year_known: bool = True

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"an interval needs first <= last, got {self.first}..{self.last}")

    @property
    def full(self) -> bool:
        """One day, with its year."""
        return self.year_known and self.first == self.last

    def in_year(self, year: int) -> Interval:
        """The same days of a known year (29 February becomes the 28th where there is none)."""
        if self.year_known:
            return self
        return Interval(_moved(self.first, year), _moved(self.last, year))

    def meets(self, other: Interval) -> bool:
        """Whether both can be the same day: they share one, years apart where either has none."""
        if self.year_known and other.year_known:
            return self.first <= other.last and other.first <= self.last
        if self.last - self.first >= timedelta(days=365) or other.last - other.first >= timedelta(days=365):
            return True
        return any(a.first <= b.last and b.first <= a.last for a in _yearless(self) for b in _yearless(other))

    def iso(self) -> str:
        """`2025-11-08`, `2025-11-01/2025-11-07`, `--10-10` where the year is unknown."""
        if self.year_known:
            return str(self.first) if self.first == self.last else f"{self.first}/{self.last}"
        ends = [f"--{d.month:02}-{d.day:02}" for d in (self.first, self.last)]
        return ends[0] if self.first == self.last else "/".join(ends)


@dataclass(frozen=True, slots=True)
class DateMention:
    """`text[start:end]` names these days."""

    start: int
    end: int
    interval: Interval


def _moved(day: date, year: int) -> date:
    return date(year, day.month, min(day.day, calendar.monthrange(year, day.month)[1]))


def _yearless(interval: Interval) -> tuple[Interval, ...]:
    first, last = _moved(interval.first, _NO_YEAR), _moved(interval.last, _NO_YEAR)
    if first <= last:
        return (Interval(first, last),)
    # An interval that crosses New Year covers, without its year, both ends of the calendar.
    return Interval(date(_NO_YEAR, 1, 1), last), Interval(first, date(_NO_YEAR, 12, 31))


def _days(year: int | None, month: int, first: int, last: int) -> Interval | None:
    try:
        return Interval(date(year or _NO_YEAR, month, first), date(year or _NO_YEAR, month, last), year is not None)
    except ValueError:
        return None


def _month_part(year: int | None, month: int, part: str | None) -> Interval | None:
    length = calendar.monthrange(year or _NO_YEAR, month)[1]
    first, last = _PARTS.get((part or "").lower(), (21, length) if part else (1, length))
    return _days(year, month, first, last)


def _read_dates(text: str) -> Iterator[DateMention]:
    for m in _ISO.finditer(text):
        yield from _mention(m, _days(int(m["year"]), int(m["month"]), int(m["day"]), int(m["day"])))
    for m in _NUMERIC.finditer(text):
        a, b, year = int(m["a"]), int(m["b"]), int(m["year"])
        # 08/11/2025 is the 8th or the 11th, depending on the writer's country: both readings are kept.
        for day, month in dict.fromkeys([(a, b), (b, a)]):
            yield from _mention(m, _days(year, month, day, day))
    for pattern in (_DAY_FIRST, _MONTH_FIRST):
        for m in filter(_says_month, pattern.finditer(text)):
            day, last = int(m["day"]), int(m["day2"] or m["day"])
            month, known = _MONTHS[m["month"].lower()], int(m["year"]) if m["year"] else None
            yield from _mention(m, _days(known, month, day, last) or _days(known, month, day, day))
    for m in _MONTH_YEAR.finditer(text):
        yield from _mention(m, _month_part(int(m["year"]), _MONTHS[m["month"].lower()], m["part"]))
    for m in _MONTH_ALONE.finditer(text):
        if m["month"][0].isupper() or m["month"].lower() not in _OTHER_WORDS:
            part = m["lead"].lower().rstrip("- \t\n")
            part_of_month = part if part in _PARTS or part in ("late", "end of") else None
            # With "early" inside the span it is longer than, and wins over, the month alone.
            span = 0 if part_of_month else "month"
            yield from _mention(m, _month_part(None, _MONTHS[m["month"].lower()], part_of_month), span)
    for m in _MONTH_NAME.finditer(text):
        yield from _mention(m, _month_part(None, _MONTHS[m["month"].lower()], None))
    for m in _YEAR_ALONE.finditer(text):
        year = int(m["year"])
        yield from _mention(m, Interval(date(year, 1, 1), date(year, 12, 31)), "year")


def _says_month(match: re.Match[str]) -> bool:
    """ "Only 10 may survive" and "they march 10 miles" name no day; "8 may 2025", "may 8th" and "on may 8" do."""
    if match["month"][0].isupper() or match["month"].lower() not in _OTHER_WORDS:
        return True
    lead = match.string[max(0, match.start() - 4) : match.start()].lower().split()
    return bool(match["year"] or re.search(r"\d(?:st|nd|rd|th)", match.group(), re.IGNORECASE) or lead[-1:] == ["on"])


def _mention(match: re.Match[str], interval: Interval | None, group: str | int = 0) -> Iterator[DateMention]:
    if interval is not None:
        yield DateMention(match.start(group), match.end(group), interval)


def find_dates(text: str) -> list[DateMention]:
    """The dates named in a text, in order; of overlapping readings the longest wins, equal ones are all kept."""
    found = sorted(set(_read_dates(text)), key=lambda m: (m.start - m.end, m.start, m.interval.first))
    kept: list[DateMention] = []
    for mention in found:
        clash = [k for k in kept if k.start < mention.end and mention.start < k.end]
        if not clash or all((k.start, k.end) == (mention.start, mention.end) for k in clash):
            kept.append(mention)
    return sorted(kept, key=lambda m: (m.start, m.interval.first))


def relative_dates(text: str, today: date) -> list[DateMention]:
    """`today`, `yesterday`, `last night` and their like, resolved against a given day."""
    offsets = {"today": 0, "tonight": 0, "yesterday": -1, "last night": -1, "tomorrow": 1}
    pattern = re.compile(r"\b(?a:" + "|".join(offsets) + r")\b", re.IGNORECASE)
    return [
        DateMention(m.start(), m.end(), Interval(day, day))
        for m in pattern.finditer(text)
        for day in [today + timedelta(days=offsets[m.group().lower()])]
    ]


def with_year(mentions: Sequence[DateMention], year: int | None) -> list[DateMention]:
    """The same mentions, those without a year put into this one (an article's), where it is known."""
    if year is None:
        return list(mentions)
    return [replace(m, interval=m.interval.in_year(year)) for m in mentions]


def agreement(asked: Sequence[Interval], said: Sequence[Interval]) -> Agreement:
    """How what a text says agrees with what is asked: any shared day is compatible, nothing said is unknown."""
    if not asked or not said:
        return "unknown"
    return "compatible" if any(a.meets(s) for a in asked for s in said) else "conflicting"
