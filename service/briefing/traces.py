"""What a briefing was made of, in the form in which answers' receipts are kept, so that it can be replayed like one."""

from __future__ import annotations

from service.answering.trace import Trace, traced_evidence, traced_quotes
from service.briefing.briefing import Briefing
from service.briefing.planning import Plan
from service.briefing.request import BriefingRequest
from service.briefing.writing import SectionsWritten
from service.types import Answer, AnswerSentence, Question


def trace_of(briefing: Briefing, request: BriefingRequest, plan: Plan, written: SectionsWritten | None) -> Trace:
    """Its sentences first, then every quote behind a figure, a day or a disagreement, which is one of its own.

    The evidence is what the first search found, which a replay does again; what a model was shown of it has its number.
    """
    current = {one.article.id: one.article.revision for one in plan.gathered.articles}
    citations = [c for c in briefing.citations if current.get(c.article_id) == c.revision]
    known = {c.marker: c for c in citations}
    sentences = [
        AnswerSentence(s.text, s.markers, s.support, s.verdict)
        for section in briefing.sections
        for s in section.sentences
        if all(m in known for m in s.markers)
    ]
    used = {m for s in sentences for m in s.markers}
    sentences += [AnswerSentence(c.quote, (c.marker,), 1.0, "supported") for c in citations if c.marker not in used]
    answer = Answer(
        id=briefing.id,
        question=briefing.topic,
        status="answered",
        abstention_reason=None,
        unanswered=None,
        sentences=tuple(sentences),
        citations=tuple(citations),
        confidence=1.0,
        generator=briefing.generator,
        degraded=briefing.degraded,
        degraded_reason=briefing.degraded_reason,
        dropped_sentences=briefing.dropped_sentences,
        unknown_markers=briefing.unknown_markers,
        usage=briefing.usage,
        timings_ms=briefing.timings_ms,
    )
    checks = [] if written is None else [check for s in written.sections.values() for check in s.checks]
    drafted = {check.text for check in checks}
    checks += [check for check in traced_quotes(answer) if check.text not in drafted]
    return Trace(
        question=Question(briefing.topic, plan.filters, max_sentences=len(sentences)),
        mode=request.mode,
        evidence=traced_evidence(plan.gathered.evidence, None if written is None else written.numbers),
        checks=tuple(checks),
        answer=answer,
        model=None if written is None else written.model,
        replies=() if written is None else written.replies,
    )
