"""Words that name a day by its distance to another: "yesterday", "on Tuesday", "three weeks ago", "last winter".

They are found by their form and resolved against the day on which they were written. Which day that was, the words do
not say: without it they are found but stay unresolved, and so do those that count from another event ("a day later").
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from service.text.dates import TO
from service.text.intervals import DateMention, Interval
from service.text.periods import MONTHS, SEASONS
from service.text.resolving import calendar_unit, counted, monday, nth_of_month, past, weekday

WEEKDAYS = tuple("monday tuesday wednesday thursday friday saturday sunday".split())
_UNITS = tuple("minute hour day week fortnight month year decade".split())
_NUMBERS = "one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty".split()
_COUNT = r"(?P<count>\d{1,3}|an?|a couple of|couple of|a few|few|several|" + "|".join(_NUMBERS) + ")"
_UNIT = rf"(?P<unit>{'|'.join(_UNITS)})s?"
_HOUR = r"(?:morning|afternoon|evening|night)"
_FLAGS = re.IGNORECASE | re.ASCII

_DAY = re.compile(
    rf"\b(?:the day (?:before yesterday|after tomorrow)|(?:earlier|later|early|late) today|"
    rf"(?:early |late |earlier )?this {_HOUR}|last (?:night|evening)|"
    r"(?<!\busa )today|tonight|yesterday|tomorrow|overnight)\b",
    _FLAGS,
)
_WEEKDAY = re.compile(
    r"\b(?:(?P<night>overnight)\s+(?:(?P<into>into|to|on|from)\s+)?)?(?:(?:early|late)\s+(?:on\s+)?)?"
    rf"(?:(?P<which>last|next|this past|this coming|this)\s+)?(?P<weekday>{'|'.join(WEEKDAYS)})\b"
    r"(?!\s+(?-i:Times|Telegraph|Mirror|Express|Mail|Post|Herald|World|Mass|School|Prayers?|Night (?:Live|Football))\b)"
    rf"(?!\s+the 13th)(?:\s+{_HOUR}\b)?(?:\s+(?:of\s+)?(?P<week>last|this|next)\s+week\b)?",
    _FLAGS,
)
_NO_WEEKDAY = re.compile(
    r"\b(?:black|bloody|good|palm|easter|ash|super|cyber|maundy|shrove|holy|sheffield|giving|ruby|fat|whit|spy|"
    r"mail on|independent on|every|each|most|any)\s+$",
    _FLAGS,
)
_AGO = re.compile(rf"\b{_COUNT}\s+{_UNIT}\s+ago\b(?P<exact>\s+(?:today|tonight)\b)?", _FLAGS)
_CALENDAR = re.compile(
    r"\b(?:(?P<part>earlier|later|early|late|mid)[\s-]+)?(?P<which>last|this|next)\s+"
    rf"(?P<unit>week|month|quarter|year|decade|weekend|{'|'.join((*SEASONS, *MONTHS))})\b(?!-|\s+of\b)",
    _FLAGS,
)
_WEEKEND = re.compile(r"\b(?:over|at|during) the weekend\b", _FLAGS)
_PAST = re.compile(
    r"\b(?:the|these|over|in|during)\s+"
    rf"(?:(?:past|last)(?:\s+{_COUNT})?|previous\s+{_COUNT.replace('count', 'many')})\s+{_UNIT}\b(?!\s+of\b)",
    _FLAGS,
)
_NTH = re.compile(
    r"(?<=\bon )the (?P<nth>\d{1,2})(?:st|nd|rd|th)"
    r"(?=\s*(?:[.,;:!?)]|$)|\s+(?:at|in|when|and|as|but|while|after|before)\b)",
    _FLAGS,
)
_ELSEWHERE = re.compile(
    rf"\b(?:{_COUNT}\s+{_UNIT}|the\s+(?:day|night|week|month|year)|hours|days|weeks|months|years)\s+"
    r"(?:earlier|later|afterwards?|previously|prior(?!\s+to)|(?:before|after)(?=\s*(?:[.,;:!?)”\"]|$)))\b"
    r"|\b(?:the|a)\s+(?:previous|preceding|following|next)\s+(?:day|night|morning|evening|week|month|year)\b",
    _FLAGS,
)
_NOW = re.compile(r"\b(?:today|tonight|overnight|this|last (?:night|evening)|past)\b", _FLAGS)
_FUTURE = re.compile(
    r"\b(?:(?P<ahead>will|shall|due|scheduled|expected to|set to|slated|planned|plans to|going to|to be held|until|by)|"
    r"said|says|told|reported|announced|added|wrote|confirmed|posted|was|were|had)\b",
    _FLAGS,
)
_DATELINE_PLACE = re.compile(r"(?:^|\n)[^\Wa-z][^\na-z.]*(?:[A-Z][\w.]+[^\na-z]*)?$")
_DATELINE_END = re.compile(r"\.?(?:\s*\([^()\n]{1,40}\))?\s*[-–—:]+\s")
_SAID = re.compile(
    r"\b(?:(?:said|says|say|announced|added|wrote|confirmed|posted|stated|claimed|warned|reported)|"
    r"told(?:\s+[\w'’]+){1,3}|(?:statement|interview|briefing|update|post|address))\s*,?\s*"
    r"(?:(?:early|late)\s+)?(?:on\s+|in\s+)?(?:the\s+)?$",
    _FLAGS,
)


@dataclass(frozen=True, slots=True)
class RelativeMention:
    """`text[start:end]` says when, by distance. `interval`: None where the other day is not known.

    `weekday`: 0 is Monday. `now`: words that stay within a day of the writing, such as "today" and "overnight".
    """

    start: int
    end: int
    interval: Interval | None
    weekday: int | None = None
    now: bool = False


_Resolver = Callable[[re.Match[str], date], Interval | None]


def find_relative(text: str, written: date | None) -> list[RelativeMention]:
    """The relative words of a text, in order, the longest of overlapping ones; `written`: the day they count from."""
    # Most sentences have none: a look at their words costs a small part of what the patterns do.
    words = set(_WORDS.findall(text.lower()))
    found: list[RelativeMention] = []
    for signs, pattern, resolver in _FAMILIES:
        if not signs.isdisjoint(words):
            found += [
                RelativeMention(
                    m.start(),
                    m.end(),
                    _safely(resolver, m, written),
                    WEEKDAYS.index(m["weekday"].lower()) if pattern is _WEEKDAY else None,
                    _NOW.search(m[0]) is not None,
                )
                for m in pattern.finditer(text)
                if pattern is not _WEEKDAY or not _NO_WEEKDAY.search(text, max(0, m.start() - 16), m.start())
            ]
    kept: list[RelativeMention] = []
    for mention in sorted(found, key=lambda m: (m.start - m.end, m.start)):
        if not any(k.start < mention.end and mention.start < k.end for k in kept):
            kept.append(mention)
    return _joined(text, sorted(kept, key=lambda m: m.start))


def relative_dates(text: str, written: date) -> list[DateMention]:
    """The relative words that name days, resolved against the day on which they were written."""
    return [
        DateMention(m.start, m.end, m.interval, "relative")
        for m in find_relative(text, written)
        if m.interval is not None
    ]


def is_time_of_saying(text: str, mention: DateMention | RelativeMention) -> bool:
    """ "Six were hurt, the mayor said on Friday": the date is of the words, the event may have been on another day."""
    return is_dateline(text, mention) or _SAID.search(text, max(0, mention.start - 80), mention.start) is not None


def is_ahead(text: str, start: int, end: int) -> bool:
    """ "Will meet on Tuesday", and at a sentence's beginning "On Tuesday, they will meet": the day is still to come."""
    markers = list(_FUTURE.finditer(text, max(0, start - 80), start))
    if not markers and start < 15:
        markers = list(_FUTURE.finditer(text, end, end + 60))[:1]
    return bool(markers) and markers[-1]["ahead"] is not None


def is_dateline(text: str, mention: DateMention | RelativeMention) -> bool:
    """ "OSLO, 15 November (Wire) - ...": the place and day of writing, at the beginning of a line."""
    return (
        _DATELINE_END.match(text, mention.end) is not None and _DATELINE_PLACE.search(text[: mention.start]) is not None
    )


def _safely(resolver: _Resolver | None, match: re.Match[str], written: date | None) -> Interval | None:
    if resolver is None or written is None:
        return None
    try:
        return resolver(match, written)
    except (OverflowError, ValueError):  # at the ends of the calendar
        return None


def _joined(text: str, mentions: list[RelativeMention]) -> list[RelativeMention]:
    """ "From Friday to Sunday", "overnight Friday to Saturday" are one stretch."""
    joined: list[RelativeMention] = []
    for mention in mentions:
        a, b = (joined[-1].interval if joined else None), mention.interval
        if a and b and TO.fullmatch(text, joined[-1].end, mention.start):
            # Written on a Saturday, "Friday to Sunday" begins the week before.
            first = a.first if a.first <= b.last else a.first - timedelta(days=7)
            joined[-1] = replace(joined[-1], end=mention.end, interval=Interval(min(first, b.last), b.last))
        else:
            joined.append(mention)
    return joined


def _day(match: re.Match[str], base: date) -> Interval:
    words = match[0].lower()
    if words == "overnight":
        return Interval(base - timedelta(days=1), base)
    steps = {"the day before yesterday": -2, "yesterday": -1, "last night": -1, "last evening": -1, "tomorrow": 1}
    day = base + timedelta(days=2 if words.endswith("after tomorrow") else steps.get(words, 0))
    return Interval(day, day)


def _weekday(match: re.Match[str], base: date) -> Interval:
    number = WEEKDAYS.index(match["weekday"].lower())
    if match["week"]:
        weeks = {"last": -7, "this": 0, "next": 7}[match["week"].lower()]
        day = monday(base) + timedelta(days=number + weeks)
    else:
        which = " ".join((match["which"] or "").lower().split())
        day = weekday(base, number, which, future=is_ahead(match.string, match.start(), match.end()))
    nightly = match["night"] and (match["into"] or "").lower() in ("into", "to")
    return Interval(day - timedelta(days=1 if nightly else 0), day)


def _ago(match: re.Match[str], base: date) -> Interval | None:
    return counted(base, match["count"].lower(), match["unit"].lower(), exact=match["exact"] is not None)


def _calendar(match: re.Match[str], base: date) -> Interval | None:
    return calendar_unit(base, match["which"].lower(), match["unit"].lower(), (match["part"] or "").lower())


def _weekend(match: re.Match[str], base: date) -> Interval:
    saturday = weekday(base, 5)
    return Interval(saturday, saturday + timedelta(days=1))


_WORDS = re.compile(r"[a-z]+")
_UNIT_WORDS = frozenset([*_UNITS, *(unit + "s" for unit in _UNITS), "night", "morning", "evening"])
_FAMILIES: tuple[tuple[frozenset[str], re.Pattern[str], _Resolver | None], ...] = (
    (frozenset("today tonight yesterday tomorrow overnight this last".split()), _DAY, _day),
    (frozenset(WEEKDAYS), _WEEKDAY, _weekday),
    (frozenset({"ago"}), _AGO, _ago),
    (frozenset({"last", "this", "next"}), _CALENDAR, _calendar),
    (frozenset({"weekend"}), _WEEKEND, _weekend),
    (
        frozenset({"past", "last", "previous"}),
        _PAST,
        lambda m, base: past(base, (m["count"] or m["many"] or "1").lower(), m["unit"].lower()),
    ),
    (frozenset({"st", "nd", "rd", "th"}), _NTH, lambda m, base: nth_of_month(base, int(m["nth"]))),
    (
        frozenset(
            "earlier later before after afterward afterwards previously prior previous preceding following next".split()
        ),
        _ELSEWHERE,
        None,
    ),
)
