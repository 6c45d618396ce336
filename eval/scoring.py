"""Scoring one answer against one case: every judgement apart, so that a failure says what failed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from eval.cases import Case, holds
from service.answering.citing import quotes
from service.types import Answer, Article

MAX_SENTENCES = 3
MAX_WORDS = 80


@dataclass(frozen=True, slots=True)
class Score:
    """What held for one case. `right`: answered as expected, or refused where the articles do not say."""

    case: Case
    answer: Answer
    right: bool
    spans_exact: bool
    short: bool
    forbidden: bool
    """A value that the case forbids stands in the answer."""


def score(case: Case, answer: Answer, articles: Mapping[str, Article], ids: Mapping[str, str]) -> Score:
    """`articles`: by id, of every citation; `ids`: the case's article ids to the library's."""
    refused = answer.status == "abstained"
    wanted = {ids.get(article, article) for article in case.articles}
    quoted = " ".join(c.quote for c in answer.citations)
    answered = (
        not refused
        and bool(wanted & {c.article_id for c in answer.citations})
        and case.met_by(quoted)
        and case.met_by(answer.text)
    )
    return Score(
        case=case,
        answer=answer,
        right=answered if case.answerable else refused,
        spans_exact=_exact(answer, articles),
        short=len(answer.sentences) <= MAX_SENTENCES
        and sum(len(s.text.split()) for s in answer.sentences) <= MAX_WORDS,
        forbidden=any(holds(form, answer.text) for form in case.forbidden),
    )


def _exact(answer: Answer, articles: Mapping[str, Article]) -> bool:
    for citation in answer.citations:
        if articles[citation.article_id].text[citation.start : citation.end] != citation.quote:
            return False
    said = {c.marker: c.quote for c in answer.citations}
    return all(any(quotes(s.text, said[m]) for m in s.markers) for s in answer.sentences if s.markers)


def share(flags: Iterable[bool]) -> float:
    """The share of true flags; 1.0 of none."""
    values: Sequence[bool] = list(flags)
    return sum(values) / len(values) if values else 1.0
