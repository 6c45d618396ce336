"""How sure a mean is, and whether a difference is one. Every draw comes from a fixed seed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.intervals import wilson

SEED = 20260115
DRAWS = 2_000
_FLIPS = 20_000
_EXACT = 14
"""With so few differences that are none, all ways to flip their signs are tried."""
_ROUNDING = 1e-9

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """Of 95 %. None: one value says nothing of how values spread."""

    mean: float
    low: float | None
    high: float | None


def mean_interval(values: Sequence[float]) -> Interval:
    """Of at least one value. Bootstrap percentiles (Efron, 1979); of values that are all 0 or 1 the score interval
    (Wilson, 1927), since resampling what is all 1 gives no interval."""
    array = np.asarray(values, dtype=np.float64)
    mean = float(array.mean())
    if np.isin(array, (0.0, 1.0)).all():
        return Interval(mean, *wilson(int(array.sum()), len(array)))
    if len(array) == 1:
        return Interval(mean, None, None)
    return Interval(mean, *_percentiles(array[_resampled(len(array))].mean(axis=1)))


def statistic_interval(
    statistic: Callable[[Floats, NDArray[np.bool_]], float], values: Floats, flags: NDArray[np.bool_]
) -> Interval:
    """The same for what is no mean, of values with a flag each: cases are drawn, each with both."""
    if len(values) < 2:
        return Interval(statistic(values, flags), None, None)
    drawn = np.array([statistic(values[rows], flags[rows]) for rows in _resampled(len(values))])
    return Interval(statistic(values, flags), *_percentiles(drawn))


@dataclass(frozen=True, slots=True)
class Paired:
    """The same cases before and after. `difference`: after less before, with its 95 % interval.

    `p_worse`: how often chance alone makes it that much worse or more; `p_differs`: that far from nothing, either way.
    """

    pairs: int
    before: float
    after: float
    difference: float
    low: float
    high: float
    p_worse: float
    p_differs: float
    cases_worse: int
    cases_better: int


def paired(before: Sequence[float], after: Sequence[float], *, higher_is_better: bool = True) -> Paired:
    """Of at least one pair. The test flips signs (Fisher, 1935): it asks nothing of how scores are distributed."""
    old, new = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    differences = new - old
    gains = differences if higher_is_better else -differences
    worse, better = int((gains < -_ROUNDING).sum()), int((gains > _ROUNDING).sum())
    low, high = _percentiles(differences[_resampled(len(differences))].mean(axis=1))
    p_worse, p_better = _flipped(gains)
    return Paired(
        pairs=len(differences),
        before=float(old.mean()),
        after=float(new.mean()),
        difference=float(differences.mean()),
        low=low,
        high=high,
        p_worse=p_worse,
        p_differs=min(1.0, 2 * min(p_worse, p_better)),
        cases_worse=worse,
        cases_better=better,
    )


def holm(p_values: Sequence[float]) -> list[float]:
    """Each corrected for how many there are (Holm, 1979), in the order given."""
    adjusted = [0.0] * len(p_values)
    highest = 0.0
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    for place, i in enumerate(order):
        highest = max(highest, min(1.0, p_values[i] * (len(p_values) - place)))
        adjusted[i] = highest
    return adjusted


def _flipped(gains: Floats) -> tuple[float, float]:
    """How often sums with random signs are as low as the one found, and how often as high."""
    moved = gains[np.abs(gains) > _ROUNDING]
    if not len(moved):
        return 1.0, 1.0
    found = moved.sum()
    if len(moved) <= _EXACT:
        bits = np.arange(2 ** len(moved))[:, None] >> np.arange(len(moved)) & 1
        sums = (2.0 * bits - 1.0) @ np.abs(moved)
        return float((sums <= found + _ROUNDING).mean()), float((sums >= found - _ROUNDING).mean())
    signs = np.random.default_rng(SEED).integers(0, 2, size=(_FLIPS, len(moved))) * 2.0 - 1.0
    sums = signs @ np.abs(moved)
    below, above = int((sums <= found + _ROUNDING).sum()), int((sums >= found - _ROUNDING).sum())
    return (below + 1) / (_FLIPS + 1), (above + 1) / (_FLIPS + 1)


def _resampled(count: int) -> NDArray[np.int64]:
    """(draws, count) rows drawn with replacement."""
    return np.random.default_rng(SEED).integers(0, count, size=(DRAWS, count))


def _percentiles(drawn: Floats) -> tuple[float, float]:
    low, high = np.percentile(drawn, (2.5, 97.5))
    return float(low), float(high)
