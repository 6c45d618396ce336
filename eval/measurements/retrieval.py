"""Whether a search finds the articles that hold what a query says: our own questions, or claims with their articles."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from eval.claims import OWN_ARTICLES, Wanted, own_questions, read_claims
from eval.corpus import SEEDS, ids_in, library_of, originals_in
from eval.harness.statistics import mean_interval
from eval.measurements.options import Found, MeasureOptions, Steps, named
from eval.rank_metrics import Ranked, ndcg, recall, reciprocal_rank
from eval.ranking import library_of_claims
from eval.reports.plots import Dot, Line, chart
from eval.reports.report import Cell, Measured, Plot, Report, Table
from service.errors import InputRejected
from service.types import Filters
from service.wiring import Groundwire

DEPTHS = (1, 3, 5, 10, 20)
_CHUNKS = 100
_OWN = "our own questions"
_SCORES: Mapping[str, Callable[[frozenset[str], Ranked], float]] = {
    "MRR@10": reciprocal_rank,
    "nDCG@10": ndcg,
}


@dataclass(frozen=True, slots=True)
class Ranking:
    """What one query ought to find, and the articles that a search gives, best first."""

    wanted: frozenset[str]
    ranked: Ranked


def measure(options: MeasureOptions) -> Report:
    """Each file of claims by itself (eval/claims.py); without one, our own questions. Raises InputRejected."""
    begun = perf_counter()
    sets = {name: _of_claims(name, path, options) for name, path in named(options.files).items()}
    sets = sets or {_OWN: _of_own(options)}
    first = next(iter(sets))
    found = mean_interval([reciprocal_rank(r.wanted, r.ranked) for r in sets[first]])
    return Found(
        suite="retrieval",
        headline=f"{first}: MRR@10 {found.mean:.3f} over {len(sets[first])} queries.",
        about="whether a search finds the articles that hold what a query says",
        tables=tuple(_scores(name, rankings) for name, rankings in sets.items()),
        begun=begun,
        data=", ".join(f"{name}, {len(rankings)} queries" for name, rankings in sets.items()),
        plots=(_by_depth(sets),),
    ).report()


def _of_own(options: MeasureOptions) -> list[Ranking]:
    with library_of(*OWN_ARTICLES) as groundwire:
        return _rankings(groundwire, own_questions()[: options.limit], ids_in(groundwire, SEEDS), options.steps, _OWN)


def _of_claims(name: str, path: Path, options: MeasureOptions) -> list[Ranking]:
    queries, articles = read_claims(path, options.limit)
    if not queries:
        raise InputRejected(f"{path}: no row names an article that is to be found; see eval/claims.py")
    with library_of_claims(articles) as groundwire:
        return _rankings(groundwire, queries, {}, options.steps, name)


def _rankings(
    groundwire: Groundwire, queries: Sequence[Wanted], ids: Mapping[str, str], steps: Steps, what: str
) -> list[Ranking]:
    originals = originals_in(groundwire)
    rankings = []
    for query in steps.over(what, queries):
        result, _ = groundwire.search(query.query, _CHUNKS, Filters())
        ranked = tuple(dict.fromkeys(originals[e.article.id] for e in result.evidence))
        rankings.append(Ranking(frozenset(originals.get(ids.get(i, i), i) for i in query.articles), ranked))
    return rankings


def _measured(values: Sequence[float]) -> Measured:
    found = mean_interval(values)
    return Measured(found.mean, found.low, found.high)


def _recalls(rankings: Sequence[Ranking], depth: int) -> Measured:
    return _measured([recall(r.wanted, r.ranked, depth) for r in rankings])


def _scores(name: str, rankings: Sequence[Ranking]) -> Table:
    rows: list[tuple[Cell, ...]] = [(f"recall@{k}", _recalls(rankings, k)) for k in DEPTHS]
    rows += [(score, _measured([of(r.wanted, r.ranked) for r in rankings])) for score, of in _SCORES.items()]
    note = "Ranks are those of distinct articles, an article counting as its best chunk and a copy as its original."
    return Table(f"{name}: {len(rankings)} queries", ("score", "mean"), tuple(rows), note)


def _by_depth(sets: Mapping[str, Sequence[Ranking]]) -> Plot:
    title = "Recall by depth"
    lines, rows = [], []
    for number, (name, rankings) in enumerate(sets.items()):
        dots = []
        for place, k in enumerate(DEPTHS):
            found = _recalls(rankings, k)
            x = 0.08 + place / (len(DEPTHS) - 1) * 0.84 + 0.01 * number
            dots.append(Dot(x, found.value or 0.0, found.low, found.high))
            rows.append((name, k, found))
        lines.append(Line(name, tuple(dots), number=number % 4 + 1))
    ticks = [(0.08 + place / (len(DEPTHS) - 1) * 0.84, f"first {k}") for place, k in enumerate(DEPTHS)]
    svg = chart(title, lines, "how far down the ranking", "share of what is needed", ticks=ticks)
    note = "Share of the needed articles among the first articles, with 95 % intervals."
    return Plot(title, note, svg, Table(title, ("set", "depth", "recall"), tuple(rows)))
