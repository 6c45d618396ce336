"""The value with which a sentence answers: the figure, name, date or kind of thing that was asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.answering.candidates import Candidate
from service.answering.expected import Expected
from service.answering.kinds import counts
from service.answering.reading import ReadQuestion
from service.grounding.disagreements import Event, Value, event_of, figure_value, is_whole
from service.text.figures import Figure

FIGURES = frozenset({Expected.QUANTITY, Expected.MONEY, Expected.PERCENT, Expected.DISTANCE, Expected.DURATION})
_COMPLEMENT = re.compile(
    r"\b(?:is|was|are|were)\s+(?:an?|the|one of the)\s+(.+?)(?=[.,;:(]|\s(?:who|which|that|and was|since)\b|$)",
    re.IGNORECASE,
)
_LONGEST = 12
"""Words of a value that is a phrase."""


def value_of(question: ReadQuestion, candidate: Candidate) -> Value | None:
    """What a sentence gives as the answer; None where no one span of it does."""
    context, i = candidate.context, candidate.index
    if question.expected in FIGURES:
        figure = _figure(question, candidate)
        return figure_value(context, i, figure) if figure is not None else None
    span = _span(question, candidate)
    if span is None:
        return None
    # Where a date is asked for it is the answer, and no two answers differ merely by being of different days.
    event = Event(()) if question.expected is Expected.DATE else event_of(context, i)
    return Value(context, i, context.text(i)[span[0] : span[1]], event)


def _figure(question: ReadQuestion, candidate: Candidate) -> Figure | None:
    spans = set(candidate.weighing.kind.spans)
    fitting = [f for f in candidate.context.reading(candidate.index).figures if (f.start, f.end) in spans]
    reading = candidate.context.reading(candidate.index)
    exact = [f for f in fitting if not f.vague and not is_whole(reading, f)]
    if not exact:
        return None
    if not question.counted:
        return min(exact, key=lambda f: _distance(candidate, (f.start, f.end)))
    head = question.terms[question.counted[-1]]
    return min(exact, key=lambda f: (-counts(f, head), _distance(candidate, (f.start, f.end))))


def _span(question: ReadQuestion, candidate: Candidate) -> tuple[int, int] | None:
    """Of the spans that look like the answer the one nearest to what the question says of it."""
    spans = candidate.weighing.kind.spans
    if question.expected is Expected.DATE:  # "overnight" is a time and no date
        text = candidate.context.text(candidate.index)
        spans = tuple(span for span in spans if re.search(r"\d", text[slice(*span)]))
    if spans:
        return min(spans, key=lambda span: _distance(candidate, span))
    if question.expected is not Expected.THING:
        return None
    text = candidate.context.text(candidate.index)
    complement = _COMPLEMENT.search(text)
    if complement is None or len(complement[1].split()) > _LONGEST:
        return None
    return complement.span(1)


def _distance(candidate: Candidate, span: tuple[int, int]) -> int:
    """Characters between a span and the nearest place where the sentence has one of the question's words."""
    words = candidate.context.reading(candidate.index).words
    met: Sequence[int] = [
        words[m.position].start for m in candidate.weighing.matches if m.position is not None and m.degree >= 0.5
    ]
    return min((min(abs(at - span[0]), abs(at - span[1])) for at in met), default=0)
