"""The hard facts of a claim, figures, dates, weekdays and names: whether sentences carry them, and which others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from service.grounding.fractions import fractions, is_another_fraction, says_fraction
from service.grounding.naming import claimed_names, find, says_name
from service.grounding.premise import Premise
from service.grounding.quantities import Quantity, match, quantities
from service.grounding.sources import Source
from service.grounding.timing import find_date, says_weekday, weekdays
from service.text.intervals import Interval, agreement
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
    said: frozenset[int] = frozenset()
    """Where in the claim the figures and dates begin that the premise carries, in whatever form."""
    borrowed: int = 0
    """Figures and dates that only a sentence further off carries."""

    @property
    def ok(self) -> bool:
        return not self.missing and not self.conflicts


def _is_year_of(year: int, premise: Premise) -> bool:
    whole = Interval(date(year, 1, 1), date(year, 12, 31))
    return any(premise.context.agreement(i, [whole])[0] == "compatible" for i in premise.sentences)


@dataclass(frozen=True, slots=True)
class Absent:
    """The facts of a claim that no sentence of the sources has, nor a title."""

    figures: int = 0
    names: int = 0
    dates: int = 0

    @property
    def any(self) -> bool:
        return bool(self.figures or self.names or self.dates)


def absent_facts(claim: SentenceReading, sources: Sequence[Source]) -> Absent:
    """What a claim says that the sources, all together, do not."""
    contexts = list(dict.fromkeys(source.context for source in sources))
    readings = [s.context.reading(i) for s in sources for i in s.sentences] + [c.title for c in contexts]
    known = frozenset(part for c in contexts for part in c.name_parts)
    years = _years(readings)
    intervals = [m.interval for reading in readings for m in reading.dates]
    return Absent(
        figures=sum(
            match(q, *readings) not in ("same", "loose") and not (is_year(q) and int(q.value) in years)
            for q in quantities(claim)
        ),
        names=sum(not any(says_name(n, r, known) for r in readings) for n in claimed_names(claim)),
        dates=sum(not any(m.interval.meets(other) for other in intervals) for m in claim.dates),
    )


def is_year(quantity: Quantity) -> bool:
    """ "The 2017 film": a number that names a year."""
    return quantity.text.isdigit() and 1900 <= quantity.value <= 2099 and quantity.figure.unit == "count"


def _years(readings: Iterable[SentenceReading]) -> frozenset[int]:
    return frozenset(
        year
        for reading in readings
        for m in reading.dates
        if m.interval.year_known
        for year in (m.interval.first.year, m.interval.last.year)
    )


def check_facts(claim: SentenceReading, premise: Premise) -> FactCheck:
    """Every figure must stand in the premise; a name, and a date, in what it leans on at least."""
    main = premise.context.reading(premise.main)
    missing: list[str] = []
    conflicts: list[str] = []
    carried: list[int] = []
    said_there: set[int] = set()
    figures_missing = figures_loose = figures_borrowed = 0
    names_missing = names_around = dates_missing = dates_borrowed = 0
    for quantity in quantities(claim):
        outcome = match(quantity, *premise.readings)
        figures_loose += outcome == "loose"
        if outcome in ("same", "loose"):
            said_there.add(quantity.figure.start)
        if outcome in ("same", "loose") or (is_year(quantity) and _is_year_of(int(quantity.value), premise)):
            continue
        lender = _lender(quantity, premise) if outcome == "none" else None
        if lender is not None:
            carried.append(lender)
            figures_borrowed += 1
            continue
        figures_missing += 1
        if outcome == "none":
            missing.append(f'the figure "{quantity.text}" is not said there')
        else:
            conflicts.append(f'"{quantity.text}" is another figure there')
    for value in fractions(claim):
        if is_another_fraction(value, main) or not any(says_fraction(value, r) for r in premise.readings):
            figures_missing += 1
            missing.append("a fraction is not said there")
    for mention in claim.dates:
        said = claim.text[mention.start : mention.end]
        time = find_date(mention, premise.context, premise.sentences, premise.main)
        if time.outcome == "compatible":
            carried += [time.by] if time.by is not None else []
            said_there.add(mention.start)
            continue
        dated = _dated_by(mention.interval, premise) if time.outcome == "unknown" else None
        if dated is not None:
            carried.append(dated)
            dates_borrowed += 1
            continue
        dates_missing += 1
        (conflicts if time.outcome == "conflicting" else missing).append(f'the date "{said}" is not the one there')
    for day in sorted(weekdays(claim)):
        if not says_weekday(day, premise.context, premise.sentences):
            dates_missing += 1
            missing.append(f"{day.capitalize()} is not said there")
    for name in claimed_names(claim):
        found = find(name, claim, premise.context, premise.sentences, premise.main, premise.further)
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
        frozenset(said_there),
        figures_borrowed + dates_borrowed,
    )


def _lender(quantity: Quantity, premise: Premise) -> int | None:
    """A further sentence that gives the figure to the same thing, where the premise has no such figure itself.

    Not one of another time than the premise's.
    """
    if not quantity.figure.counted or any(
        q.figure.unit == quantity.figure.unit for reading in premise.readings for q in quantities(reading)
    ):
        return None
    times = [m.interval for i in premise.sentences for m in premise.context.dates(i)]
    for i in premise.further:
        dates = [m.interval for m in premise.context.dates(i)]
        if match(quantity, premise.context.reading(i)) == "same" and agreement(times, dates) != "conflicting":
            return i
    return None


def _dated_by(asked: Interval, premise: Premise) -> int | None:
    """A further sentence that is of that time itself, for a premise whose time is not known."""
    for i in premise.further:
        if any(m.interval.meets(asked) for m in premise.context.dates(i)):
            return i
    return None
