"""Stretches of whole days, the words of a text that name them, and how two of them agree."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

Agreement = Literal["compatible", "unknown", "conflicting"]
Open = Literal["", "earlier", "later"]
DateKind = Literal["absolute", "partial", "relative"]
"""How the words name the days: with their year, without one, or by their distance to another day ("yesterday")."""

NO_YEAR = 2000  # a leap year stands in while the year is unknown, so that 29 February exists


@dataclass(frozen=True, slots=True)
class Interval:
    """Whole days, both ends inclusive. With `year_known` false only month and day mean anything.

    `open` says that the time goes on from the named days: "since October 2022" names October 2022, and later days too.
    """

    first: date
    last: date
    year_known: bool = True
    open: Open = ""

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"an interval needs first <= last, got {self.first}..{self.last}")

    @property
    def full(self) -> bool:
        """One day, with its year, and no more."""
        return self.year_known and self.first == self.last and not self.open

    @property
    def reach(self) -> Interval:
        """All days that are meant, to the ends of the calendar where it is open. Without a year: the named days."""
        if not self.open or not self.year_known:
            return replace(self, open="")
        if self.open == "later":
            return Interval(self.first, date.max)
        return Interval(date.min, self.last)

    def in_year(self, year: int) -> Interval:
        """The same days of a known year (29 February becomes the 28th where there is none)."""
        if self.year_known:
            return self
        first, last = _moved(self.first, year), _moved(self.last, year)
        # "From December 20 to January 5" without a year: stored with the later year of the two.
        return Interval(first if first <= last else _moved(self.first, year - 1), last, open=self.open)

    def meets(self, other: Interval) -> bool:
        """Whether both can be the same day: they share one, years apart where either has none."""
        if not (self.open or other.open) and self.year_known and other.year_known:  # most are, and many are compared
            return self.first <= other.last and other.first <= self.last
        mine, others = self.reach, other.reach
        if mine.year_known and others.year_known:
            return mine.first <= others.last and others.first <= mine.last
        if any(i.last - i.first >= timedelta(days=365) for i in (mine, others)):
            return True
        return any(a.first <= b.last and b.first <= a.last for a in _yearless(mine) for b in _yearless(others))

    def iso(self) -> str:
        """`2025-11-08`, `2025-11-01/2025-11-07`, `--10-10` where the year is unknown, `2022-10-01/..` where open."""
        if self.year_known:
            first = ".." if self.open == "earlier" else str(self.first)
            last = ".." if self.open == "later" else str(self.last)
        else:
            first, last = (f"--{d.month:02}-{d.day:02}" for d in (self.first, self.last))
        return first if first == last else f"{first}/{last}"


@dataclass(frozen=True, slots=True)
class DateMention:
    """`text[start:end]` names these days."""

    start: int
    end: int
    interval: Interval
    kind: DateKind = "absolute"

    def overlaps(self, start: int, end: int) -> bool:
        return self.start < end and start < self.end


def _moved(day: date, year: int) -> date:
    return date(year, day.month, min(day.day, calendar.monthrange(year, day.month)[1]))


def _yearless(interval: Interval) -> tuple[Interval, ...]:
    first, last = _moved(interval.first, NO_YEAR), _moved(interval.last, NO_YEAR)
    if first <= last:
        return (Interval(first, last),)
    # An interval that crosses New Year covers, without its year, both ends of the calendar.
    return Interval(date(NO_YEAR, 1, 1), last), Interval(first, date(NO_YEAR, 12, 31))


def agreement(asked: Sequence[Interval], said: Sequence[Interval]) -> Agreement:
    """How what a text says agrees with what is asked: any shared day is compatible, nothing said is unknown.

    What a text says of an open time is sure only for the days that it names: "since October 2022" may or may not be
    about 2024, so that is unknown.
    """
    if not asked or not said:
        return "unknown"
    if any(a.meets(replace(s, open="") if s.open else s) for a in asked for s in said):
        return "compatible"
    return "unknown" if any(a.meets(s) for a in asked for s in said) else "conflicting"
