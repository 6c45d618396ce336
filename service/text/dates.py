"""Calendar dates in English text as intervals, each with the span that says so.

Only what the words themselves say is resolved: "October 10th" has no year and keeps none, a bare weekday is no date
(`service.text.relative` reads those), and longer stretches such as seasons are in `service.text.periods`.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from service.text.intervals import NO_YEAR, DateKind, DateMention, Interval, Open
from service.text.periods import read_periods

_MONTHS = {
    name.lower(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
} | {"sept": 9}
# The point of "Nov." and not that of a sentence; "May" is both a short name and a whole one.
_SHORT_END = r"(?:(?<=\b[^\W\d_]{3})(?:(?<!may)|(?=\.\s?\d))\.|(?<=\bsept)\.)?"
# ASCII, or the dotless i of a Turkish text would match without being in the table. "Mar-a-Lago" is no March.
_MONTH = r"(?a:(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r"))\b(?!-[^\W\d_]+-)" + _SHORT_END
_OTHER_WORDS = frozenset("may march mar dec sep".split())  # in lower case mostly no months
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_DAY2 = r"\s*(?:-|–|—|/|\bto\b|\band\b|\bor\b|\bthrough\b)\s*(?P<day2>\d{1,2})(?:st|nd|rd|th)?(?!\d|\s*%|,\d)"
# "On November 8 and 12 people fled": what follows the second number shows that it counts.
_COUNT = (
    r"\s+and\s+\d{1,2}\s+(?!(?:in|at|on|by|near|when|while|as|but|and|or|to|from|for|after|before|were|was|are|is|the)\b)"
    r"(?-i:[a-z])"
)
# "July 14, 1789" but not "on July 14 1500 boats": years of long ago count where a clause ends or goes on after them.
_ANY_YEAR = (
    r"(?P<year>(?:19|20)\d{2}|1[5-8]\d{2}(?=\s*(?:[.;:!?)]|,\s|$|(?:in|at|and|when|as|by|was|were)\b|(?-i:[A-Z]))))"
)
_YEAR = rf"(?:\s*,?\s*(?:of\s+)?{_ANY_YEAR}(?![\d%]|,\d))?"
_PART_WORDS = r"early|mid|late|beginning of|start of|middle of|end of"

_ISO = re.compile(
    r"\b(?P<year>(?:19|20)\d{2})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?\b"
)
_NUMERIC = re.compile(r"\b(?P<a>\d{1,2})[./-](?P<b>\d{1,2})[./-](?P<year>(?:19|20)\d{2})\b")
_DAY_FIRST = re.compile(rf"\b(?:the\s+)?{_DAY}(?:{_DAY2})?\s+(?:of\s+)?{_MONTH}{_YEAR}", re.IGNORECASE)
_MONTH_FIRST = re.compile(
    rf"\b{_MONTH}\s+(?:the\s+)?{_DAY}(?![\d%:]|[.,]\d)(?:(?!{_COUNT}){_DAY2})?{_YEAR}", re.IGNORECASE
)
_MONTH_YEAR = re.compile(rf"\b(?:(?P<part>{_PART_WORDS})[\s-]+)?{_MONTH},?\s+(?:of\s+)?{_ANY_YEAR}\b", re.IGNORECASE)
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
_WORDS = re.compile(r"[a-z]+")
MONTH_WORDS = frozenset(_MONTHS)
TO = re.compile(r"\s*(?:-|–|—|\bto\b|\buntil\b|\btill\b|\bthrough\b)\s*", re.IGNORECASE)
_AND = re.compile(r"\s*(?:\band\b|-|–|—)\s*", re.IGNORECASE)
_RANGE_LEAD = re.compile(r"\b(between|from)\s+(?:the\s+)?$", re.IGNORECASE)
_OPEN_LEAD = re.compile(r"\b(since|until|till)\s+(?:the\s+)?$", re.IGNORECASE)
_OPEN_TAIL = re.compile(r"\s+(?:onwards?|and\s+(?:later|since))\b", re.IGNORECASE)
_PARTS = {"early": (1, 10), "beginning of": (1, 10), "start of": (1, 10), "mid": (11, 20), "middle of": (11, 20)}


def _days(year: int | None, month: int, first: int, last: int) -> Interval | None:
    try:
        return Interval(date(year or NO_YEAR, month, first), date(year or NO_YEAR, month, last), year is not None)
    except ValueError:
        return None


def _month_part(year: int | None, month: int, part: str | None) -> Interval | None:
    length = calendar.monthrange(year or NO_YEAR, month)[1]
    first, last = _PARTS.get((part or "").lower(), (21, length) if part else (1, length))
    return _days(year, month, first, last)


def _read_dates(text: str) -> Iterator[DateMention]:
    # Most sentences name no date: a look at their words costs a small part of what the patterns do.
    words = set(_WORDS.findall(text.lower()))
    if "19" in text or "20" in text:
        yield from _with_year(text)
    if not MONTH_WORDS.isdisjoint(words):
        yield from _with_month(text)
    yield from read_periods(text, words)


def _with_year(text: str) -> Iterator[DateMention]:
    for m in _ISO.finditer(text):
        yield from _mention(m, _days(int(m["year"]), int(m["month"]), int(m["day"]), int(m["day"])))
    for m in _NUMERIC.finditer(text):
        a, b, year = int(m["a"]), int(m["b"]), int(m["year"])
        # 08/11/2025 is the 8th or the 11th, depending on the writer's country: both readings are kept.
        for day, month in dict.fromkeys([(a, b), (b, a)]):
            yield from _mention(m, _days(year, month, day, day))
    for m in _YEAR_ALONE.finditer(text):
        year = int(m["year"])
        yield from _mention(m, Interval(date(year, 1, 1), date(year, 12, 31)), "year")


def _with_month(text: str) -> Iterator[DateMention]:
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


def _says_month(match: re.Match[str]) -> bool:
    """ "Only 10 may survive" and "they march 10 miles" name no day; "8 may 2025", "may 8th" and "on may 8" do."""
    if match["month"][0].isupper() or match["month"].lower() not in _OTHER_WORDS:
        return True
    lead = match.string[max(0, match.start() - 4) : match.start()].lower().split()
    return bool(match["year"] or re.search(r"\d(?:st|nd|rd|th)", match.group(), re.IGNORECASE) or lead[-1:] == ["on"])


def _mention(match: re.Match[str], interval: Interval | None, group: str | int = 0) -> Iterator[DateMention]:
    if interval is not None:
        kind: DateKind = "absolute" if interval.year_known else "partial"
        yield DateMention(match.start(group), match.end(group), interval, kind)


def find_dates(text: str) -> list[DateMention]:
    """The dates named in a text, in order; of overlapping readings the longest wins, equal ones are all kept."""
    found = sorted(set(_read_dates(text)), key=lambda m: (m.start - m.end, m.start, m.interval.first))
    kept: list[DateMention] = []
    for mention in found:
        clash = [k for k in kept if k.overlaps(mention.start, mention.end)]
        if not clash or all((k.start, k.end) == (mention.start, mention.end) for k in clash):
            kept.append(mention)
    in_order = sorted(kept, key=lambda m: (m.start, m.interval.first))
    return [_opened(text, mention) for mention in _joined(text, in_order)]


def _joined(text: str, mentions: Sequence[DateMention]) -> list[DateMention]:
    """ "From 28 October to 3 November 2025" and "between May and July" are one stretch, not two dates."""
    joined: list[DateMention] = []
    for mention in mentions:
        before = joined[-1] if joined else None
        range_of_two = before and _stretch(text, before, mention)
        if before is None or range_of_two is None or sum(m.start == before.start for m in joined) > 1:
            joined.append(mention)
        else:
            joined[-1] = range_of_two
    return joined


def _stretch(text: str, a: DateMention, b: DateMention) -> DateMention | None:
    between = text[a.end : b.start]
    lead = _RANGE_LEAD.search(text, max(0, a.start - 12), a.start)
    joint = _AND if lead is not None and lead[1].lower() == "between" else TO
    if not joint.fullmatch(between):
        return None
    first, last = a.interval, b.interval
    if last.year_known and not first.year_known:
        first = first.in_year(last.last.year)
        first = first if first.first <= last.last else a.interval.in_year(last.last.year - 1)
    elif first.year_known and not last.year_known:
        last = last.in_year(first.first.year)
        last = last if first.first <= last.last else b.interval.in_year(first.first.year + 1)
    start = first.first
    if not first.year_known and start > last.last:
        start = start.replace(year=start.year - 1, day=min(start.day, 28) if start.month == 2 else start.day)
    if start > last.last:
        return None
    kind = b.kind if b.kind == "absolute" or not last.year_known else a.kind
    return DateMention(a.start, b.end, Interval(start, last.last, last.year_known), kind)


def _opened(text: str, mention: DateMention) -> DateMention:
    lead = _OPEN_LEAD.search(text, max(0, mention.start - 12), mention.start)
    after = _OPEN_TAIL.match(text, mention.end)
    if lead is None and after is None:
        return mention
    open_: Open = "earlier" if lead is not None and lead[1].lower() != "since" else "later"
    return replace(mention, interval=replace(mention.interval, open=open_))
