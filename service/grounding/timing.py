"""Whether the dates of a claim are those of the sentences that carry it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.grounding.context import ArticleContext
from service.text.intervals import DateMention
from service.text.relative import WEEKDAYS
from service.text.sentence import SentenceReading


@dataclass(frozen=True, slots=True)
class TimeFound:
    """`outcome` as `service.text.intervals.agreement` has it; `by`: the other sentence that dates it."""

    outcome: str
    by: int | None = None


def find_date(mention: DateMention, context: ArticleContext, sentences: Sequence[int], main: int) -> TimeFound:
    """How a claim's date agrees with the sentence that mainly carries the claim; the one before may date it too."""
    outcome, by = context.agreement(main, [mention.interval])
    if outcome == "compatible":
        return TimeFound(outcome, by)
    if outcome == "unknown":
        for i in sentences:
            if i < main and context.agreement(i, [mention.interval])[0] == "compatible":
                return TimeFound("compatible")
    return TimeFound(outcome)


def weekdays(reading: SentenceReading) -> frozenset[str]:
    """The weekdays that a sentence names."""
    return frozenset(w.lower for w in reading.words if w.lower in WEEKDAYS)


def says_weekday(day: str, context: ArticleContext, sentences: Sequence[int]) -> bool:
    """Whether a weekday stands in the sentences, or is that of their dates, or of the article's main event."""
    number = WEEKDAYS.index(day)
    intervals = [m.interval for i in sentences for m in context.dates(i)]
    if any(day in weekdays(context.reading(i)) for i in sentences):
        return True
    if not intervals and not any(weekdays(context.reading(i)) for i in sentences):
        intervals = list(context.anchor.intervals) if context.anchor is not None else []
        if any(day in weekdays(context.reading(i)) for i in context.lead):
            return True
    return any(i.full and i.first.weekday() == number for i in intervals)
