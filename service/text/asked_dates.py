"""The time that a question asks about: the same words as in articles, resolved against the day of asking."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from service.text.dating import sentence_times
from service.text.intervals import DateMention, Interval
from service.text.relative import WEEKDAYS

_BARE_YEAR = re.compile(r"(?<![\d.,$€£-])\b(?:19|20)\d{2}\b(?![\d%]|[.,]\d)")
_LIMIT = re.compile(
    r"(?<!before or )\b(?P<limit>before|after|prior to|later than|earlier than)\s+(?:the\s+)?$", re.IGNORECASE
)
# "After the November 8 meeting" and "before the November 8 attack" ask about that day's event, and set no limit.
_NAMES_EVENT = re.compile(
    r"(?:['’]s)?\s+(?!(?:in|at|on|by|and|or|did|was|were|is|are|has|have|had|do|does|when|as)\b)[a-z]", re.IGNORECASE
)
_MANNER = re.compile(r"overnight|tonight|(?:over|at|during) the weekend", re.IGNORECASE)
"""Of an event's manner rather than of a day: "the overnight attack"."""
_BARE_WEEKDAY = re.compile(
    rf"(?:on\s+)?(?:{'|'.join(WEEKDAYS)})(?:['’]s)?(?:\s+(?:morning|afternoon|evening|night))?", re.IGNORECASE
)


def asked_dates(text: str, today: date, *, pinned: bool = False) -> list[DateMention]:
    """The dates of a question, in order: limits ("since", "before") are open, relative words count from `today`.

    `pinned`: the asker has set that day, as of which everything is meant. Without it "on Friday" is more likely said of
    an article in mind than of the last few days, and names no day.
    """
    dates = [
        d
        for d in sentence_times(text, today).dates
        if not _MANNER.fullmatch(text, d.start, d.end) and (pinned or not _BARE_WEEKDAY.fullmatch(text, d.start, d.end))
    ]
    dates += [m for m in _bare_years(text) if not any(d.overlaps(m.start, m.end) for d in dates)]
    return [_limited(text, mention, today) for mention in sorted(dates, key=lambda m: (m.start, m.interval.first))]


def _bare_years(text: str) -> list[DateMention]:
    """ "The 2022 tournament": in a question, a number that looks like a year is one."""
    return [
        DateMention(m.start(), m.end(), Interval(date(int(m[0]), 1, 1), date(int(m[0]), 12, 31)))
        for m in _BARE_YEAR.finditer(text)
    ]


def _limited(text: str, mention: DateMention, today: date) -> DateMention:
    """ "Before March 2023": the days up to its first; "after 8 November": that day and later."""
    lead = _LIMIT.search(text, max(0, mention.start - 20), mention.start)
    by_event = lead is not None and _NAMES_EVENT.match(text, mention.end) is not None
    if by_event or (lead is None and not mention.interval.open):
        return mention
    named = _latest(mention.interval, today)
    if lead is None:
        return replace(mention, interval=named)
    if lead["limit"].lower() in ("after", "later than"):
        return replace(mention, interval=replace(named, open="later"))
    last = max(named.first, date.min + timedelta(days=1)) - timedelta(days=1)
    return replace(mention, interval=Interval(last, last, open="earlier"))


def _latest(interval: Interval, today: date) -> Interval:
    """A limit has to be a day of a year: without one, it is that of the latest such day."""
    if interval.year_known:
        return interval
    this_year = interval.in_year(today.year)
    return this_year if this_year.first <= today else interval.in_year(today.year - 1)
