"""What a sentence is checked against, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from service.grounding.context import ArticleContext
from service.types import Span, Verdict


@dataclass(frozen=True, slots=True)
class Source:
    """An article, and those of its sentences that may be cited, by index and in order."""

    context: ArticleContext
    sentences: tuple[int, ...]

    def __post_init__(self) -> None:
        if any(not 0 <= i < len(self.context.spans) for i in self.sentences):
            raise ValueError(f"article {self.context.article.id} has no such sentence")


@dataclass(frozen=True, slots=True)
class CitedSpan:
    """One or two neighbouring sentences of an article, by index, both ends inclusive."""

    context: ArticleContext
    first: int
    last: int

    def __post_init__(self) -> None:
        if not 0 <= self.first <= self.last <= self.first + 1 or self.last >= len(self.context.spans):
            raise ValueError(f"a citation has one or two neighbouring sentences, got {self.first}..{self.last}")

    @property
    def span(self) -> Span:
        return Span(self.context.spans[self.first].start, self.context.spans[self.last].end)


@dataclass(frozen=True, slots=True)
class SentenceCheck:
    """What the check of one sentence found. `support`: probability, 0..1, that `spans` support all that it says.

    `spans` are the narrowest ones that do, in the order in which they matter, an anchor that dates them last; for what
    is not supported the nearest ones, or none. `recited`: they are not among what the sentence cited itself.
    `reasons`: what is not supported or contradicted, each in a few plain words, for people and for a repair.
    """

    text: str
    verdict: Verdict
    support: float
    spans: tuple[CitedSpan, ...]
    recited: bool = False
    reasons: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0.0 <= self.support <= 1.0:
            raise ValueError(f"support is a probability, got {self.support}")
        if self.verdict == "supported" and not self.spans:
            raise ValueError("what is supported is supported by something")


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """A sentence that somebody wrote, and what it cites. Its pronouns may lean on the sentences before it."""

    text: str
    cited: tuple[Source, ...] = ()
