"""From selected sentences to an Answer: citations made by code, each sentence checked against what it cites."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from service.answering.selecting import Selected
from service.errors import CitationMismatch
from service.grounding.context import ArticleContext
from service.grounding.disagreements import Value
from service.types import AnswerSentence, Carrier, Citation, Disagreement, DisagreementValue, Span

CarriersOf = Callable[[str, str], Sequence[Carrier]]
"""Who else says this: by the cited article's id and the quote."""


class Citer:
    """Hands out markers: the same span of the same revision of an article is cited once."""

    def __init__(self, carriers_of: CarriersOf) -> None:
        self._carriers_of = carriers_of
        self._markers: dict[tuple[str, str, int, int], int] = {}
        self.citations: list[Citation] = []

    def cite(self, context: ArticleContext, index: int, last: int | None = None) -> Citation:
        """The citation of one sentence, or of it and the next one, `last`.

        Raises CitationMismatch when the article does not say it there.
        """
        last = index if last is None else last
        if not index <= last <= index + 1:
            raise CitationMismatch(
                f"sentences {index} to {last} of {context.article.id}: a quote is at most two sentences"
            )
        key = (context.article.id, context.article.revision, index, last)
        if key in self._markers:
            return self.citations[self._markers[key] - 1]
        span = Span(context.spans[index].start, context.spans[last].end)
        citation = Citation.of(
            context.article,
            span,
            marker=len(self.citations) + 1,
            carriers=self._carriers_of(context.article.id, span.of(context.article.text)),
        )
        self._markers[key] = citation.marker
        self.citations.append(citation)
        return citation


def sentences_cited(selected: Sequence[Selected], citer: Citer) -> tuple[list[AnswerSentence], int]:
    """Sentences with their markers, and how many the check dropped."""
    sentences: list[AnswerSentence] = []
    checked = [s for s in selected if quotes(s.text, s.context.text(s.index))]
    for sentence in checked:
        markers = [citer.cite(sentence.context, sentence.index).marker]
        if sentence.dated_by is not None and sentence.dated_by != sentence.index:
            markers.append(citer.cite(sentence.context, sentence.dated_by).marker)
        sentences.append(AnswerSentence(sentence.text, tuple(dict.fromkeys(markers)), 1.0, "supported"))
    return sentences, len(selected) - len(checked)


def disagreement_cited(about: str, values: Sequence[Value], citer: Citer) -> Disagreement:
    """The values that differ, each with the citation of the sentence that gives it."""
    return Disagreement(
        about,
        tuple(DisagreementValue(v.text, citer.cite(v.context, v.index).marker, v.event.iso()) for v in values),
    )


def quotes(text: str, quote: str) -> bool:
    """Whether a sentence is word for word in the quote, but for the marks that show where it was cut."""
    said = text.removeprefix("… ").removesuffix(" …")
    return bool(said.strip()) and said in quote
