"""What a draft leaves out of an answer that has to name several events: the articles' own sentences on the others."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from service.answering.alternatives import asks_attribute
from service.answering.findings import Findings
from service.grounding.context import ArticleContext
from service.grounding.disagreements import Event, event_of

Cited = tuple[ArticleContext, int, int]
"""A context, and the first and the last of its sentences that are cited."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """A sentence of the extractive answer on an event of its own, and what it cites."""

    text: str
    cited: tuple[Cited, ...]
    event: Event


def other_events(findings: Findings, told: Collection[tuple[str, int]]) -> list[Quoted]:
    """The extractive answer's sentences on events of other days than those told of, one an event.

    Of a question that names its date, or that asks for what does not change, there are none. `told`: what the draft's
    sentences cite, by article id and index.
    """
    contexts = findings.contexts
    known = [event_of(contexts[article], i) for article, i in told if article in contexts]
    if findings.read.dates or asks_attribute(findings.read) or not any(event.narrow for event in known):
        return []
    places = {c.marker: sentences_at(contexts.get(c.article_id), c.start, c.end) for c in findings.own.citations}
    found = []
    for sentence in findings.own.sentences:
        cited = [place for marker in sentence.markers if (place := places.get(marker)) is not None]
        if not cited or len(cited) < len(sentence.markers):
            continue
        event = event_of(cited[0][0], cited[0][1])
        if event.narrow and all(event.conflicts(other) for other in known):
            known.append(event)
            found.append(Quoted(sentence.text, tuple(cited), event))
    return found


def sentences_at(context: ArticleContext | None, start: int, end: int) -> Cited | None:
    """The sentences of an article between two offsets; None without the article, or when there is no whole one."""
    if context is None:
        return None
    inside = [i for i, span in enumerate(context.spans) if start <= span.start and span.end <= end]
    return (context, inside[0], inside[-1]) if inside else None
