"""From relative words to days, counted from the day on which they were written."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from threading import Lock

from service.text.intervals import Interval
from service.text.periods import MONTHS, SEASONS, months

_DAYS_IN = {"minute": 0, "hour": 0, "day": 0, "week": 3, "fortnight": 3, "month": 15, "year": 182, "decade": 1826}
"""Half of each unit, in days: "three weeks ago" is not said of a day, but of days around it."""
_ROUGH = {"a couple of": (2, 3), "couple of": (2, 3), "a few": (2, 7), "few": (2, 7), "several": (3, 7)}
_PARTS_OF_MONTH = {"early": (1, 10), "mid": (11, 20), "late": (21, 31)}
_PARTS_OF_YEAR = {"early": (1, 4), "mid": (5, 8), "late": (9, 12)}

_parser_lock = Lock()


def weekday(base: date, day: int, which: str = "", *, future: bool = False) -> date:
    """The day that a weekday (0 is Monday) means in news: the latest one up to the base, which itself counts.

    `which`: "last" and "this past" leave the base out, "next" and "this coming" go forward, "this" stays in the week.
    """
    back = (base.weekday() - day) % 7
    if which in ("next", "this coming"):
        return base + timedelta(days=7 - back)
    if which in ("last", "this past"):
        return base - timedelta(days=back or 7)
    if which == "this":
        return monday(base) + timedelta(days=day)
    return base + timedelta(days=-back % 7) if future else base - timedelta(days=back)


def monday(base: date) -> date:
    return base - timedelta(days=base.weekday())


def counted(base: date, count: str, unit: str, *, exact: bool) -> Interval | None:
    """ "Three days ago": a day; "three weeks ago": the days around one, unless it is said to be that very day."""
    if count in _ROUGH:
        few, many = (_moved(base, f"{n} {unit}s ago") for n in _ROUGH[count])
        return Interval(many, few) if few and many else None
    day = _moved(base, f"{count} {unit}s ago" if count not in ("a", "an") else f"1 {unit} ago")
    if day is None:
        return None
    around = timedelta(days=0 if exact else _DAYS_IN[unit])
    return Interval(day - around, day + around)


def past(base: date, count: str, unit: str) -> Interval | None:
    """ "The past three weeks": from three weeks before the base up to it."""
    most = str(_ROUGH[count][1]) if count in _ROUGH else count
    day = _moved(base, f"{most} {unit}s ago")
    return Interval(day, base) if day is not None else None


def calendar_unit(base: date, which: str, unit: str, part: str = "") -> Interval | None:
    """ "Last month", "this week", "early next year", "last winter", "last November"."""
    if unit in ("week", "weekend"):
        first = _moved(monday(base), f"{which} week") if which != "this" else monday(base)
        if first is None:
            return None
        return _within(
            Interval(first + timedelta(days=5 if unit == "weekend" else 0), first + timedelta(days=6)), base, part
        )
    if unit in SEASONS:
        return _season(base, which, unit)
    if unit in MONTHS:
        return _named_month(base, which, MONTHS[unit], part)
    if unit == "quarter":
        first_month = (base.month - 1) // 3 * 3 + 1
        start = _shifted(base.replace(month=first_month, day=1), which, 3)
        return _within(months(start.year, start.month, start.month + 2), base, part)
    if unit == "decade":
        start_year = base.year // 10 * 10 + {"last": -10, "this": 0, "next": 10}[which]
        return _within(Interval(date(start_year, 1, 1), date(start_year + 9, 12, 31)), base, part)
    start = _shifted(base.replace(day=1), which, 1 if unit == "month" else 12)
    if unit == "month":
        return _month(start.year, start.month, base, part)
    if part in _PARTS_OF_YEAR:
        return months(start.year, *_PARTS_OF_YEAR[part])
    return _within(months(start.year, 1, 12), base, part)


def nth_of_month(base: date, nth: int) -> Interval | None:
    """ "On the 14th": the latest 14th up to the base."""
    for back in range(3):
        start = _shifted(base.replace(day=1), "last", back)
        try:
            day = start.replace(day=nth)
        except ValueError:
            continue
        if day <= base:
            return Interval(day, day)
    return None


def _within(interval: Interval, base: date, part: str) -> Interval:
    """ "Earlier this week" ends, "later this week" begins with the day of writing, where that lies inside."""
    if part == "earlier" and interval.first <= base <= interval.last:
        return Interval(interval.first, base)
    if part == "later" and interval.first <= base <= interval.last:
        return Interval(base, interval.last)
    return interval


def _month(year: int, month: int, base: date, part: str) -> Interval:
    whole = months(year, month, month)
    if part in _PARTS_OF_MONTH:
        first, last = _PARTS_OF_MONTH[part]
        return Interval(whole.first.replace(day=first), whole.first.replace(day=min(last, whole.last.day)))
    return _within(whole, base, part)


def _named_month(base: date, which: str, month: int, part: str) -> Interval:
    """ "Last November" is the latest that is over, "next" the first that has not begun, "this" the one of this year."""
    year = base.year
    if which == "last" and month >= base.month:
        year -= 1
    elif which == "next" and month <= base.month:
        year += 1
    return _month(year, month, base, part)


def _season(base: date, which: str, name: str) -> Interval:
    first, last = SEASONS[name]
    around = [months(year, first, last) for year in range(base.year - 2, base.year + 3)]
    if which == "last":
        return next(season for season in reversed(around) if season.last < base)
    if which == "next":
        return next(season for season in around if season.first > base)
    return min(around, key=lambda season: max(season.first - base, base - season.last))


def _shifted(first_of_month: date, which: str, by_months: int) -> date:
    """The first of the month that lies this many months before ("last"), after ("next") or nowhere else ("this")."""
    months_since = first_of_month.year * 12 + first_of_month.month - 1
    months_since += {"last": -by_months, "this": 0, "next": by_months}[which]
    return date(months_since // 12, months_since % 12 + 1, 1)


@lru_cache(maxsize=4096)
def _moved(base: date, words: str) -> date | None:
    """What a library for spoken dates makes of the words; `None` where that is nothing, or leaves the calendar."""
    # Imported late: it takes a fifth of a second, and most texts and questions need none of it.
    from dateparser.date import DateDataParser

    with _parser_lock:
        parser = DateDataParser(
            languages=["en"],
            settings={
                "RELATIVE_BASE": datetime(base.year, base.month, base.day, 12),
                "PARSERS": ["relative-time"],
                # Days are counted in the calendar, not in hours of this machine's zone with its changes of clock.
                "TIMEZONE": "UTC",
                "RETURN_AS_TIMEZONE_AWARE": False,
            },
        )
        try:
            moment = parser.get_date_data(words).date_obj
        except (OverflowError, ValueError):
            return None
    return moment.date() if moment is not None else None
