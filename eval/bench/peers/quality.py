"""Whether the right articles were found: chunks in order, told as `ARTICLE#NUMBER`, against what is known to answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quality:
    """Over the first ten articles of each query's chunks, 0..1."""

    mrr: float
    recall: float
    queries: int


def article_ranking(hits: Sequence[str], k: int) -> list[str]:
    """Chunk ids to the first k different article ids."""
    return list(dict.fromkeys(hit.rpartition("#")[0] for hit in hits))[:k]


def _rank(hits: Sequence[str], gold: frozenset[str], k: int) -> int | None:
    return next((n for n, article in enumerate(article_ranking(hits, k), start=1) if article in gold), None)


def mrr(rankings: Sequence[Sequence[str]], gold: Sequence[frozenset[str]], k: int = 10) -> float:
    """Mean reciprocal rank of the first right article among the first k articles."""
    ranks = [_rank(hits, right, k) for hits, right in zip(rankings, gold, strict=True)]
    return sum(1 / rank for rank in ranks if rank) / len(ranks)


def recall(rankings: Sequence[Sequence[str]], gold: Sequence[frozenset[str]], k: int = 10) -> float:
    """Mean share of the right articles that are among the first k articles."""
    shares = [
        len(right & set(article_ranking(hits, k))) / len(right) for hits, right in zip(rankings, gold, strict=True)
    ]
    return sum(shares) / len(shares)
