"""How a sentence bears on the question as a whole: it defines what is asked about, is prose, has the title quoted."""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.answering.kinds import KindMatch
from service.answering.matching import Match
from service.answering.reading import ReadQuestion
from service.grounding.context import ArticleContext
from service.text.names import same_name
from service.text.sentence import SentenceReading
from service.text.words import is_stop_word

_QUOTED = re.compile(r"[\"“«]([^\"”»]{2,80})[\"”»]")
_DEFINING = frozenset("is was are were".split())
_ARTICLES = frozenset("a an the one".split())
_FEWEST_WORDS = 5
_PROSE_SHARE = 0.3
"""Share of stop words from which a sentence is prose; a menu or a table has a tenth."""


def prose(sentence: SentenceReading) -> float:
    """How far, 0..1, a sentence is one: of a menu, a table or a list of names few words are small ones."""
    words = sentence.words
    if len(words) < _FEWEST_WORDS:
        return 0.5
    small = sum(is_stop_word(word.lower) for word in words)
    return min(1.0, small / len(words) / _PROSE_SHARE)


def answer_near(question: ReadQuestion, matches: Sequence[Match], sentence: SentenceReading, kind: KindMatch) -> float:
    """How near, 0..1, what looks like the answer stands to a term of the question that is no name; 0.5 without one."""
    at = [m.position for t, m in zip(question.terms, matches, strict=True) if m.position is not None and not t.name]
    if not at or not kind.spans:
        return 0.5
    starts = [word.start for word in sentence.words]
    places = [i for i, start in enumerate(starts) if any(first <= start < last for first, last in kind.spans)]
    if not places:
        return 0.5
    distance = min(abs(p - q) for p in places for q in at)
    return 1 / (1 + max(0, distance - 1) / 4)


def quoted_missing(question: ReadQuestion, context: ArticleContext, sentence: SentenceReading) -> float:
    """1 when the question quotes a title and neither sentence, title nor lead has it; 0.5 with the latter two."""
    titles = [_plain(m[1]) for m in _QUOTED.finditer(question.text)]
    if not titles:
        return 0.0
    if any(title in _plain(sentence.text) for title in titles):
        return 0.0
    around = [context.title, *(context.reading(j) for j in context.lead)]
    return 0.5 if any(title in _plain(other.text) for other in around for title in titles) else 1.0


def defines(question: ReadQuestion, sentence: SentenceReading) -> float:
    """1 when the sentence says what something named in the question is: "Corner Gas is a sitcom"."""
    asked = {part for term in question.terms if term.name for part in term.name.parts}
    if not asked:
        return 0.0
    words = sentence.words
    for i, word in enumerate(words[:-1]):
        if word.lower in _DEFINING and words[i + 1].lower in _ARTICLES:
            before = [w for w in words[:i] if w.capitalised]
            return float(any(same_name(w.lower, part) for w in before for part in asked))
    return 0.0


def _plain(text: str) -> str:
    return " " + " ".join(re.findall(r"\w+", text.lower())) + " "
