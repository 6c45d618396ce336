"""The citation policies of four systems beside ours, see eval/policies.py."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from time import perf_counter

from eval.corpus import SEEDS
from eval.measurements.options import Found, MeasureOptions
from eval.policies import DROPPED, LIES, SHOWN, TOTALS, Line, Verified, cases_for, compare
from eval.reports.report import Cell, Measured, Report, Table
from eval.trust_cases import TrustCase
from service.errors import InputRejected

_NOTES = {
    LIES: "How often a sentence that the articles do not say is shown as if they did. Lower is better.",
    DROPPED: "How often a true sentence is held back, or shown without a citation. Lower is better.",
    SHOWN: "How often a sentence that the articles do not say reaches the reader in any way. Lower is better.",
}


def measure(options: MeasureOptions) -> Report:
    """`files`: lies and true sentences, as eval/trust_cases.py has them. Raises InputRejected."""
    begun = perf_counter()
    articles = options.articles or (SEEDS,)
    cases = kinds_in_turn(cases_for(articles, options.files))[: options.limit]
    if not cases:
        raise InputRejected("no lies and no true sentences; name a file that holds some, see eval/trust_cases.py")
    found = compare(cases, articles, options.steps.over)
    ours = {line.what: line for line in found.lines if line.policy == Verified.name}
    best = min((line for line in found.lines if line.what == LIES and line.policy != Verified.name), key=_share)
    return Found(
        suite="policies",
        headline=(
            f"{Verified.name} shows {_counted(ours[LIES])} lies with a citation and holds back "
            f"{_counted(ours[DROPPED])} true sentences; of the others {best.policy} shows fewest, {_counted(best)}."
        ),
        about="what becomes of planted lies and true sentences under the citation policies of other systems",
        tables=(
            *(_totals(what, found.lines) for what in TOTALS),
            _by_kind(found.lines),
            *(_totals(what, found.unknown, ", markers naming nothing") for what in (LIES, SHOWN)),
        ),
        begun=begun,
        data=f"{len(cases)} sentences",
    ).report()


def kinds_in_turn(cases: Sequence[TrustCase]) -> list[TrustCase]:
    """One of each kind, then the next of each, a true sentence first: the first so many are of all kinds."""
    by_kind: dict[str, list[TrustCase]] = {"true": []}
    for case in cases:
        by_kind.setdefault(case.kind, []).append(case)
    return [case for turn in zip_longest(*by_kind.values()) for case in turn if case is not None]


def _counted(line: Line) -> str:
    return f"{line.hits} of {line.of}"


def _share(line: Line) -> float:
    return line.hits / line.of if line.of else 0.0


def _totals(what: str, lines: Sequence[Line], added: str = "") -> Table:
    rows = tuple((line.policy, Measured.share(line.hits, line.of)) for line in lines if line.what == what)
    return Table(what.capitalize() + added, ("policy", "share"), rows, _NOTES[what])


def _by_kind(lines: Sequence[Line]) -> Table:
    policies = list(dict.fromkeys(line.policy for line in lines))
    by_key = {(line.policy, line.what): line for line in lines}
    kinds = [what for what in dict.fromkeys(line.what for line in lines) if what not in TOTALS]
    rows: list[tuple[Cell, ...]] = []
    for kind in kinds:
        found = [by_key[policy, kind] for policy in policies]
        rows.append((kind, found[0].of, *(Measured(_share(line), *line.interval) for line in found)))
    return Table("Lies shown with a citation, by kind", ("kind", "of", *policies), tuple(rows))
