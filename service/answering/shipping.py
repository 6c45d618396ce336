"""Which checked sentences of a draft make the answer, and their citations, in reading order."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from service.answering.checking import Checked, leans_back
from service.answering.citing import Citer
from service.answering.supplementing import Quoted, sentences_at
from service.grounding.context import ArticleContext
from service.types import Answer, AnswerSentence, Citation, Disagreement

_SPACES = re.compile(r"\W+")


ConfidenceIn = Callable[[Collection[tuple[str, int]]], float]
"""Confidence that these sentences, by article id and index, answer the question."""


def chosen(checked: Sequence[Checked], max_sentences: int) -> list[Checked]:
    """The same with all refused that do not ship: those beyond the number asked for, said already, or left hanging.

    What becomes of a sentence depends on those before it alone.
    """
    kept: list[Checked] = []
    said: set[str] = set()
    shipped = 0
    for i, item in enumerate(checked):
        refused = item.refused
        key = _SPACES.sub(" ", item.drafted.text).casefold()
        if refused is None and key in said:
            refused = "it is said already"
        elif refused is None and i > 0 and kept[-1].refused is not None and leans_back(item.drafted.text):
            refused = "it leans on a sentence that was left out"
        elif refused is None and shipped >= max_sentences:
            refused = "it is beyond the number of sentences asked for"
        if refused is None:
            said.add(key)
            shipped += 1
        kept.append(Checked(item.drafted, item.check, refused, item.repairable and item.refused is not None))
    return kept


def confidence(checked: Iterable[Checked], confidence_in: ConfidenceIn) -> float:
    """That of the likeliest sentence: that what it cites answers the question; that it says so was checked."""
    return max((confidence_in(item.cited) for item in checked if item.refused is None), default=0.0)


@dataclass(slots=True)
class Shipment:
    """Sentences that ship, one after the other, and what they cite."""

    citer: Citer
    sentences: list[AnswerSentence] = field(default_factory=list)

    def take(self, item: Checked) -> tuple[AnswerSentence, tuple[Citation, ...]]:
        """The sentence with its markers, and the citations that are new. Raises CitationMismatch."""
        known = len(self.citer.citations)
        spans = item.check.spans
        markers = [self.citer.cite(s.context, s.first, s.last).marker for s in spans]
        support = round(item.check.support, 4)
        sentence = AnswerSentence(item.drafted.text, tuple(dict.fromkeys(markers)), support, item.check.verdict)
        self.sentences.append(sentence)
        return sentence, tuple(self.citer.citations[known:])

    def quote(self, quoted: Quoted) -> tuple[AnswerSentence, tuple[Citation, ...]]:
        """The same for an article's own sentence."""
        known = len(self.citer.citations)
        markers = [self.citer.cite(*place).marker for place in quoted.cited]
        sentence = AnswerSentence(quoted.text, tuple(dict.fromkeys(markers)), 1.0, "supported")
        self.sentences.append(sentence)
        return sentence, tuple(self.citer.citations[known:])


def carried_over(answer: Answer, citer: Citer, contexts: Mapping[str, ArticleContext]) -> tuple[Disagreement, ...]:
    """The disagreements of another answer to the same question, under markers of this one. `contexts` by article id."""
    places = {c.marker: c for c in answer.citations}
    found = []
    for disagreement in answer.disagreements:
        quotes = [places[value.marker] for value in disagreement.values]
        spans = [sentences_at(contexts.get(c.article_id), c.start, c.end) for c in quotes]
        whole = [span for span in spans if span is not None]
        if len(whole) == len(spans):
            markers = [citer.cite(*span).marker for span in whole]
            values = [replace(v, marker=m) for v, m in zip(disagreement.values, markers, strict=True)]
            found.append(replace(disagreement, values=tuple(values)))
    return tuple(found)
