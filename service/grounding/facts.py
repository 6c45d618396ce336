"""The hard facts of a claim, figures, dates and names: whether a premise, or what it leans on, carries each."""

from __future__ import annotations

from dataclasses import dataclass

from service.grounding.premise import Premise
from service.text.figures import Figure
from service.text.names import ROLES, Name, acronym, same_name
from service.text.sentence import SentenceReading
from service.text.thesaurus import groups_of


@dataclass(frozen=True, slots=True)
class FactCheck:
    """`missing` and `conflicts`: in plain words. `carried_by`: sentences outside the premise that carry a fact."""

    missing: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    carried_by: tuple[int, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.missing and not self.conflicts


def check_facts(claim: SentenceReading, premise: Premise) -> FactCheck:
    missing: list[str] = []
    conflicts: list[str] = []
    carried: list[int] = []
    for figure in claim.figures:
        if not any(_same_figure(figure, other) for reading in premise.readings for other in reading.figures):
            wanted = claim.text[figure.start : figure.end]
            missing.append(f'the figure "{wanted}" is not said there')
    for mention in claim.dates:
        agreed = [premise.context.agreement(i, [mention.interval]) for i in premise.sentences]
        outcomes = [outcome for outcome, _ in agreed]
        said = claim.text[mention.start : mention.end]
        if "compatible" in outcomes:
            carried += [by for outcome, by in agreed if outcome == "compatible" and by is not None]
        elif "conflicting" in outcomes:
            conflicts.append(f'the date "{said}" is another one there')
        else:
            missing.append(f'the date "{said}" is not said there')
    for name in claim.names:
        if name.initial and len(name.parts) == 1 and not _is_name_in(name, premise):
            continue
        for i, reading in premise.carriers():
            if _names(name, reading):
                if i is not None and i not in premise.sentences:
                    carried.append(i)
                break
        else:
            missing.append(f'the name "{claim.text[name.start : name.end]}" is not said there')
    apart = tuple(i for i in dict.fromkeys(carried) if i not in premise.sentences)
    return FactCheck(tuple(missing), tuple(conflicts), apart)


def _same_figure(claimed: Figure, said: Figure) -> bool:
    if abs(claimed.value - said.value) > 0.005 * max(abs(claimed.value), abs(said.value)):
        return False
    if claimed.unit != said.unit:
        return False
    mine, others = claimed.counted or claimed.before, said.counted or said.before
    return not mine or not others or any(_alike(a, b) for a in mine for b in others)


def _alike(a: str, b: str) -> bool:
    return a == b or bool(groups_of(a) & groups_of(b))


def _is_name_in(name: Name, premise: Premise) -> bool:
    return name.parts[0] in premise.context.name_parts


def _names(name: Name, reading: SentenceReading) -> bool:
    parts = [part for part in name.parts if part not in ROLES] or list(name.parts)
    words = [word.lower for word in reading.words if word.capitalised]
    if all(any(same_name(part, word) or groups_of(part) & groups_of(word) for word in words) for part in parts):
        return True
    return any(acronym(other.parts) == parts[0] or acronym(parts) == other.parts[0] for other in reading.names)
