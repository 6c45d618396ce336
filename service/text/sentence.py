"""One sentence read once: its tokens, concepts, names, dates and figures."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from service.text.dates import DateMention, find_dates
from service.text.figures import Figure, figures
from service.text.names import Name, names
from service.text.thesaurus import Concept, concepts
from service.text.words import PRONOUNS, Token, tokens

_ANAPHORIC = PRONOUNS | frozenset("both another others here there".split())


@dataclass(frozen=True, slots=True)
class SentenceReading:
    """What the rest asks of a sentence. All positions are relative to `text`."""

    text: str
    words: tuple[Token, ...]
    concepts: tuple[Concept, ...]
    names: tuple[Name, ...]
    dates: tuple[DateMention, ...]
    figures: tuple[Figure, ...]
    stems: frozenset[str]

    @property
    def opens_with_pronoun(self) -> bool:
        """Whether it leans on the sentence before: "They downed 30." but not "They" far inside."""
        return bool(self.words) and self.words[0].lower in _ANAPHORIC

    @property
    def is_heading(self) -> bool:
        """A title or heading line: no final punctuation."""
        return not self.text.rstrip("\"'”’)] ").endswith((".", "!", "?", ":", ";", "…"))


@lru_cache(maxsize=20_000)
def read_sentence(text: str) -> SentenceReading:
    """Read a sentence. Pure, and remembered: the sentences of an article are read again for every question."""
    words = tokens(text)
    dates = find_dates(text)
    found = concepts(words)
    return SentenceReading(
        text=text,
        words=tuple(words),
        concepts=tuple(found),
        names=tuple(names(text, words)),
        dates=tuple(dates),
        figures=tuple(figures(text, words, dates)),
        stems=frozenset(w.stem for w in words),
    )
