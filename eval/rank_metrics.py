"""Metrics of ranked articles: MRR, recall and nDCG, each at a depth."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

Ranked = tuple[str, ...]
"""Ids of articles, best first, each once."""

_DEPTH = 10
HEADER = f"{'':<24}{'MRR@10':>8}{'R@1':>8}{'R@5':>8}{'R@10':>8}{'nDCG@10':>9}"


def reciprocal_rank(wanted: Collection[str], ranked: Ranked) -> float:
    """One over the rank of the first article that is wanted; 0 when it is not among the first ten."""
    return next((1.0 / rank for rank, article in enumerate(ranked[:_DEPTH], start=1) if article in wanted), 0.0)


def recall(wanted: Collection[str], ranked: Ranked, depth: int) -> float:
    """The share of the wanted articles among the first `depth`."""
    return len(set(ranked[:depth]).intersection(wanted)) / len(wanted)


def ndcg(wanted: Collection[str], ranked: Ranked) -> float:
    """Discounted gain of the first ten, an article being wanted or not, by what the best order would give."""
    gained = sum(1.0 / math.log2(rank + 1) for rank, a in enumerate(ranked[:_DEPTH], start=1) if a in wanted)
    return gained / sum(1.0 / math.log2(rank + 1) for rank in range(1, min(len(wanted), _DEPTH) + 1))


def reciprocal_ranks(wanted: Sequence[Collection[str]], ranked: Sequence[Ranked]) -> NDArray[np.float64]:
    return np.array([reciprocal_rank(w, r) for w, r in zip(wanted, ranked, strict=True)])


def mean_row(label: str, wanted: Sequence[Collection[str]], ranked: Sequence[Ranked]) -> str:
    """The means over the queries, as a line of the table."""
    pairs = list(zip(wanted, ranked, strict=True))
    means = [
        float(np.mean(reciprocal_ranks(wanted, ranked))),
        *(float(np.mean([recall(w, r, depth) for w, r in pairs])) for depth in (1, 5, 10)),
        float(np.mean([ndcg(w, r) for w, r in pairs])),
    ]
    return f"{label:<24}" + "".join(f"{value:>8.4f}" for value in means[:-1]) + f"{means[-1]:>9.4f}"
