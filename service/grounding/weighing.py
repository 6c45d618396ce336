"""A claim weighed against sentences: the features that the support model reads, and the reasons for people."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from service.grounding.alignment import ALIGNED, LIGHT, Carried, ClaimWord, align, content_words
from service.grounding.edits import edits
from service.grounding.facts import Absent, FactCheck, check_facts
from service.grounding.pairing import mispaired, other_rank
from service.grounding.polarity import polarity, undenied
from service.grounding.premise import Premise
from service.grounding.roles import acted_by_others, roles
from service.grounding.search import nearness
from service.text.sentence import SentenceReading

NOTHING_ABSENT = Absent()
_BESIDE = 0.9
_AROUND = 0.75
"""What the neighbour sentence of a premise carries, and the sentences around it, counts less."""
CLOSE = 0.8
"""The share of a claim that the sentence carries, or those do that it is gathered from, from which on the claim is in
their own words: a "not" that only one side has, another actor, another rank is then a contradiction. In other words it
may be none ("not settled", "is to be settled later"), and is left to the model."""
_NEAR = 8
"""Words of a sentence between which two neighbouring words of a claim still stand together."""

FEATURES = (
    "anywhere",
    "absent_figures",
    "absent_names",
    "absent_dates",
    "absent_any",
    "spread_coverage",
    "lost_weight",
    "further",
    "coverage",
    "near_coverage",
    "own_coverage",
    "missing_weight",
    "missing_names",
    "missing_figures",
    "missing_dates",
    "missing_words",
    "missing_share",
    "rarest_missing",
    "degree",
    "together",
    "contradicted",
    "undenied",
    "surer",
    "swapped",
    "other_actor",
    "acts_elsewhere",
    "mispaired",
    "other_rank",
    "facts_missing",
    "conflicts",
    "figures_loose",
    "names_around",
    "borrowed",
    "copied_but",
    "length",
    "plain_coverage",
    "least_plain",
    "substituted",
    "inserted",
)


@dataclass(frozen=True, slots=True)
class Weighing:
    """`values`: one for each of FEATURES. `contradictions` and `reasons`: in plain words."""

    claim: SentenceReading
    premise: Premise
    nearness: float
    facts: FactCheck
    absent: Absent
    values: tuple[float, ...]
    contradictions: tuple[str, ...]
    reasons: tuple[str, ...]

    @property
    def surer(self) -> bool:
        """Whether the claim says that it happened, and the sentence that it may, or is to."""
        return bool(self.value("surer"))

    @property
    def stopped(self) -> bool:
        """Whether a rule for drafts says no, whatever a model makes of the rest."""
        return bool(self.contradictions) or not self.facts.ok or self.surer

    def lacking(self, absent: Absent) -> Weighing:
        """The same, with the facts that the sources do not have at all."""
        first = FEATURES.index("absent_figures")
        values = (*self.values[:first], *_absent(absent), *self.values[first + 4 :])
        return replace(self, absent=absent, values=values)

    def value(self, name: str) -> float:
        return self.values[FEATURES.index(name)]


def weigh(claim: SentenceReading, premise: Premise, anywhere: float = 1.0) -> Weighing:
    """Weigh a claim of at least one word against a premise. `anywhere`: the share of it that stands in the sources."""
    words = content_words(claim)
    main = premise.context.reading(premise.main)
    own = align(claim, main)
    lacked = frozenset(w.lower for w, c in zip(words, own, strict=True) if c.degree < ALIGNED)
    beside = _lent(claim, lacked, [r for r in premise.readings if r is not main], _BESIDE)
    around = _lent(claim, lacked, premise.around, _AROUND)
    further = _lent(claim, lacked, [premise.context.reading(i) for i in premise.further], _BESIDE)
    facts = check_facts(claim, premise)
    own = _with_facts(claim, own, facts)
    near = [max(c.degree, lent) for c, lent in zip(own, beside, strict=True)]
    degrees = [max(d, lent) for d, lent in zip(near, around, strict=True)]
    spread = [max(d, lent) for d, lent in zip(degrees, further, strict=True)]
    lost = [w for w, degree in zip(words, spread, strict=True) if degree < ALIGNED]
    lacking = [w for w, degree in zip(words, degrees, strict=True) if degree < ALIGNED]
    plain = [(w, degree) for w, degree in zip(words, spread, strict=True) if w.kind == "word"]
    denied = [polarity(claim, r) for r in premise.readings if r is main or _shares(claim, r)]
    acts = roles(claim, main)
    pairs = mispaired(claim, main)
    edited = edits(claim, main, premise.context.name_parts)
    ranks = set.intersection(*(set(other_rank(claim, r)) for r in premise.readings))
    contradicted = [w for one in denied for w in one.contradicted]
    denial = undenied(claim, premise.readings)
    surer = set.intersection(*(set(one.surer) for one in denied))
    denials = [*contradicted, *((denial,) if denial is not None else ())]
    together = _together(own)
    missing_share = len(lacking) / len(words) if words else 0.0
    values = (
        anywhere,
        *_absent(NOTHING_ABSENT),
        _share(words, spread),
        math.log1p(sum(w.weight for w in lost)),
        float(len(premise.further)),
        _share(words, degrees),
        _share(words, near),
        _share(words, [c.degree for c in own]),
        math.log1p(sum(w.weight for w in lacking)),
        min(3, sum(w.kind == "name" for w in lacking)),
        min(3, sum(w.kind == "figure" for w in lacking)),
        min(3, sum(w.kind == "date" for w in lacking)),
        math.log1p(sum(w.kind == "word" for w in lacking)),
        missing_share,
        max((w.band for w in lacking), default=0) / 15,
        _mean_degree(own),
        together,
        float(bool(contradicted)),
        float(denial is not None),
        float(bool(surer)),
        float(bool(acts.swapped)),
        float(bool(acts.other_actor)),
        float(bool(acts.acts_elsewhere)),
        float(bool(pairs)),
        float(bool(ranks)),
        min(3, len(facts.missing)),
        min(2, len(facts.conflicts)),
        min(2, facts.figures_loose),
        min(2, facts.names_around),
        min(2, facts.borrowed),
        together * float(0 < missing_share < 0.35),
        math.log1p(len(words)),
        _share([w for w, _ in plain], [d for _, d in plain]),
        min((d for w, d in plain if w.weight > LIGHT), default=1.0),
        edited.substituted,
        edited.inserted,
    )
    close = _share(words, [c.degree for c in own]) >= CLOSE
    gathered = _share(words, spread) >= CLOSE
    contradictions = (
        *(
            f'"{one}" is "{other}" there' if one and other else f'"{one or other}" is said by one of the two only'
            for one, other in edited.changed
        ),
        *(f'"{word}" is denied or the opposite there' for word in dict.fromkeys(denials) if gathered or " " in word),
        *(f'who does and who suffers "{word}" are the other way round' for word in acts.swapped),
        *(f'"{word}" is done by somebody else there' for word in acts.other_actor if close),
        *(f'"{one}" does not go with "{other}" there' for one, other in pairs),
        *(f'"{word}" is another rank there' for word in sorted(ranks) if close),
    )
    reasons = (*facts.conflicts, *facts.missing, *(f'"{w}" is not said to have happened' for w in sorted(surer)))
    return Weighing(claim, premise, nearness(claim, main), facts, NOTHING_ABSENT, values, contradictions, reasons)


def _with_facts(claim: SentenceReading, own: Sequence[Carried], facts: FactCheck) -> tuple[Carried, ...]:
    """The words of figures and dates that are said in another form ("twelve" for 12) count as carried."""
    spans = [(f.start, f.end) for f in claim.figures if f.start in facts.said]
    spans += [(m.start, m.end) for m in claim.dates if m.start in facts.said]
    return tuple(
        Carried(1.0, carried.position)
        if any(start <= claim.words[word.index].start < end for start, end in spans)
        else carried
        for word, carried in zip(content_words(claim), own, strict=True)
    )


def _absent(absent: Absent) -> tuple[float, float, float, float]:
    return absent.figures, absent.names, absent.dates, float(absent.any)


def _lent(
    claim: SentenceReading, lacked: frozenset[str], others: Sequence[SentenceReading], share: float
) -> list[float]:
    """How well other sentences carry each word: not what the main one lacks and they deny, or have others do."""
    words = content_words(claim)
    found = [0.0] * len(words)
    for reading in others:
        refused: frozenset[str] = frozenset()
        aligned = align(claim, reading)
        if any(w.lower in lacked and c.degree >= ALIGNED for w, c in zip(words, aligned, strict=True)):
            refused = frozenset((*polarity(claim, reading).contradicted, *acted_by_others(claim, reading, lacked)))
        for k, (word, carried) in enumerate(zip(words, aligned, strict=True)):
            if word.lower not in refused:
                found[k] = max(found[k], share * carried.degree)
    return found


def _share(words: Sequence[ClaimWord], degrees: Sequence[float]) -> float:
    total = sum(w.weight for w in words)
    return sum(w.weight * d for w, d in zip(words, degrees, strict=True)) / total if total else 1.0


def _shares(claim: SentenceReading, said: SentenceReading) -> bool:
    """Whether a sentence has enough of the claim to be about the same, so that its denials count."""
    words = content_words(claim)
    total = sum(w.weight for w in words)
    return sum(w.weight * c.degree for w, c in zip(words, align(claim, said), strict=True)) >= 0.3 * total


def _together(own: Sequence[Carried]) -> float:
    """The share of neighbouring content words of the claim that stand near each other in the sentence too."""
    pairs = list(pairwise(own))
    if not pairs:
        return 1.0
    near = sum(
        a.position is not None and b.position is not None and abs(a.position - b.position) <= _NEAR for a, b in pairs
    )
    return near / len(pairs)


def _mean_degree(own: Sequence[Carried]) -> float:
    carried = [c.degree for c in own if c.degree >= ALIGNED]
    return sum(carried) / len(carried) if carried else 0.0
