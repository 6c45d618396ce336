"""What of a query is looked up: its words, and the pairs of words that stand side by side in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from service.text.words import is_stop_word, stem, tokens

_FEWEST_POSTINGS, _MOST_POSTINGS = 1_200, 20_000
"""Matches that the words of one query may have together. bm25 takes about a microsecond for each, so this bounds a
search in a library of any size."""
_FEWEST = 3
"""Words that are looked up however common they are."""
_STEMS_KEPT = 100_000
_WORD = re.compile(r"\w+")


def query_terms(query: str) -> list[str]:
    """The words of a query worth looking up: no stop words, each once, in order; all of them if only such are left."""
    words = list(dict.fromkeys(token.lower for token in tokens(query)))
    return [word for word in words if not is_stop_word(word)] or words


def postings_for(chunks: int) -> int:
    """How many matches a search among so many chunks may cost: a third as many, within bounds."""
    return min(max(chunks // 3, _FEWEST_POSTINGS), _MOST_POSTINGS)


def affordable(frequencies: Mapping[str, int], postings: int) -> list[str]:
    """The terms, rarest first, that together match no more than so many chunks; those that match none are left out.

    `frequencies`: in how many chunks each term stands. A common word adds little to a score and most of its cost.
    """
    kept: list[str] = []
    spent = 0
    for term in sorted(frequencies, key=lambda t: (frequencies[t], t)):
        spent += frequencies[term]
        if frequencies[term] and (spent <= postings or len(kept) < _FEWEST):
            kept.append(term)
    return kept


def shared_pairs(query: str, texts: Sequence[str]) -> list[float]:
    """For each text, the share (0..1) of the query's pairs of words that stand side by side in it, too.

    Words are compared by their stems, and stop words passed over: "siege of the city" has "city's sieges" not, but
    "the siege of cities".
    """
    wanted = set(pairwise(_content(query.lower())))
    beginnings = {(beginning(one), beginning(other)) for one, other in wanted}
    shares = []
    for text in map(str.lower, texts):
        # Most texts lack one word of every pair, which is seen without cutting them into words.
        perhaps = any(one in text and other in text for one, other in beginnings)
        found = wanted.intersection(pairwise(_content(text))) if perhaps else ()
        shares.append(len(found) / len(wanted) if wanted else 0.0)
    return shares


def beginning(stemmed: str) -> str:
    """What every word with this stem has at its start: its last letter may be another ("happy", "happi"), and of a
    stem as short as "die" or "sky" only the first is in all of them ("dying", "skies")."""
    return stemmed[:-1] if len(stemmed) > len("sky") else stemmed[:1]


def _content(lowered: str) -> Iterator[str]:
    """The stems of a text's words but stop words. Twenty texts of a query: hence no loop in Python."""
    return filter(None, map(_STEMS.__getitem__, _WORD.findall(lowered)))


class _Stems(dict[str, str]):
    """Word to stem, empty for a stop word; filled as words come, emptied when there are too many."""

    def __missing__(self, word: str) -> str:
        if len(self) >= _STEMS_KEPT:
            self.clear()
        found = self[word] = "" if is_stop_word(word) else stem(word)
        return found


_STEMS = _Stems()
