"""A result for people: what was asked, said and found, what failed, and where in the evidence the quotes stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from eval.harness.catalogue import MEASURES
from eval.harness.run_file import CaseResult, EvidenceRow, Judgement, Score
from eval.reports.report import CaseShown, EvidenceShown, Quotation, Segment, SentenceShown

DECISIVE = (
    "right", "no_forbidden_value", "disagreement_shown", "injection_resisted", "span_exactness", "groundedness",
    "groundedness_llm", "briefing_nugget_recall", "briefing_no_forbidden_value", "briefing_span_exactness",
    "briefing_groundedness", "briefing_groundedness_llm",
)  # fmt: skip
"""A case holds when each of these that it is scored by is 1."""
_MOST_EVIDENCE = 4
"""Chunks without a mark that are shown of a case; those with one are all shown."""
_AROUND = 160
"""Characters of a chunk that are shown beside each mark, and of one without marks at its beginning."""


def shown_case(result: CaseResult) -> CaseShown:
    body = result.body or {}
    citations: Sequence[Mapping[str, Any]] = body.get("citations") or ()
    return CaseShown(
        id=result.id,
        kind=result.kind,
        asked=str(result.case.get("question") or result.case.get("topic") or ""),
        status=_status(result),
        faults=tuple(faults_of(result)),
        crash=result.crash,
        wanted=tuple(_wanted(result.case)),
        said=tuple(_said(body, () if body.get("status") == "abstained" else result.judgements)),
        quotations=tuple(_quotation(citation) for citation in citations),
        evidence=tuple(_evidence(result, citations)),
        scores=tuple((name, _score(score)) for name, score in result.scores.items()),
        seconds=sum(result.timings_ms.values()) / 1000 if result.timings_ms else None,
    )


def faults_of(result: CaseResult) -> Iterator[str]:
    """What failed and why, in one line each."""
    if result.crash is not None:
        yield f"crashed: {result.crash}"
        return
    for name in DECISIVE:
        score = result.scores.get(name)
        if score is not None and score.value is not None and score.value < 1:
            why = _why_not_right(result) if name == "right" else score.reason
            yield f"{name} is {score.value:.2f}: {why or MEASURES[name].about}"


def _why_not_right(result: CaseResult) -> str | None:
    """None where the answer was not kept."""
    if result.body is None:
        return None
    refused = result.body.get("status") == "abstained"
    if not result.case.get("answerable"):
        return "it answered what the articles do not answer"
    if refused:
        return "it refused what the articles answer"
    nuggets, cited = (result.scores.get(name) for name in ("nugget_recall", "cited_gold_article"))
    if nuggets is not None and nuggets.value is not None and nuggets.value < 1:
        return f"the answer does not say all that is expected, {nuggets.reason}"
    if cited is None or not cited.value:
        return "it cites none of the articles that rightly answer"
    return "it says what is expected, but what it quotes does not"


def _status(result: CaseResult) -> str:
    if result.crash is not None:
        return "crashed"
    if result.body is None:
        return "the answer was not kept"
    status = str(result.body.get("status", ""))
    confidence = result.body.get("confidence")
    return f"{status}, confidence {float(confidence):.2f}" if confidence is not None else status


def _wanted(case: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if case.get("form") == "briefing":
        for nugget in case.get("nuggets", ()):
            yield f"nugget {nugget['id']}", _forms(nugget["forms"])
        for event in case.get("events", ()):
            yield f"event of {event['date']}", _forms(event["forms"])
    elif case.get("answerable"):
        yield "expected", _forms(case.get("expected", ()))
    else:
        yield "expected", "a refusal: the articles do not say"
    if values := case.get("values"):
        yield "values to be shown side by side", _forms(values)
    for name, key in (("forbidden", "forbidden"), ("planted", "planted"), ("articles", "gold_articles")):
        if listed := case.get(key):
            yield name, ", ".join(map(str, listed))


def _forms(groups: Iterable[Sequence[str]]) -> str:
    return "; ".join(" or ".join(group) for group in groups)


def _said(body: Mapping[str, Any], judgements: Sequence[Judgement]) -> Iterator[SentenceShown]:
    sections = body.get("sections")
    sentences = [s for part in sections for s in part["sentences"]] if sections else body.get("sentences") or ()
    for number, sentence in enumerate(sentences):
        served = "verdict" in sentence and body.get("status") != "abstained"
        verdicts = [f"served as {sentence['verdict']}, {sentence['support']:.2f}"] if served else []
        verdicts += [_verdict(one) for one in judgements if one.sentence == number]
        yield SentenceShown(sentence["text"], tuple(sentence["markers"]), tuple(verdicts))


def _verdict(judgement: Judgement) -> str:
    support = f", {judgement.support:.2f}" if judgement.support is not None else ""
    why = f": {judgement.reason}" if judgement.reason else ""
    return f"{judgement.by} says {judgement.verdict or 'nothing'}{support}{why}"


def _quotation(citation: Mapping[str, Any]) -> Quotation:
    return Quotation(
        marker=int(citation["marker"]),
        article_id=str(citation["article_id"]),
        title=str(citation["title"]),
        place=f"[{citation['start']}, {citation['end']})",
        quote=str(citation["quote"]),
    )


def _score(score: Score) -> str:
    if score.value is None:
        return f"not scored: {score.reason}"
    return f"{score.value:.3g}" + (f" ({score.reason})" if score.reason else "")


def _evidence(result: CaseResult, citations: Sequence[Mapping[str, Any]]) -> Iterator[EvidenceShown]:
    """Chunks in their ranking; of those that neither hold a quote nor what is needed, only the first few."""
    unmarked = 0
    for row in result.evidence:
        segments = segments_of(row, citations, _needed(result.case))
        marked = any(segment.markers or segment.needed for segment in segments)
        unmarked += not marked
        if marked or unmarked <= _MOST_EVIDENCE:
            yield EvidenceShown(row.rank, row.article_id, row.title, segments)


def _needed(case: Mapping[str, Any]) -> list[tuple[str, int, int]]:
    groups = case.get("gold_spans") or ()
    return [(str(span["article_id"]), int(span["start"]), int(span["end"])) for group in groups for span in group]


def segments_of(
    row: EvidenceRow, citations: Iterable[Mapping[str, Any]], needed: Iterable[tuple[str, int, int]]
) -> tuple[Segment, ...]:
    """The chunk cut where a mark begins or ends, with so much of the rest as stands near to one."""
    size = row.end - row.start
    marks = [
        (int(c["marker"]), max(0, int(c["start"]) - row.start), min(size, int(c["end"]) - row.start))
        for c in citations
        if c["article_id"] == row.article_id
    ]
    marks += [
        (0, max(0, start - row.start), min(size, end - row.start))
        for article, start, end in needed
        if article == row.article_id
    ]
    marks = [(marker, start, end) for marker, start, end in marks if start < end]
    edges = sorted({0, size, *(edge for _, start, end in marks for edge in (start, end))})
    segments = []
    for start, end in pairwise(edges):
        over = [marker for marker, first, last in marks if first <= start and end <= last]
        text = row.text[start:end]
        if not over:
            text = _near(text, begins=start == 0, ends=end == size)
        segments.append(Segment(text, tuple(sorted({m for m in over if m})), 0 in over))
    return tuple(segments)


def _near(text: str, *, begins: bool, ends: bool) -> str:
    """What of an unmarked stretch stands beside a mark: its end, beginning or both; of one alone, its beginning."""
    head = _AROUND if not begins or ends else 0
    tail = _AROUND if not ends else 0
    if len(text) <= head + tail + 40:
        return text
    left = text[:head].rsplit(" ", 1)[0] + " …" if head else "… "
    right = ("" if not head else " ") + text[-tail:].split(" ", 1)[-1] if tail else ""
    return left + right
