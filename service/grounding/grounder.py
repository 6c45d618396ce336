"""Whether sentences are in the articles: each against what it cites, then against all there is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.grounding.claims import claims_of
from service.grounding.search import premises_for
from service.grounding.sources import CitedSpan, DraftSentence, SentenceCheck, Source
from service.grounding.support import SupportModel
from service.grounding.weighing import Weighing, weigh
from service.models.ports import Embedder
from service.text.sentence import SentenceReading, read_sentence
from service.types import Verdict

_MARKERS = re.compile(r"\s*\[\s*\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*\s*\]")
_LONGEST = 2_000
"""Characters of a draft sentence that are read; a longer one is no sentence."""
_UNREADABLE = re.compile("[\ud800-\udfff\x00-\x08\x0b-\x1f]")
_AS_NEAR = 0.3
"""How much less of a claim than the nearest sentence another may carry and still be looked at."""
_HARD = 0.3
"""The most that a claim with a fact that is not carried is given, and one that is contradicted half of it."""


@dataclass(frozen=True, slots=True)
class _Judged:
    """A claim with the best that was found for it; `weighing` is None where nothing is near."""

    claim: SentenceReading
    weighing: Weighing | None
    support: float
    verdict: Verdict


class Grounder:
    """Safe to call from several threads; the same input always gives the same checks."""

    def __init__(self, embedder: Embedder | None = None, model: SupportModel | None = None) -> None:
        self._embedder = embedder
        self._model = model or SupportModel.load()

    def check(self, drafts: Sequence[DraftSentence], evidence: Sequence[Source] = ()) -> list[SentenceCheck]:
        """One check a draft sentence, in order: first against what each cites, then against all `evidence`.

        What is not supported where it is cited and is elsewhere comes back with those spans and `recited`. Never
        raises for odd text: what has no words is not supported.
        """
        return [self._check(draft, evidence) for draft in drafts]

    def _check(self, draft: DraftSentence, evidence: Sequence[Source]) -> SentenceCheck:
        sentence = read_sentence(plain(draft.text))
        if not sentence.words:
            return SentenceCheck(draft.text, "not_supported", 0.0, (), False, ("it says nothing",))
        claims = [claim.reading for claim in claims_of(sentence)]
        cited = self._judged(draft.text, claims, draft.cited, recited=False)
        if cited.verdict == "supported" or not evidence:
            return cited
        anywhere = self._judged(draft.text, claims, evidence, recited=True)
        return anywhere if anywhere.verdict == "supported" or not draft.cited else cited

    def _judged(
        self, text: str, claims: Sequence[SentenceReading], sources: Sequence[Source], *, recited: bool
    ) -> SentenceCheck:
        judged = [self._best(claim, sources) for claim in claims]
        spans = tuple(dict.fromkeys(span for one in judged for span in _spans(one)))
        anchors = tuple(dict.fromkeys(span for one in judged for span in _anchors(one)))
        reasons = tuple(dict.fromkeys(reason for one in judged for reason in _reasons(one)))
        verdicts = [one.verdict for one in judged]
        if "contradicted" in verdicts:
            verdict: Verdict = "contradicted"
        elif all(v == "supported" for v in verdicts):
            verdict = "supported"
        elif any(v in ("supported", "partially_supported") for v in verdicts):
            verdict = "partially_supported"
        else:
            verdict = "not_supported"
        support = min(one.support for one in judged)
        spans = (*spans, *(span for span in anchors if not _inside(span, spans)))
        return SentenceCheck(text, verdict, support, spans, recited and bool(spans), reasons)

    def _best(self, claim: SentenceReading, sources: Sequence[Source]) -> _Judged:
        weighed = [weigh(claim, premise) for premise in premises_for(claim, sources)]
        if not weighed:
            return _Judged(claim, None, 0.0, "not_supported")
        nearest = max(one.value("own_coverage") for one in weighed)
        found = [self._judge(one) for one in weighed if one.value("own_coverage") >= nearest - _AS_NEAR]
        if any(one.verdict == "contradicted" for one in found):
            # What the nearest sentence denies, only one that is just as near can still support.
            found = [
                one
                for one in found
                if one.weighing is not None
                and (one.verdict == "contradicted" or one.weighing.value("own_coverage") >= nearest)
            ]
        return max(found, key=lambda one: (one.support, -len(one.weighing.premise.sentences) if one.weighing else 0))

    def _judge(self, weighing: Weighing) -> _Judged:
        probability = self._model.probability(weighing.values)
        if weighing.contradictions or weighing.facts.conflicts:
            near = weighing.value("own_coverage") >= 0.5
            verdict: Verdict = "contradicted" if near else "not_supported"
            return _Judged(weighing.claim, weighing, min(probability, _HARD / 2), verdict)
        if not weighing.facts.ok:
            return _Judged(weighing.claim, weighing, min(probability, _HARD), "not_supported")
        if probability >= self._model.supported:
            return _Judged(weighing.claim, weighing, probability, "supported")
        partly = probability >= self._model.partly
        return _Judged(weighing.claim, weighing, probability, "partially_supported" if partly else "not_supported")


def plain(text: str) -> str:
    """A draft sentence without its markers and without what is no text."""
    return _MARKERS.sub("", _UNREADABLE.sub(" ", text[:_LONGEST])).strip()


def _spans(judged: _Judged) -> tuple[CitedSpan, ...]:
    if judged.weighing is None:
        return ()
    premise = judged.weighing.premise
    return (CitedSpan(premise.context, premise.sentences[0], premise.sentences[-1]),)


def _anchors(judged: _Judged) -> tuple[CitedSpan, ...]:
    if judged.weighing is None:
        return ()
    context = judged.weighing.premise.context
    return tuple(CitedSpan(context, i, i) for i in judged.weighing.facts.carried_by)


def _inside(span: CitedSpan, others: Sequence[CitedSpan]) -> bool:
    return any(o.context is span.context and o.first <= span.first and span.last <= o.last for o in others)


def _reasons(judged: _Judged) -> tuple[str, ...]:
    if judged.verdict == "supported":
        return ()
    if judged.weighing is None:
        return ("nothing in the articles is near to it",)
    found = (*judged.weighing.contradictions, *judged.weighing.reasons)
    return found or ("too little of it is said there",)
