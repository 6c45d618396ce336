"""What a person asks of a briefing: a topic, a stretch of time, sources, a length."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, get_args

from service.errors import InputRejected
from service.library.moments import Moments, moments_of
from service.text.words import is_stop_word, tokens

TOPIC_CHARACTERS = 400
LEAST_WORDS, DEFAULT_WORDS, MOST_WORDS = 50, 350, 2_000
SectionName = Literal["bottom_line", "key_developments", "not_known", "timeline", "figures", "disagreements"]
SECTIONS: tuple[SectionName, ...] = get_args(SectionName)

_SPAN = re.compile(
    r"(?:the\s+)?(?:(?:last|past)\s+)?(?P<count>\d{1,4})?\s*"
    r"(?P<unit>h|hours?|d|days?|w|weeks?|m|months?|y|years?)(?:\s+ago)?",
    re.IGNORECASE,
)
_HOURS = {"h": 1, "d": 24, "w": 7 * 24, "m": 30 * 24, "y": 365 * 24}
_DAYS = {"today": 0, "yesterday": 1}
_HOW = "write an ISO 8601 date (2025-11-14), a moment (2025-11-14T07:00Z), or a stretch such as 'last 24 h' or '7 d'"


@dataclass(frozen=True, slots=True)
class BriefingRequest:
    """`since` and `until`: ISO 8601, or "yesterday", or a stretch before `as_of` such as "last 24 h" or "7d".

    `sections`: which of `SECTIONS`, empty: all. `as_of`: as if it were that moment, `None`: now.
    `compare_with`: the id of the briefing to compare with, `None`: the last one of the same topic.
    `compared`: false for readers who had none before: nothing is called new.
    """

    topic: str
    since: str | None = None
    until: str | None = None
    sources: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    max_words: int = DEFAULT_WORDS
    mode: str = "auto"
    as_of: str | None = None
    compare_with: str | None = None
    compared: bool = True

    def __post_init__(self) -> None:
        if not 1 <= len(self.topic.strip()) <= TOPIC_CHARACTERS:
            raise InputRejected(f"topic: must have 1 to {TOPIC_CHARACTERS} characters, has {len(self.topic.strip())}")
        if not LEAST_WORDS <= self.max_words <= MOST_WORDS:
            raise InputRejected(f"max_words: must be {LEAST_WORDS} to {MOST_WORDS}, is {self.max_words}")
        if unknown := [name for name in self.sections if name not in SECTIONS]:
            raise InputRejected(f"sections: {unknown[0][:40]!r} is none of {', '.join(SECTIONS)}")

    def wants(self, section: str) -> bool:
        return not self.sections or section in self.sections


@dataclass(frozen=True, slots=True)
class Stretch:
    """`since` and `until` as ISO 8601, and as seconds since 1970; `None`: no limit. `as_of` is always there."""

    since: str | None
    until: str | None
    as_of: str
    first: float | None
    last: float | None

    @property
    def limited(self) -> bool:
        return self.first is not None or self.last is not None


def stretch_of(request: BriefingRequest, now: datetime) -> Stretch:
    """Raises InputRejected for what is no time, and for a beginning after the end."""
    as_of = request.as_of or now.astimezone(UTC).isoformat(timespec="seconds")
    base = _moments("as_of", as_of)
    moment = datetime.fromtimestamp(base.last, UTC)
    since = _placed("since", request.since, moment)
    until = _placed("until", request.until, moment)
    first = _moments("since", since).first if since is not None else None
    last = _moments("until", until).last if until is not None else None
    if first is not None and first > (base.last if last is None else last):
        end = f"as_of {as_of}" if last is None else f"until {until}"
        raise InputRejected(f"since {since} is after {end}; swap them")
    if request.as_of is not None:
        last = min(base.last, base.last if last is None else last)
    return Stretch(since, until, as_of, first, last)


def _placed(name: str, value: str | None, now: datetime) -> str | None:
    """A time as ISO 8601: a day where a day is named, else a moment."""
    if value is None:
        return None
    text = " ".join(value.split()).casefold()
    if text in _DAYS:
        return str(now.date() - timedelta(days=_DAYS[text]))
    if (match := _SPAN.fullmatch(text)) is not None and (match["count"] or "last" in text or "past" in text):
        hours = int(match["count"] or 1) * _HOURS[match["unit"][0]]
        try:
            return (now - timedelta(hours=hours)).isoformat(timespec="seconds")
        except OverflowError:
            raise InputRejected(f"{name} {value[:40]!r} is before all calendars; {_HOW}") from None
    _moments(name, value)
    return value.strip()


def _moments(name: str, value: str) -> Moments:
    moments = moments_of(value)
    if moments is None:
        raise InputRejected(f"{name} {value[:40]!r} is not a time; {_HOW}")
    return moments


def today_of(stretch: Stretch) -> date:
    """The day that relative words in a topic count from."""
    return datetime.fromtimestamp(_moments("as_of", stretch.as_of).last, UTC).date()


def normalised(topic: str) -> str:
    """What two ways of writing one topic have in common: their content words, stemmed, in one order."""
    words = tokens(topic)
    stems = sorted({word.stem for word in words if not is_stop_word(word.lower)} or {word.stem for word in words})
    return " ".join(stems) or " ".join(topic.split()).casefold()
