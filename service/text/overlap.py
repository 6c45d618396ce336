"""How much two texts say in the same words: overlap of word shingles, and of the words that carry the facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

SHINGLE_WORDS = 3
"""With four, a text in which every twentieth word was changed already keeps fewer than two thirds of its shingles."""
SHORTEST_WORDS = 30
"""A shorter text has too few shingles for a share of them to mean anything."""

_JACCARD = 0.6
_CONTAINMENT = 0.8
_FACTS_SHARED = 0.65
_PASSAGE_SHARED = 0.8
# A figure keeps its separators: 1,200 and 12,00 are two.
_WORD = re.compile(r"[^\W_]+(?:(?<=\d)[.,]\d+)*")

# What a day is called counts as a figure, else the attack of Monday would repeat that of Tuesday; and so does a "not".
_CALENDAR = frozenset(
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August "
    "September October November December Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec".split()
)
_QUOTATION_MARKS = {ord(mark): "'" for mark in '"“”„‟«»‘’‚‛‹›`´'}

_TELLING = frozenset(
    "zero two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion trillion "
    "dozen dozens hundreds thousands millions half third quarter no not none nobody never neither nor without".split()
)

Shingle = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """A text's shingles of three words, its figures, days and denials, and its names: what tells it from its like."""

    words: int
    shingles: frozenset[Shingle]
    figures: frozenset[str]
    names: frozenset[str]

    @property
    def facts(self) -> frozenset[str]:
        return self.figures | self.names


def wording(text: str) -> Wording:
    found = _WORD.findall(text)
    return Wording(
        words=len(found),
        shingles=frozenset(_shingles(tuple(word.casefold() for word in found))),
        figures=frozenset(
            word.casefold() for word in found if word[0].isdigit() or word in _CALENDAR or word.casefold() in _TELLING
        ),
        names=frozenset(word.casefold() for word in found if word[0].isupper()),
    )


def merged(wordings: Iterable[Wording]) -> Wording:
    """What several passages say together."""
    found = list(wordings)
    return Wording(
        words=sum(one.words for one in found),
        shingles=frozenset(shingle for one in found for shingle in one.shingles),
        figures=frozenset(figure for one in found for figure in one.figures),
        names=frozenset(name for one in found for name in one.names),
    )


def folded_words(text: str) -> list[str]:
    """The words that shingles are made of, in order."""
    return _WORD.findall(text.casefold())


def _shingles(words: Sequence[str]) -> Iterator[Shingle]:
    return zip(words, words[1:], words[2:], strict=False)


def is_near_copy(one: Wording, other: Wording) -> bool:
    """Whether two articles are one story carried twice: much the same words, and where they differ, few facts do.

    Words alone do not tell: of two reports made from one form, on two earthquakes, only the facts differ.
    """
    if min(one.words, other.words) < SHORTEST_WORDS:
        return False
    shared = len(one.shingles & other.shingles)
    fewer = min(len(one.shingles), len(other.shingles))
    all_of_both = len(one.shingles) + len(other.shingles) - shared
    if shared < _JACCARD * all_of_both and shared < _CONTAINMENT * fewer:
        return False
    facts = min(len(one.facts), len(other.facts))
    return len(one.facts & other.facts) >= _FACTS_SHARED * facts


def repeats(passage: Wording, said: Wording) -> bool:
    """Whether a passage says nothing that `said` does not: nearly all its shingles, each of its figures, and no name
    in the place of another one."""
    if passage.words < SHINGLE_WORDS or not passage.figures <= said.figures:
        return False
    if len(passage.shingles & said.shingles) < _PASSAGE_SHARED * len(passage.shingles):
        return False
    return not _renames(passage, said)


def _renames(passage: Wording, said: Wording) -> bool:
    """Whether after the same two words a name stands here that the other does not have, and there another one.

    A dateline or credit line more names somebody too, but in nobody's place.
    """
    new, gone = passage.names - said.names, said.names - passage.names
    if not new or not gone:
        return False
    here = {shingle[:2]: shingle[2] for shingle in passage.shingles if shingle[2] in new}
    # A name that was cut off with its passage is no other one.
    return any(s[2] in gone and s[:2] in here and not s[2].startswith(here[s[:2]]) for s in said.shingles)


def says(text: str, passage: str) -> bool:
    """Whether a passage stands in a text word for word: white space, case and the shape of quotation marks apart."""
    wanted = _plain(passage)
    # "5 were hurt" does not stand in "15 were hurt", nor "200 men" in "1,200 men".
    return bool(wanted) and re.search(rf"(?<![\w.,$€£-]){re.escape(wanted)}(?!\w)", _plain(text)) is not None


def _plain(text: str) -> str:
    return " ".join(text.translate(_QUOTATION_MARKS).split()).casefold()
