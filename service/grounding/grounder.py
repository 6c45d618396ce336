"""Whether sentences are in the articles: each against what it cites, then against all there is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from service.grounding.facts import FactCheck, check_facts
from service.grounding.premise import Premise
from service.grounding.sources import CitedSpan, DraftSentence, SentenceCheck, Source
from service.grounding.wording import coverage
from service.models.ports import Embedder
from service.text.sentence import SentenceReading, read_sentence
from service.types import Verdict

_MARKERS = re.compile(r"\s*\[\d{1,3}(?:\s*,\s*\d{1,3})*\]")
_CANDIDATES = 4
_SUPPORTED = 0.75
_PARTLY = 0.5
_MOST_CHARACTERS = 2_000
"""Of a draft sentence; a longer one is not a sentence, and what lies behind is not read."""


@dataclass(frozen=True, slots=True)
class _Found:
    premise: Premise
    score: float
    facts: FactCheck


class Grounder:
    """Safe to call from several threads. Without an embedder it uses the words alone."""

    def __init__(self, embedder: Embedder | None = None, model: object | None = None) -> None:
        self._embedder = embedder
        self._model = model

    def check(self, drafts: Sequence[DraftSentence], evidence: Sequence[Source] = ()) -> list[SentenceCheck]:
        """One check a draft sentence, in order: first against what each cites, then against all `evidence`."""
        return [self._check(draft, evidence) for draft in drafts]

    def _check(self, draft: DraftSentence, evidence: Sequence[Source]) -> SentenceCheck:
        claim = read_sentence(_MARKERS.sub("", draft.text)[:_MOST_CHARACTERS].strip())
        cited = _verdict(draft.text, _best(claim, draft.cited), recited=False)
        if cited.verdict == "supported" or not evidence:
            return cited
        anywhere = _verdict(draft.text, _best(claim, evidence), recited=True)
        return anywhere if anywhere.verdict == "supported" or not draft.cited else cited


def _best(claim: SentenceReading, sources: Iterable[Source]) -> _Found | None:
    found: list[_Found] = []
    if not claim.words:
        return None
    for premise in _premises(claim, sources):
        facts = check_facts(claim, premise)
        found.append(_Found(premise, coverage(claim, premise), facts))
    return max(found, key=lambda f: (f.facts.ok, f.score, -len(f.premise.sentences)), default=None)


def _premises(claim: SentenceReading, sources: Iterable[Source]) -> list[Premise]:
    """The likeliest sentences alone, and each with its neighbour."""
    singles = [Premise(source.context, (i,)) for source in sources for i in source.sentences]
    ranked = sorted(singles, key=lambda p: -coverage(claim, p))[:_CANDIDATES]
    pairs = {(id(p.context), p.sentences): p for p in ranked}
    for premise in ranked:
        i = premise.sentences[0]
        for first in (i - 1, i):
            if first >= 0 and first + 1 < len(premise.context.spans):
                pair = Premise(premise.context, (first, first + 1))
                pairs.setdefault((id(pair.context), pair.sentences), pair)
    return list(pairs.values())


def _verdict(text: str, found: _Found | None, *, recited: bool) -> SentenceCheck:
    if found is None:
        return SentenceCheck(text, "not_supported", 0.0, (), recited, ("nothing in the articles is near to it",))
    verdict: Verdict = "supported" if found.facts.ok and found.score >= _SUPPORTED else "not_supported"
    if found.facts.conflicts:
        verdict = "contradicted"
    elif verdict != "supported" and found.facts.ok and found.score >= _PARTLY:
        verdict = "partially_supported"
    context, numbers = found.premise.context, found.premise.sentences
    spans = [CitedSpan(context, numbers[0], numbers[-1])]
    spans += [CitedSpan(context, i, i) for i in found.facts.carried_by]
    reasons = (*found.facts.conflicts, *found.facts.missing)
    if verdict in ("not_supported", "partially_supported") and not reasons:
        reasons = ("too little of it is said there",)
    support = min(1.0, found.score) if found.facts.ok else min(0.3, found.score)
    return SentenceCheck(text, verdict, support, tuple(spans), recited, reasons)
