"""The checks that every sentence of a draft passes or does not ship, closed wherever something fails."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from service.answering.drafting import DraftedSentence
from service.answering.features import surroundings
from service.answering.instructions import asserts_nothing, instructs
from service.answering.leaks import Leaks
from service.answering.matching import TermMatcher
from service.answering.plain_text import has_markup
from service.answering.reading import ReadQuestion
from service.answering.showing import Showing, may_serve
from service.grounding.context import ArticleContext
from service.grounding.grounder import Grounder
from service.grounding.sources import CitedSpan, DraftSentence, SentenceCheck
from service.text.sentence import read_sentence
from service.text.words import is_stop_word

_SHORTEST_WORDS, LONGEST_WORDS = 3, 80
_BEARING = 0.3
"""Share of what a question is about that a sentence's sources must be about. Set by hand, low: it stops only what has
nothing to do with the question; whether anything answers it is weighed for the answer as a whole."""
_SHORT_SHARED, _LONG_SHARED, _FEW_TERMS = 0.5, 0.25, 4
"""Shares of a sentence's terms, of so few and of more, that what it cites has too, in these or like words."""
_SHOUTED = 0.5
_LETTERS = re.compile(r"[^\W\d_]")
_DIGIT_IN_WORD = re.compile(r"[^\W\d_]\d[^\W\d_]|[^\W\d_]{2,}[@$&#%!][^\W\d_]", re.UNICODE)


_STRAY = "it has nothing to do with the question"


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft sentence and what became of it. `refused`: why it may not ship, None: it may."""

    drafted: DraftedSentence
    check: SentenceCheck
    refused: str | None
    repairable: bool = False
    """What is wrong is what it says, so that saying it otherwise may help."""

    @property
    def cited(self) -> frozenset[tuple[str, int]]:
        """The sentences it rests on, by article id and index."""
        return frozenset(
            (span.context.article.id, i) for span in self.check.spans for i in range(span.first, span.last + 1)
        )


class Checker:
    """Checks the draft sentences of one answer. It blocks: call it in a thread."""

    def __init__(self, grounder: Grounder, question: ReadQuestion, shown: Showing, leaks: Leaks) -> None:
        self._grounder = grounder
        self._question = question
        self._shown = shown
        self._leaks = leaks
        self._matcher = TermMatcher(question.terms)

    def check(self, drafted: Sequence[DraftedSentence]) -> list[Checked]:
        """One a sentence, in order; each is read after those before it, on whose names it may lean."""
        everything = tuple(chunk.source for chunk in self._shown.chunks)
        drafts = [DraftSentence(d.text, self._shown.sources(d.markers)) for d in drafted]
        try:
            checks = self._grounder.check(drafts, everything)
            if len(checks) != len(drafts):
                checks = []
        except Exception:
            checks = []
        if not checks:
            checks = [
                SentenceCheck(d.text, "not_supported", 0.0, (), False, ("it could not be checked",)) for d in drafts
            ]
        return _beside([self._judged(d, c) for d, c in zip(drafted, checks, strict=True)])

    def _judged(self, drafted: DraftedSentence, check: SentenceCheck) -> Checked:
        try:
            if (why := self._unfit(drafted.text)) is not None:
                return Checked(drafted, check, why)
            if check.verdict != "supported":
                return Checked(
                    drafted, check, "; ".join(check.reasons) or "the articles do not say it", repairable=True
                )
            return Checked(drafted, check, _unsaid(drafted.text, check.spans) or self._unciteable(check.spans))
        except Exception:
            return Checked(drafted, check, "it could not be checked")

    def _unfit(self, text: str) -> str | None:
        """What bars a sentence from an answer, whatever the articles say."""
        if self._leaks.found_in(text):
            return "it repeats what the model was told"
        if has_markup(text):
            return "it carries a link or markup"
        if instructs(text) or asserts_nothing(text):
            return "it states nothing"
        if not _SHORTEST_WORDS <= len(text.split()) <= LONGEST_WORDS:
            return f"it has fewer than {_SHORTEST_WORDS} or more than {LONGEST_WORDS} words"
        if _is_disfigured(text):
            return "it is not written as a sentence is"
        return None

    def _unciteable(self, spans: Sequence[CitedSpan]) -> str | None:
        """Why what supports a sentence may not be cited for this question."""
        question = self._question
        bearing = 0.0
        for span in spans:
            for i in range(span.first, span.last + 1):
                text = span.context.text(i)
                if instructs(text) or asserts_nothing(text):
                    return "what it rests on states nothing"
                if not may_serve(question, span.context, i):
                    return "it is of another date than the question, or of none"
                bearing = max(bearing, self._bearing(span.context, i))
        if bearing < _BEARING:
            return _STRAY
        return None

    def _bearing(self, context: ArticleContext, i: int) -> float:
        """Share, 0..1, of what the question is about that a sentence and its surroundings speak of."""
        terms = self._question.terms
        if not terms:
            return 1.0
        degrees = [match.degree for match in self._matcher.matches(context.reading(i))]
        for share, other in surroundings(context, i):
            for t, match in enumerate(self._matcher.matches(other)):
                degrees[t] = max(degrees[t], share * match.degree)
        whole = sum(term.factor for term in terms)
        return sum(t.factor * d for t, d in zip(terms, degrees, strict=True)) / whole if whole else 1.0


def _beside(checked: Sequence[Checked]) -> list[Checked]:
    """The same, but a sentence that is only not about the question may ship if it rests on what stands right beside
    what another one rests on: "The sirens are electric. That is why ..."."""
    places = {place for item in checked if item.refused is None for place in item.cited}
    near = {(article, i + step) for article, i in places for step in (-1, 0, 1)}
    return [
        replace(item, refused=None) if item.refused == _STRAY and not near.isdisjoint(item.cited) else item
        for item in checked
    ]


def _unsaid(text: str, spans: Sequence[CitedSpan]) -> str | None:
    """Why a sentence that passed as supported is none of what it cites: hardly one of its words has to do with it.

    A sentence of few words, or of empty ones, has little that could be wrong, and as little that could be right.
    """
    said = read_sentence(text)
    terms = [c for c in said.concepts if not all(is_stop_word(w.lower) for w in said.words[c.first : c.last + 1])]
    cited = [span.context.reading(i).concept_index for span in spans for i in range(span.first, span.last + 1)]
    met = [any(c.stem in index.positions or c.groups & index.groups for index in cited) for c in terms]
    least = _SHORT_SHARED if len(terms) <= _FEW_TERMS else _LONG_SHARED
    if not met or sum(met) < least * len(met):
        return "it hardly has a word of what it cites"
    return None


def leans_back(text: str) -> bool:
    """Whether a sentence needs the one before it to say who or what is meant."""
    return read_sentence(text).opens_with_pronoun


def _is_disfigured(text: str) -> bool:
    """Shouted, with figures or signs for letters, without spaces, or the same words over and over: no news is so."""
    words = text.split()
    if len(words) >= 6 and len({word.casefold() for word in words}) <= len(words) / 2:
        return True
    letters = _LETTERS.findall(text)
    if len(words) >= 4 and sum(c.isupper() for c in letters) > _SHOUTED * len(letters):
        return True
    if len(_DIGIT_IN_WORD.findall(text)) >= 2:
        return True
    return bool(letters) and len(letters) / max(1, len(words)) > 15
