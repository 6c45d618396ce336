"""Many cases summed up: means with intervals and counts, overall and by kind, and what only many cases have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.harness.catalogue import MEASURES
from eval.harness.run_file import CaseResult, Run
from eval.harness.statistics import Floats, Interval, mean_interval, statistic_interval
from eval.selective import area, calibration_error, curve


@dataclass(frozen=True, slots=True)
class Metric:
    """`kind` None: over all kinds. `interval` None: nothing was scored.

    Every case of the kind that has this score at all is either scored, unscored or crashed.
    """

    name: str
    kind: str | None
    interval: Interval | None
    scored: int
    unscored: int
    crashed: int


@dataclass(frozen=True, slots=True)
class Selective:
    """Of the answers that were given, by confidence: how wrong the surest are, and how well it is calibrated."""

    answers: int
    aurc: Interval
    best_aurc: float
    """Of the same answers in the best order there is."""
    calibration_error: Interval


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds until an answer was there, over all cases that did not crash."""

    cases: int
    p50: float
    p95: float


def metrics_of(run: Run) -> list[Metric]:
    """Overall first, then by kind in the order in which kinds come; scores in the order of the catalogue.

    Amounts have no mean: see amounts_of.
    """
    kinds = dict.fromkeys(result.kind for result in run.results)
    groups: list[tuple[str | None, Sequence[CaseResult]]] = [(None, run.results)]
    groups += [(kind, [result for result in run.results if result.kind == kind]) for kind in kinds]
    return [
        metric
        for kind, results in groups
        for name, measure in MEASURES.items()
        if not measure.amount
        and (metric := _metric(name, kind, [result for result in results if name in result.scores])) is not None
    ]


def _metric(name: str, kind: str | None, results: Sequence[CaseResult]) -> Metric | None:
    values = [value for result in results if (value := result.scores[name].value) is not None]
    if not results or (kind is not None and not values):
        return None
    crashed = sum(result.crash is not None and result.scores[name].value is None for result in results)
    interval = mean_interval(values) if values else None
    return Metric(name, kind, interval, len(values), len(results) - len(values) - crashed, crashed)


def given_answers(run: Run) -> tuple[Floats, NDArray[np.bool_]]:
    """Confidence of each answer that was given, and whether it is right; by the id of the case, so that the order in
    which they ran does not matter."""
    given = [
        (float(result.body["confidence"]), bool(result.scores["right"].value))
        for result in sorted(run.results, key=lambda result: result.id)
        if result.form == "question"
        and result.crash is None
        and result.body is not None
        and result.body["status"] != "abstained"
    ]
    return np.array([c for c, _ in given], dtype=np.float64), np.array([r for _, r in given], dtype=np.bool_)


def selective_of(run: Run) -> Selective | None:
    """None when no answer was given."""
    confidences, rights = given_answers(run)
    if not len(confidences):
        return None
    return Selective(
        answers=len(confidences),
        aurc=statistic_interval(area, confidences, rights),
        best_aurc=area(rights.astype(np.float64), rights),
        calibration_error=statistic_interval(calibration_error, confidences, rights),
    )


def risk_coverage_of(run: Run) -> tuple[list[float], list[float]]:
    """Coverage and risk after each given answer, the surest first; empty when there is none."""
    confidences, rights = given_answers(run)
    if not len(confidences):
        return [], []
    coverage, risk = curve(confidences, rights)
    return [float(c) for c in coverage], [float(r) for r in risk]


def latency_of(run: Run) -> Latency | None:
    times = [result.timings_ms["asked"] for result in run.results if result.crash is None and result.timings_ms]
    if not times:
        return None
    return Latency(len(times), float(np.percentile(times, 50)), float(np.percentile(times, 95)))


def amounts_of(run: Run) -> dict[str, float | None]:
    """What each score that is an amount adds up to, in the order of the catalogue."""
    return {name: total_of(run, name) for name, measure in MEASURES.items() if measure.amount}


def total_of(run: Run, name: str) -> float | None:
    """The sum of a score that is an amount, such as tokens; None when no case has it."""
    values = [s.value for r in run.results if (s := r.scores.get(name)) is not None and s.value is not None]
    return sum(values) if values else None
