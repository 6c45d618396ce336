"""ISO 8601 dates as ranges of moments, so that `2025-11`, `2025-11-14` and `2025-11-14T20:00+02:00` compare."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

_YEAR_OR_MONTH = re.compile(r"(\d{4})(?:-(\d{2}))?")
_DAY_SECONDS = 86_400.0
_TICK_SECONDS = 1e-6


@dataclass(frozen=True, slots=True)
class Moments:
    """First and last moment that a date covers, in seconds since 1970 UTC. Equal for a date with a time."""

    first: float
    last: float


def moments_of(text: str | None) -> Moments | None:
    """`None` for what is no ISO 8601 date. A date without a time zone is read as UTC."""
    if text is None:
        return None
    text = text.strip()
    try:
        if short := _YEAR_OR_MONTH.fullmatch(text):
            year, month = int(short[1]), int(short[2]) if short[2] else None
            last_month = month or 12
            first = date(year, month or 1, 1)
            last = date(year, last_month, calendar.monthrange(year, last_month)[1])
            return Moments(_start(first), _start(last) + _DAY_SECONDS - _TICK_SECONDS)
        if "T" not in text and ":" not in text:
            day = _start(date.fromisoformat(text))
            return Moments(day, day + _DAY_SECONDS - _TICK_SECONDS)
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    return Moments(seconds, seconds)


def _start(day: date) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
