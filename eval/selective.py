"""Answering the surest questions only: risk against coverage, its area, and how far confidence is from the truth."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def curve(confidences: Floats, rights: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Coverage and risk after each question, the surest first; of equally sure ones each is wrong as often as all."""
    order = np.argsort(-confidences, kind="stable")
    wrong = (~rights[order]).astype(np.float64)
    _, group, sizes = np.unique(-confidences[order], return_inverse=True, return_counts=True)
    shared = np.bincount(group, weights=wrong) / sizes
    counts = np.arange(1, len(order) + 1)
    return counts / len(order), np.cumsum(shared[group]) / counts


def area(confidences: Floats, rights: NDArray[np.bool_]) -> float:
    """The mean risk over all coverages (AURC, Geifman and El-Yaniv, 2017)."""
    return float(curve(confidences, rights)[1].mean())


def calibration_error(confidences: Floats, rights: NDArray[np.bool_], bins: int = 10) -> float:
    """Expected calibration error over so many bins of equal width (Naeini et al., 2015)."""
    total = 0.0
    places = np.minimum((confidences * bins).astype(int), bins - 1)
    for b in range(bins):
        inside = places == b
        if inside.any():
            total += inside.mean() * abs(float(confidences[inside].mean()) - float(rights[inside].mean()))
    return total
