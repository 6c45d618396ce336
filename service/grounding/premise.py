"""What a claim is held against: sentences of one article, and those around them that they lean on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from service.grounding.context import ArticleContext
from service.text.sentence import SentenceReading


@dataclass(frozen=True)
class Premise:
    """One or more sentences of an article, by index and in order."""

    context: ArticleContext
    sentences: tuple[int, ...]

    @cached_property
    def readings(self) -> tuple[SentenceReading, ...]:
        return tuple(self.context.reading(i) for i in self.sentences)

    @cached_property
    def text(self) -> str:
        return " ".join(reading.text for reading in self.readings)

    @cached_property
    def around(self) -> tuple[int, ...]:
        """Sentences that it leans on: the one before, for its pronouns, and the lead, which names the event."""
        before = self.context.previous(self.sentences[0])
        near = (before,) if before is not None else ()
        anchor = self.context.anchor
        dated_by = (anchor.sentence,) if anchor is not None and anchor.sentence is not None else ()
        return tuple(i for i in dict.fromkeys((*near, *dated_by, *self.context.lead)) if i not in self.sentences)

    def carriers(self) -> Iterator[tuple[int | None, SentenceReading]]:
        """Its sentences, those around it and the title (None), in the order in which they may carry a fact."""
        yield from zip(self.sentences, self.readings, strict=True)
        for i in self.around:
            yield i, self.context.reading(i)
        yield None, self.context.title
