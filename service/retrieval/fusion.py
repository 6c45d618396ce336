"""Fusing what is known of each candidate into one score: a convex sum of max-normalised parts.

docs/decisions/0004-ranking.md has what each part is worth, and what was tried and left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Shares:
    """What each part counts for, together 1: the chunk's cosine, its best sentence's, bm25, and pairs of words."""

    dense: float = 0.22
    sentence: float = 0.23
    lexical: float = 0.45
    pairs: float = 0.10


SHARES = Shares()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A chunk and its raw scores: cosines of the chunk and of its best sentence, and bm25 (0: no word matches)."""

    chunk_id: str
    dense: float
    sentence: float
    lexical: float


@dataclass(frozen=True, slots=True)
class FusedHit:
    """A chunk's fused score, its cosine similarity (never negative) and its max-normalised lexical score, all 0..1."""

    chunk_id: str
    score: float
    dense: float
    lexical: float


def fuse(candidates: Sequence[Candidate], shares: Shares = SHARES) -> list[FusedHit]:
    """All candidates, best first, ties by id."""
    dense = _max_normalised(c.dense for c in candidates)
    sentence = _max_normalised(c.sentence for c in candidates)
    lexical = _max_normalised(c.lexical for c in candidates)
    return _best_first(
        FusedHit(
            chunk_id=candidate.chunk_id,
            score=shares.dense * d + shares.sentence * s + shares.lexical * w,
            dense=min(1.0, max(0.0, candidate.dense)),
            lexical=w,
        )
        for candidate, d, s, w in zip(candidates, dense, sentence, lexical, strict=True)
    )


def with_pairs(hits: Sequence[FusedHit], pairs: Mapping[str, float], shares: Shares = SHARES) -> list[FusedHit]:
    """The hits with the share of the query's word pairs that each chunk holds (by id, 0..1) added, best first."""
    return _best_first(
        replace(hit, score=min(1.0, hit.score + shares.pairs * share)) if (share := pairs.get(hit.chunk_id)) else hit
        for hit in hits
    )


def _best_first(hits: Iterable[FusedHit]) -> list[FusedHit]:
    return sorted(hits, key=lambda h: (-h.score, h.chunk_id))


def _max_normalised(scores: Iterable[float]) -> list[float]:
    values = [max(0.0, score) for score in scores]
    top = max(values, default=0.0)
    return [value / top for value in values] if top > 0 else values
