"""The dates of an article, sentence by sentence: years added, relative words resolved, and which one is its main event.

Unknown stays unknown: an article that does not say when it was published leaves "on Tuesday" without a day.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from service.text.dates import find_dates
from service.text.intervals import DateMention, Interval
from service.text.relative import RelativeMention, find_relative, is_ahead, is_dateline, is_time_of_saying
from service.types import Span

_LEAD_SENTENCES = 2
_LEAD_WITHIN = 12
"""Sentences among which the lead is looked for: titles and headings may stand over it."""
_AHEAD = timedelta(days=60)
"""A day without its year that lies less than this ahead is one to come; one further ahead is of the last year."""
_LONG_AGO = timedelta(days=400)
"""A little more than a year, so that what is retold on its anniversary still counts."""
_DATELINE_WITHIN = 400
_BESIDE = re.compile(r"[\s,(–—-]*(?:the\s+)?(?:morning|afternoon|evening|night)?[\s,(]*", re.IGNORECASE)
# "A week after the storm of 8 November, ...": what opens so is not the news, nor is a day right behind such a word.
_BACKGROUND = re.compile(
    r"\b(?:after|before|since|following|until|from|than|prior to)\s+(?:the\s+)?$|"
    r"\b(?:prior|previous|preceding|earlier)\s+(?!(?:on|in|this|that|today)\b)[^,;]*$|"
    r"^(?:(?:\w+\s+)?(?:day|week|month|year)s?\s+|shortly\s+|just\s+)?(?:after|following|since|before)\b[^,;]*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """When an article's main event was, and the sentence that says so (None: the title alone does)."""

    intervals: tuple[Interval, ...]
    sentence: int | None


@dataclass(frozen=True, slots=True)
class SentenceTimes:
    """What one sentence says of time; offsets are in the sentence. `unresolved`: words whose day is not known."""

    dates: tuple[DateMention, ...]
    unresolved: tuple[RelativeMention, ...]


@dataclass(frozen=True, slots=True)
class ArticleDates:
    """`mentions` have article offsets, in order. `event`: those of the main event, none when only the title has it."""

    mentions: tuple[DateMention, ...] = ()
    event: tuple[DateMention, ...] = ()


def publication_day(published_at: str | None) -> date | None:
    """The calendar day on which an article came out, where it came out; `None` for what is no full ISO 8601 date."""
    try:
        return date.fromisoformat(published_at[:10]) if published_at else None
    except ValueError:
        return None


def _dateline(opening: str) -> date | None:
    """ "SAN JUAN, 28 August 2018 - ...": an article that opens so says itself on which day it was written."""
    dated = (m for m in find_dates(opening) if m.interval.full and is_dateline(opening, m))
    return next((m.interval.first for m in dated), None)


def is_heading(text: str) -> bool:
    """A title or heading line: no final punctuation."""
    return not text.rstrip("\"'”’)] ").endswith((".", "!", "?", ":", ";", "…"))


def sentence_times(text: str, written: date | None) -> SentenceTimes:
    """The dates of one sentence as it stands: relative words resolved, years not yet added, each day named once."""
    stated = find_dates(text)
    relative = [r for r in find_relative(text, written) if not any(_same_day(text, r, d) for d in stated)]
    resolved = [DateMention(r.start, r.end, r.interval, "relative") for r in relative if r.interval is not None]
    # "Last November" is a November with its year: the month alone inside it says less.
    stated = [d for d in stated if not any(r.overlaps(d.start, d.end) for r in resolved)]
    return SentenceTimes(
        tuple(sorted([*stated, *resolved], key=lambda m: (m.start, m.interval.first))),
        tuple(r for r in relative if r.interval is None and not any(d.overlaps(r.start, r.end) for d in stated)),
    )


def _same_day(text: str, relative: RelativeMention, stated: DateMention) -> bool:
    """ "Friday, November 14" and "14 November (a Friday)" are one date in two ways of saying it."""
    if relative.weekday is None and relative.end - relative.start > len("yesterday evening"):
        return False
    first, second = sorted([(relative.start, relative.end), (stated.start, stated.end)])
    return second[0] >= first[1] and _BESIDE.fullmatch(text, first[1], second[0]) is not None


class ArticleDating:
    """Reads an article's dates on demand. `sentences`: all sentences, headings too, in order.

    `known`: what was read before from the same words; it saves reading them again.
    """

    def __init__(
        self,
        title: str,
        text: str,
        sentences: Sequence[Span],
        published_at: str | None,
        known: ArticleDates | None = None,
    ) -> None:
        self._text = text
        self._spans = sentences
        self._published = publication_day(published_at) or _dateline(text[:_DATELINE_WITHIN])
        self._raw: dict[int, SentenceTimes] = {}
        self._known = known
        self.lead = tuple(i for i in range(min(len(sentences), _LEAD_WITHIN)) if not is_heading(sentences[i].of(text)))[
            :_LEAD_SENTENCES
        ]
        self._title = title

    @cached_property
    def anchor(self) -> Anchor | None:
        """A full date in the lead or title before a partial one, the event's before one of background or of saying.

        Where it is not known when the article came out, a day of background is no event's, nor is one named behind
        "overnight" or "on Friday": the news has a day that is not known, and the day named is another one's.
        """
        if self._known is not None:
            if self._known.event:
                at = bisect_right(self._spans, self._known.event[0].start, key=lambda span: span.start) - 1
                return Anchor(tuple(m.interval for m in self._known.event), at)
            if not find_dates(self._title):
                return None
        found: list[tuple[tuple[bool, bool, bool], Anchor]] = []
        unknown = False
        for sentence, text, raw in self._opening():
            mentions = [m for m in self._placed(text, raw) if not (self._is_long_ago(m) and _is_long(m.interval))]
            if self._published is None:
                mentions = [m for m in mentions if _BACKGROUND.search(text[: m.start]) is None]
                unknown = unknown or (not found and self._is_of_unknown_day(sentence, text, mentions))
            if mentions and not unknown:
                main = min(mentions, key=lambda m: (self._beside_the_event(text, m), m.start))
                intervals = tuple(dict.fromkeys(m.interval for m in mentions if m.start == main.start))
                partial = not all(i.year_known and i.last - i.first <= timedelta(days=1) for i in intervals)
                found.append(((*self._beside_the_event(text, main), partial), Anchor(intervals, sentence)))
        return min(found, key=lambda f: f[0])[1] if found else None

    def _is_of_unknown_day(self, sentence: int | None, text: str, mentions: Sequence[DateMention]) -> bool:
        """Whether a sentence names a day that is not known before any that is."""
        if sentence is None:
            return False
        first = min((m.start for m in mentions), default=len(text))
        unresolved = self._raw_times(sentence).unresolved
        return any(r.start < first and not is_time_of_saying(text, r) for r in unresolved)

    def _beside_the_event(self, text: str, mention: DateMention) -> tuple[bool, bool]:
        """Whether a date is of the background or of saying, and whether it lies too far back for news."""
        background = _BACKGROUND.search(text[: mention.start]) is not None or is_time_of_saying(text, mention)
        return background, self._is_long_ago(mention)

    def _is_long_ago(self, mention: DateMention) -> bool:
        """ "Founded in 1998", "a year ago": in an article that is known to be later, hardly its main event."""
        if self._published is None or not mention.interval.year_known:
            return False
        return self._published - mention.interval.last > (_AHEAD if mention.kind == "relative" else _LONG_AGO)

    @property
    def published(self) -> date | None:
        """The day of publication, or of the article's own dateline."""
        return self._published

    def times(self, i: int) -> SentenceTimes:
        """The sentence's own dates, put into the year (or the possible years) they are of; offsets are in it."""
        raw = self._raw_times(i)
        return replace(raw, dates=tuple(self._placed(self._spans[i].of(self._text), raw.dates)))

    def all(self) -> ArticleDates:
        """Every date of the article."""
        mentions: list[DateMention] = []
        event: list[DateMention] = []
        for i, span in enumerate(self._spans):
            here = [replace(m, start=m.start + span.start, end=m.end + span.start) for m in self.times(i).dates]
            mentions += here
            if self.anchor is not None and self.anchor.sentence == i:
                event += [m for m in here if m.interval in self.anchor.intervals]
        return ArticleDates(tuple(dict.fromkeys(mentions)), tuple(dict.fromkeys(event)))

    def _known_times(self, i: int, known: ArticleDates) -> SentenceTimes:
        span = self._spans[i]
        first, end = (bisect_left(known.mentions, at, key=lambda m: m.start) for at in (span.start, span.end))
        dates = [replace(m, start=m.start - span.start, end=m.end - span.start) for m in known.mentions[first:end]]
        unresolved = sentence_times(span.of(self._text), None).unresolved
        return SentenceTimes(
            tuple(dates), tuple(r for r in unresolved if not any(d.overlaps(r.start, r.end) for d in dates))
        )

    def _raw_times(self, i: int) -> SentenceTimes:
        if i not in self._raw:
            text = self._spans[i].of(self._text)
            self._raw[i] = (
                self._known_times(i, self._known) if self._known is not None else sentence_times(text, self._published)
            )
        return self._raw[i]

    def _opening(self) -> Iterator[tuple[int | None, str, Sequence[DateMention]]]:
        for i in self.lead:
            yield i, self._spans[i].of(self._text), self._raw_times(i).dates
        yield None, self._title, find_dates(self._title)

    def _placed(self, text: str, mentions: Sequence[DateMention]) -> list[DateMention]:
        placed: list[DateMention] = []
        for mention in mentions:
            if mention.interval.year_known:
                placed.append(mention)
                continue
            years = self._years_of(text, mention)
            placed += [replace(mention, interval=mention.interval.in_year(y)) for y in years] or [mention]
        return placed

    @cached_property
    def _stated(self) -> tuple[tuple[int, ...], date | None]:
        """The years that the opening states, and the first full day."""
        mentions = [m for _, _, found in self._opening() for m in found]
        day = next((m.interval.first for m in mentions if m.interval.full and m.kind != "relative"), None)
        return _stated_years(mentions, published=self._published is not None), day

    def _years_of(self, text: str, mention: DateMention) -> tuple[int, ...]:
        """The year that brings the date next to the day of publication; of an old story retold, next to its own day."""
        years, stated_day = self._stated
        base = self._published
        is_news = base is not None and stated_day is not None and abs(base - stated_day) < _AHEAD
        if base is None or (years and base.year not in years and not is_news):
            base = stated_day if len(years) == 1 else None
        if base is not None:
            return (_nearest_year(mention.interval, base, ahead=is_ahead(text, mention.start, mention.end)),)
        return years


def _is_long(interval: Interval) -> bool:
    return interval.last - interval.first >= timedelta(days=300)


def _stated_years(mentions: Sequence[DateMention], *, published: bool) -> tuple[int, ...]:
    """The years of the lead and title; one of a time that goes on ("since 2022") only where nothing else is known."""
    stated = [
        m.interval
        for m in mentions
        if m.interval.year_known and m.kind != "relative" and m.interval.last - m.interval.first < timedelta(days=367)
    ]
    closed = [i.first.year for i in stated if not i.open]
    return tuple(dict.fromkeys(closed if closed or published else [i.first.year for i in stated]))


def _nearest_year(interval: Interval, base: date, *, ahead: bool) -> int:
    """The latest year in which the days are not far ahead of the base; with `ahead`, the first in which they are."""
    if ahead:
        return next(y for y in (base.year, base.year + 1) if y > base.year or interval.in_year(y).last >= base)
    years = (base.year + 1, base.year, base.year - 1)
    return next(y for y in years if y < base.year or interval.in_year(y).first <= base + _AHEAD)
