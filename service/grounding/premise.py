"""What a claim is held against: sentences of one article, and those around them that they lean on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from service.grounding.context import ArticleContext
from service.text.sentence import SentenceReading


@dataclass(frozen=True)
class Premise:
    """One or two neighbouring sentences of an article, by index and in order. `main`: the one nearest to the claim.

    `further`: others of the article that carry words which these lack.
    """

    context: ArticleContext
    sentences: tuple[int, ...]
    main: int
    further: tuple[int, ...] = ()

    @cached_property
    def readings(self) -> tuple[SentenceReading, ...]:
        return tuple(self.context.reading(i) for i in self.sentences)

    @cached_property
    def around(self) -> tuple[SentenceReading, ...]:
        """What they lean on: the sentence before, the lead, the one that dates the event, the title."""
        before = self.context.previous(self.sentences[0])
        anchor = self.context.anchor
        dated_by = anchor.sentence if anchor is not None else None
        numbers = dict.fromkeys(i for i in (before, dated_by, *self.context.lead) if i is not None)
        found = [self.context.reading(i) for i in numbers if i not in self.sentences]
        return (*found, self.context.title)
