"""Whether sentences are in the articles: each against what it cites, then against all there is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from service.grounding.alignment import LIGHT, content_words
from service.grounding.claims import claims_of
from service.grounding.facts import absent_facts
from service.grounding.meaning import Meaning, Question
from service.grounding.opinion import SecondOpinion, agrees
from service.grounding.polarity import DENYING
from service.grounding.premise import Premise
from service.grounding.search import premises_for, word_for_word
from service.grounding.sentences import has_put_in, of_meaning, of_words
from service.grounding.sources import CitedSpan, DraftSentence, SentenceCheck, Source
from service.grounding.support import SupportModel
from service.grounding.trees import shipped
from service.grounding.weighing import Weighing, weigh
from service.models.ports import Embedder
from service.text.sentence import SentenceReading, read_sentence
from service.types import Verdict

_MARKERS = re.compile(r"\s*\[\s*\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*\s*\]")
_LONGEST = 2_000
"""Characters of a draft sentence that are read; a longer one is no sentence."""
_UNREADABLE = re.compile("[\ud800-\udfff\x00-\x08\x0b-\x1f]")
_ABOUT_IT = 0.6
"""The share of a claim that a sentence must carry by itself for what it denies to count against all others."""
_HARD = 0.3
"""What is left of the probability where a fact is not carried; of one that is contradicted, half of that."""
_LEAST = 0.5
"""The share of a claim that sentences must carry at least to be chosen for it before others."""
_WORD_FOR_WORD = 0.985
"""The share of a claim in the same words, together, from which on nothing is asked of a model."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim with the best that was found for it; `weighing` is None where nothing is near, `meaning` where no model
    was asked."""

    claim: SentenceReading
    weighing: Weighing | None
    support: float
    verdict: Verdict
    meaning: Sequence[float] | None = None

    @property
    def is_about_it(self) -> bool:
        return self.weighing is not None and self.weighing.value("own_coverage") >= _ABOUT_IT

    @property
    def nearness(self) -> float:
        return self.weighing.nearness if self.weighing is not None else 0.0


class Grounder:
    """Safe to call from several threads; the same input always gives the same checks.

    Without an embedder, or while it cannot be had, the words alone decide. `opinion`: asked of what would be supported,
    and believed when it denies; when it cannot say, the sentence is not supported either.
    """

    def __init__(
        self,
        embedder: Embedder | None = None,
        model: SupportModel | None = None,
        opinion: SecondOpinion | None = None,
    ) -> None:
        self._meaning = Meaning(embedder) if embedder is not None else None
        self._model = model or SupportModel.load()
        self._opinion = opinion

    def check(self, drafts: Sequence[DraftSentence], evidence: Sequence[Source] = ()) -> list[SentenceCheck]:
        """One check a draft sentence, in order: first against what each cites, then against all `evidence`.

        What is not supported where it is cited and is elsewhere comes back with those spans and `recited`. Never
        raises for odd text: what has no words is not supported.
        """
        claims = [_claims(draft.text) for draft in drafts]
        checks = self._checks(drafts, claims, [draft.cited for draft in drafts], recited=False)
        again = [i for i, check in enumerate(checks) if check.verdict != "supported" and claims[i] and evidence]
        anywhere = self._checks([drafts[i] for i in again], [claims[i] for i in again], [evidence] * len(again))
        for i, check in zip(again, anywhere, strict=True):
            if check.verdict == "supported" or not drafts[i].cited:
                checks[i] = check
        return [self._confirmed(check) for check in checks]

    def judged(self, text: str, sources: Sequence[Source]) -> list[Judged]:
        """What the words alone say of each claim of a sentence, with the features for those who fit the model."""
        return [self._best(claim, sources) for claim in _claims(text)]

    def _checks(
        self,
        drafts: Sequence[DraftSentence],
        claims: Sequence[Sequence[SentenceReading]],
        sources: Sequence[Sequence[Source]],
        *,
        recited: bool = True,
    ) -> list[SentenceCheck]:
        copies = [word_for_word(read_sentence(plain(d.text)), found) for d, found in zip(drafts, sources, strict=True)]
        judged = [
            [self._best(claim, found) for claim in parts] if copy is None else []
            for parts, found, copy in zip(claims, sources, copies, strict=True)
        ]
        flat = iter(self._with_meaning([one for parts in judged for one in parts]))
        return [
            _check(draft.text, self._together(draft.text, [next(flat) for _ in parts]), recited=recited)
            if copy is None or not draft_claims
            else _copied(draft.text, copy, recited=recited)
            for draft, draft_claims, parts, copy in zip(drafts, claims, judged, copies, strict=True)
        ]

    def _best(self, claim: SentenceReading, sources: Sequence[Source]) -> Judged:
        near = premises_for(claim, sources)
        weighed = [weigh(claim, premise, near.anywhere) for premise in near.premises]
        if not weighed:
            return Judged(claim, None, 0.0, "not_supported")
        if not any(one.facts.ok for one in weighed):
            absent = absent_facts(claim, sources)
            weighed = [one.lacking(absent) for one in weighed]
        nearest = max(one.nearness for one in weighed)
        found = [self._judge(one) for one in weighed]
        if any(one.verdict == "contradicted" and one.nearness >= nearest and one.is_about_it for one in found):
            # What the nearest sentence denies, only one that is just as near can still support.
            found = [one for one in found if one.verdict == "contradicted" or one.nearness >= nearest]
        return max(found, key=lambda one: (one.support, -len(one.weighing.premise.sentences) if one.weighing else 0))

    def _judge(self, weighing: Weighing, meaning: Sequence[float] | None = None) -> Judged:
        probability = self._model.probability(weighing.values, meaning)
        claim = weighing.claim
        if weighing.contradictions or (weighing.facts.conflicts and (self._model.strict or weighing.absent.any)):
            verdict: Verdict = "contradicted" if weighing.value("own_coverage") >= _ABOUT_IT else "not_supported"
            return Judged(claim, weighing, probability * _HARD / 2, verdict)
        if weighing.absent.any or (self._model.strict and not (weighing.facts.ok and not weighing.surer)):
            return Judged(claim, weighing, probability * _HARD, "not_supported")
        if self._model.strict and weighing.value("spread_coverage") < _LEAST:
            return Judged(claim, weighing, probability * _HARD, "not_supported", meaning)
        least = self._model.regression(meaning)
        if probability >= least.supported:
            return Judged(claim, weighing, probability, "supported", meaning)
        partly = probability >= least.partly
        return Judged(claim, weighing, probability, "partially_supported" if partly else "not_supported", meaning)

    def _with_meaning(self, judged: Sequence[Judged]) -> list[Judged]:
        """The same, those that the words alone do not settle judged anew with the model's view of their meaning."""
        open_ = [one for one in judged if one.weighing is not None and not _is_word_for_word(one.weighing)]
        if self._meaning is None or not open_:
            return list(judged)
        asked = [Question(w.claim, w.premise.readings) for one in open_ if (w := one.weighing) is not None]
        found = self._meaning.features(asked)
        if found is None:
            return list(judged)
        values = {id(one): meaning for one, meaning in zip(open_, found, strict=True)}
        return [
            self._judge(one.weighing, values[id(one)]) if one.weighing is not None and id(one) in values else one
            for one in judged
        ]

    def _together(self, text: str, judged: Sequence[Judged]) -> Sequence[Judged]:
        """The claims of a draft sentence; where no rule stops one, the sentence as a whole decides for all.

        Not without a model's view of it: from words alone, what was invented passes for what was reworded.
        """
        found = [w for one in judged if (w := one.weighing) is not None]
        if not self._model.strict or not found or len(found) < len(judged) or any(w.stopped for w in found):
            return judged
        sentence = read_sentence(plain(text))
        if not _tells(sentence):
            return [replace(one, support=one.support * _HARD, verdict="not_supported") for one in judged]
        if all(_is_word_for_word(w) for w in found):
            return judged
        states = [one.meaning for one in judged if one.meaning is not None]
        if not states:
            return judged
        values = of_words(sentence, found)
        trees = shipped()
        probability = trees.probability(of_meaning(values, states))
        verdict: Verdict = "not_supported"
        if has_put_in(values):
            verdict, probability = "partially_supported", min(probability, trees.partly)
        elif probability >= trees.partly:
            verdict = "supported" if probability >= trees.supported else "partially_supported"
        return [replace(one, support=probability, verdict=verdict) for one in judged]

    def _confirmed(self, check: SentenceCheck) -> SentenceCheck:
        if self._opinion is None or check.verdict != "supported" or agrees(self._opinion, check):
            return check
        return replace(
            check,
            verdict="not_supported",
            support=check.support * _HARD,
            reasons=("the second opinion does not confirm it",),
        )


def _claims(text: str) -> list[SentenceReading]:
    """The claims of a draft sentence; none when it has no words."""
    sentence = read_sentence(plain(text))
    return [claim.reading for claim in claims_of(sentence)] if sentence.words else []


def plain(text: str) -> str:
    """A draft sentence without its markers and without what is no text."""
    return _MARKERS.sub("", _UNREADABLE.sub(" ", text[:_LONGEST])).strip()


def _tells(sentence: SentenceReading) -> bool:
    """Not "Nothing can be said of it.", which any sentence bears out."""
    return any(word.weight > LIGHT and word.lower not in DENYING for word in content_words(sentence))


def _is_word_for_word(weighing: Weighing) -> bool:
    return weighing.value("own_coverage") >= _WORD_FOR_WORD and weighing.value("together") >= _WORD_FOR_WORD


def _copied(text: str, copy: Premise, *, recited: bool) -> SentenceCheck:
    return SentenceCheck(text, "supported", 1.0, (CitedSpan(copy.context, copy.main, copy.main),), recited)


def _check(text: str, judged: Sequence[Judged], *, recited: bool) -> SentenceCheck:
    if not judged:
        return SentenceCheck(text, "not_supported", 0.0, (), False, ("it says nothing",))
    spans = tuple(dict.fromkeys(span for one in judged for span in _spans(one)))
    anchors = dict.fromkeys(span for one in judged for span in _anchors(one))
    spans = (*spans, *(span for span in anchors if not _is_inside(span, spans)))
    reasons = tuple(dict.fromkeys(reason for one in judged for reason in _reasons(one)))
    support = min(one.support for one in judged)
    return SentenceCheck(text, _verdict(judged), support, spans, recited and bool(spans), reasons)


def _verdict(judged: Iterable[Judged]) -> Verdict:
    """Of all claims together: a sentence is supported when each of them is."""
    verdicts = {one.verdict for one in judged}
    if "contradicted" in verdicts:
        return "contradicted"
    if verdicts == {"supported"}:
        return "supported"
    return "partially_supported" if verdicts & {"supported", "partially_supported"} else "not_supported"


def _spans(judged: Judged) -> tuple[CitedSpan, ...]:
    if judged.weighing is None:
        return ()
    premise = judged.weighing.premise
    return (CitedSpan(premise.context, premise.sentences[0], premise.sentences[-1]),)


def _anchors(judged: Judged) -> tuple[CitedSpan, ...]:
    """Sentences that carry a fact, or words, which the premise itself lacks."""
    if judged.weighing is None:
        return ()
    premise = judged.weighing.premise
    further = premise.further if judged.verdict == "supported" else ()
    numbers = dict.fromkeys((*further, *judged.weighing.facts.carried_by))
    return tuple(CitedSpan(premise.context, i, i) for i in numbers)


def _is_inside(span: CitedSpan, others: Sequence[CitedSpan]) -> bool:
    return any(o.context is span.context and o.first <= span.first and span.last <= o.last for o in others)


def _reasons(judged: Judged) -> tuple[str, ...]:
    if judged.verdict == "supported":
        return ()
    if judged.weighing is None:
        return ("nothing in the articles is near to it",)
    found = (*judged.weighing.contradictions, *judged.weighing.reasons)
    return found or ("too little of it is said there",)
