"""Stretches of time that carry their own year: seasons, quarters, halves, ranges of years, decades and centuries."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Set
from datetime import date

from service.text.intervals import DateMention, Interval

SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11), "winter": (12, 2)}
"""First and last month, as on the northern half of the Earth, where the words are English and the news mostly is."""
MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_TENS = {"twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60, "seventies": 70, "eighties": 80,
         "nineties": 90}  # fmt: skip

_SEASON_WORDS = frozenset(SEASONS)
_PART_WORDS = frozenset({"quarter", "half", "q", "h"})

_SEASON = re.compile(
    r"\b(?:(?:early|mid|late)[\s-]+)?(?P<season>spring|summer|autumn|fall|winter)\s+(?:of\s+)?"
    r"(?P<year>(?:19|20)\d{2})(?:[-–/](?P<to>(?:20)?\d{2}))?\b(?!,\d|%)",
    re.IGNORECASE,
)
_PART_OF_YEAR = re.compile(
    r"\b(?:(?P<nth>first|second|third|fourth|1st|2nd|3rd|4th)\s+(?P<part>quarter|half)|Q(?P<q>[1-4])|H(?P<h>[12]))"
    r",?\s+(?:of\s+)?(?P<year>(?:19|20)\d{2})\b",
    re.IGNORECASE,
)
_YEARS = re.compile(
    r"(?<![\w.,/-])(?P<first>(?:19|20)\d{2})\s?[-–—/]\s?(?P<last>(?:19|20)\d{2}|\d{2})\b(?![-/–]?\d|,\d|%|\.\d)"
)
_DECADE = re.compile(
    r"\b(?:the\s+)?(?:(?P<part>early|mid|late)[\s-]+)?(?:the\s+)?"
    r"(?:(?P<decade>(?:1[5-9]|20)\d0)['’]?s|['’](?P<short>[1-9]0)s|(?<=the\s)(?P<word>" + "|".join(_TENS) + r"))\b",
    re.IGNORECASE,
)
_CENTURY = re.compile(r"\b(?P<nth>1[5-9]|20|21)(?:th|st)[\s-]+century\b", re.IGNORECASE)


def read_periods(text: str, words: Set[str]) -> Iterator[DateMention]:
    """Every period named, in no order; a season of a year that can be two winters gives both readings.

    `words`: those of the text in lower case, which tell at less cost what need not be looked for.
    """
    has_year = "19" in text or "20" in text
    for m in _SEASON.finditer(text) if has_year and not _SEASON_WORDS.isdisjoint(words) else ():
        yield from (_mention(m, season) for season in _seasons(m["season"].lower(), int(m["year"]), m["to"]))
    for m in _PART_OF_YEAR.finditer(text) if has_year and not _PART_WORDS.isdisjoint(words) else ():
        length = 3 if m["q"] or (m["part"] or "").lower() == "quarter" else 6
        nth = int(m["q"] or m["h"] or _ORDINALS[m["nth"].lower()])
        if nth * length <= 12:
            yield _mention(m, months(int(m["year"]), (nth - 1) * length + 1, nth * length))
    for m in _YEARS.finditer(text) if has_year and any(dash in text for dash in "-–—/") else ():
        first, last = int(m["first"]), int(m["last"])
        # "2023-24" is a season's two years; "2011-05" may be a month, so only the year that follows counts.
        last = first + 1 if last == (first + 1) % 100 else last
        if first < last:
            yield _mention(m, Interval(date(first, 1, 1), date(last, 12, 31)))
    for m in (
        _DECADE.finditer(text)
        if "0s" in text or "0’s" in text or "0's" in text or not _TENS.keys().isdisjoint(words)
        else ()
    ):
        start = int(m["decade"] or 1900 + int(m["short"] or _TENS[m["word"].lower()]))
        first, last = {"early": (0, 3), "mid": (4, 6), "late": (7, 9)}.get((m["part"] or "").lower(), (0, 9))
        yield _mention(m, Interval(date(start + first, 1, 1), date(start + last, 12, 31)))
    for m in _CENTURY.finditer(text) if "century" in words else ():
        last = int(m["nth"]) * 100
        yield _mention(m, Interval(date(last - 99, 1, 1), date(last, 12, 31)))


def months(year: int, first: int, last: int) -> Interval:
    """Whole months; a last month before the first is one of the next year."""
    end = year if first <= last else year + 1
    return Interval(date(year, first, 1), date(end, last, calendar.monthrange(end, last)[1]))


def _seasons(name: str, year: int, to: str | None) -> list[Interval]:
    first, last = SEASONS[name]
    if name != "winter":
        return [months(year, first, last)]
    if to is not None:
        return [months(year, first, last)] if int(to) % 100 == (year + 1) % 100 else []
    return [months(year - 1, first, last), months(year, first, last)]


def _mention(match: re.Match[str], interval: Interval) -> DateMention:
    return DateMention(match.start(), match.end(), interval)
