"""The hard facts of a claim, figures, dates, weekdays and names: whether sentences carry them, and which others."""

from __future__ import annotations

from dataclasses import dataclass

from service.grounding.fractions import fractions, says_fraction
from service.grounding.naming import claimed_names, find
from service.grounding.premise import Premise
from service.grounding.quantities import match, quantities
from service.grounding.timing import find_date, says_weekday, weekdays
from service.text.sentence import SentenceReading


@dataclass(frozen=True, slots=True)
class FactCheck:
    """`missing` and `conflicts`: in plain words. `carried_by`: sentences outside the premise that carry a fact."""

    missing: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    carried_by: tuple[int, ...] = ()
    figures_missing: int = 0
    figures_loose: int = 0
    names_missing: int = 0
    names_around: int = 0
    dates_missing: int = 0

    @property
    def ok(self) -> bool:
        return not self.missing and not self.conflicts


def check_facts(claim: SentenceReading, premise: Premise) -> FactCheck:
    """Every figure must stand in the premise; a name, and a date, in what it leans on at least."""
    missing: list[str] = []
    conflicts: list[str] = []
    carried: list[int] = []
    figures_missing = figures_loose = names_missing = names_around = dates_missing = 0
    for quantity in quantities(claim):
        outcome = match(quantity, *premise.readings)
        figures_loose += outcome == "loose"
        if outcome in ("same", "loose"):
            continue
        figures_missing += 1
        if outcome == "none":
            missing.append(f'the figure "{quantity.text}" is not said there')
        else:
            conflicts.append(f'"{quantity.text}" is another figure there')
    for value in fractions(claim):
        if not any(says_fraction(value, r) for r in premise.readings):
            figures_missing += 1
            missing.append("a fraction is not said there")
    for mention in claim.dates:
        said = claim.text[mention.start : mention.end]
        time = find_date(mention, premise.context, premise.sentences, premise.main)
        if time.outcome == "compatible":
            carried += [time.by] if time.by is not None else []
            continue
        dates_missing += 1
        (conflicts if time.outcome == "conflicting" else missing).append(f'the date "{said}" is not the one there')
    for day in sorted(weekdays(claim)):
        if not says_weekday(day, premise.context, premise.sentences):
            dates_missing += 1
            missing.append(f"{day.capitalize()} is not said there")
    for name in claimed_names(claim):
        found = find(name, claim, premise.context, premise.sentences, premise.main)
        if found is None:
            names_missing += 1
            missing.append(f'the name "{claim.text[name.start : name.end]}" is not said there')
        elif found.by is not None:
            names_around += 1
            carried += [found.by] if found.by >= 0 else []
    apart = tuple(i for i in dict.fromkeys(carried) if i not in premise.sentences)
    return FactCheck(
        tuple(missing),
        tuple(conflicts),
        apart,
        figures_missing,
        figures_loose,
        names_missing,
        names_around,
        dates_missing,
    )
