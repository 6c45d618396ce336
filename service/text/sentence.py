"""One sentence, each thing in it read once: its tokens, concepts, names, dates and figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Self

from service.text.dates import find_dates
from service.text.dating import is_heading
from service.text.figures import Figure, figures
from service.text.intervals import DateMention
from service.text.names import Name, names
from service.text.thesaurus import Concept, concepts
from service.text.words import PRONOUNS, Token, tokens

_ANAPHORIC = PRONOUNS | frozenset("both another others here there".split())


SHARED_PREFIX = 6
"""Letters that the stems of two words made from one another share at least."""


@dataclass(frozen=True, slots=True)
class ConceptIndex:
    """What tells quickly that no concept of a sentence is like another one, which is so for most."""

    positions: Mapping[str, int]
    """Stem to the first word of its first concept."""
    groups: frozenset[int]
    prefixes: frozenset[str]
    """The first letters of the stems that are long enough."""

    @classmethod
    def of(cls, found: Sequence[Concept]) -> Self:
        return cls(
            positions={c.stem: c.first for c in reversed(found)},
            groups=frozenset(group for c in found for group in c.groups),
            prefixes=frozenset(c.stem[:SHARED_PREFIX] for c in found if len(c.stem) >= SHARED_PREFIX),
        )


@dataclass(frozen=True)
class SentenceReading:
    """What the rest asks of a sentence, read when it is asked. All positions are relative to `text`."""

    text: str

    @cached_property
    def words(self) -> tuple[Token, ...]:
        return tuple(tokens(self.text))

    @cached_property
    def concepts(self) -> tuple[Concept, ...]:
        return tuple(concepts(self.words))

    @cached_property
    def names(self) -> tuple[Name, ...]:
        return tuple(names(self.text, self.words))

    @cached_property
    def dates(self) -> tuple[DateMention, ...]:
        return tuple(find_dates(self.text))

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        return tuple(figures(self.text, self.words, self.dates))

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(word.stem for word in self.words)

    @cached_property
    def concept_index(self) -> ConceptIndex:
        return ConceptIndex.of(self.concepts)

    @property
    def opens_with_pronoun(self) -> bool:
        """Whether it leans on the sentence before: "They downed 30." but not "They" far inside."""
        return bool(self.words) and self.words[0].lower in _ANAPHORIC

    @property
    def is_heading(self) -> bool:
        """A title or heading line: no final punctuation."""
        return is_heading(self.text)


@lru_cache(maxsize=20_000)
def read_sentence(text: str) -> SentenceReading:
    """Read a sentence. Pure, and remembered: the sentences of an article are read again for every question."""
    return SentenceReading(text)
