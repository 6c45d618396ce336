"""Ranks articles, part by part: `python -m eval.ranking [--claims FILE.jsonl ...] [--limit N]`.

Without a file: our own answerable questions over the seeds and our datasets' articles. They are read into a library
once; each query's candidates (what the two halves find) are then scored again for every variant, an article
counting as its best chunk. Prints MRR@10, recall@1, @5, @10 and nDCG@10 of the halves alone, rank fusion, a convex sum
of the two halves and ours, as it ranks and as a search serves it; an ablation, ours less each part and the convex sum
plus each; and the difference in MRR@10 of ours and the convex sum with its paired bootstrap interval. With several
files, also what shares that are fitted on the others give.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.claims import OWN_ARTICLES, ClaimArticle, Wanted, own_questions, read_claims
from eval.corpus import SEEDS, ids_in, library_of, originals_in
from eval.rank_metrics import HEADER, Ranked, mean_row, reciprocal_ranks
from service.errors import GroundwireError
from service.retrieval.fusion import SHARES, Candidate, Shares, fuse, with_pairs
from service.retrieval.terms import shared_pairs
from service.retrieval.timing import in_time
from service.types import Filters
from service.wiring import Groundwire

_POOL = 100
_PAIRED = 20
_RRF = 60
"""The constant of reciprocal rank fusion as its authors give it."""
_CONVEX = Shares(dense=0.5, sentence=0.0, lexical=0.5, pairs=0.0)
_PARTS = ("dense", "sentence", "lexical", "pairs")
_RESAMPLES = 2_000
_OWN = "our own questions"


@dataclass(frozen=True, slots=True)
class Pool:
    """One query: its candidates, the article of each, the pairs of words it shares, and those that are of other days.

    `served`: the articles that a search gave.
    """

    wanted: frozenset[str]
    candidates: list[Candidate]
    article_of: dict[str, str]
    pairs: dict[str, float]
    out_of_time: frozenset[str]
    served: Ranked


def pools(groundwire: Groundwire, queries: Sequence[Wanted], ids: dict[str, str]) -> list[Pool]:
    """`ids`: of a dataset's articles to the library's, where they differ."""
    originals = originals_in(groundwire)
    collected = []
    for query in queries:
        candidates, chunks, out_of_time = groundwire.retriever.pool(query.query, _POOL)
        known = [c for c in candidates if c.chunk_id in chunks]
        shares = shared_pairs(query.query, [chunks[c.chunk_id].text for c in known])
        served, _ = groundwire.search(query.query, _POOL, Filters())
        collected.append(
            Pool(
                wanted=frozenset(originals.get(ids.get(i, i), i) for i in query.articles),
                candidates=known,
                article_of={i: originals[chunk.article_id] for i, chunk in chunks.items()},
                pairs={c.chunk_id: share for c, share in zip(known, shares, strict=True)},
                out_of_time=out_of_time,
                served=_unique(originals[e.article.id] for e in served.evidence),
            )
        )
    return collected


def _unique(articles: Iterable[str]) -> Ranked:
    return tuple(dict.fromkeys(articles))


def by_shares(pool: Pool, shares: Shares, *, dates: bool = True) -> Ranked:
    """The articles as the retriever ranks them, with these shares, and with or without what it knows of dates."""
    hits = fuse(pool.candidates, shares)
    best = {hit.chunk_id: pool.pairs[hit.chunk_id] for hit in hits[:_PAIRED]}
    hits = in_time(with_pairs(hits, best, shares), pool.out_of_time if dates else ())
    return _unique(pool.article_of[hit.chunk_id] for hit in hits)


def by_score(pool: Pool, score: Callable[[Candidate], float]) -> Ranked:
    return _unique(pool.article_of[c.chunk_id] for c in _ordered(pool, score))


def _ordered(pool: Pool, score: Callable[[Candidate], float]) -> list[Candidate]:
    return sorted((c for c in pool.candidates if score(c) > 0), key=lambda c: (-score(c), c.chunk_id))


def by_rank(pool: Pool) -> Ranked:
    """Reciprocal rank fusion of the two halves."""
    fused: dict[str, float] = {}
    for half in (_ordered(pool, lambda c: c.dense), _ordered(pool, lambda c: c.lexical)):
        for rank, candidate in enumerate(half[:_POOL], start=1):
            fused[candidate.chunk_id] = fused.get(candidate.chunk_id, 0.0) + 1.0 / (_RRF + rank)
    return _unique(pool.article_of[i] for i in sorted(fused, key=lambda i: (-fused[i], i)))


def without(part: str) -> Shares:
    """Our shares less one part, the others grown to make a whole again."""
    kept = {name: share for name, share in asdict(SHARES).items() if name != part}
    return Shares(**{name: share / sum(kept.values()) for name, share in kept.items()}, **{part: 0.0})


def convex_and(part: str) -> Shares:
    """The convex sum with a part in the proportion that it has in ours."""
    share = getattr(SHARES, part)
    return Shares(**{name: value * (1 - share) for name, value in asdict(_CONVEX).items()} | {part: share})


def report(name: str, data: Sequence[Pool]) -> None:
    wanted = [pool.wanted for pool in data]
    rows: dict[str, list[Ranked]] = {
        "dense": [by_score(p, lambda c: c.dense) for p in data],
        "sentences": [by_score(p, lambda c: c.sentence) for p in data],
        "bm25": [by_score(p, lambda c: c.lexical) for p in data],
        "rank fusion": [by_rank(p) for p in data],
        "convex": [by_shares(p, _CONVEX, dates=False) for p in data],
        "ours": [by_shares(p, SHARES) for p in data],
        "ours, as served": [p.served for p in data],
    }
    ablation = {f"ours - {part}": [by_shares(p, without(part)) for p in data] for part in _PARTS}
    ablation["ours - dates"] = [by_shares(p, SHARES, dates=False) for p in data]
    ablation |= {
        f"convex + {part}": [by_shares(p, convex_and(part), dates=False) for p in data]
        for part in ("sentence", "pairs")
    }
    ablation["convex + dates"] = [by_shares(p, _CONVEX) for p in data]
    print(f"{name}: {len(data)} queries\n{HEADER}")
    for label, ranked in (rows | ablation).items():
        print(mean_row(label, wanted, ranked))
    difference = reciprocal_ranks(wanted, rows["ours"]) - reciprocal_ranks(wanted, rows["convex"])
    low, high = bootstrap(difference)
    print(
        f"ours - convex, MRR@10: {difference.mean():+.4f} (95 % of {_RESAMPLES} resamples: {low:+.4f} to {high:+.4f})"
    )


def bootstrap(differences: NDArray[np.float64]) -> tuple[float, float]:
    """The 2.5 and 97.5 percentiles of the mean over resampled queries, pairs kept together."""
    draws = np.random.default_rng(0).integers(0, len(differences), (_RESAMPLES, len(differences)))
    low, high = np.quantile(differences[draws].mean(axis=1), [0.025, 0.975])
    return float(low), float(high)


def cross_fitted(sets: dict[str, list[Pool]]) -> None:
    """For each set, MRR@10 of the shares that are best for the others, next to ours."""
    grid = [
        Shares(dense=d / 10 * 0.9, sentence=s / 10 * 0.9, lexical=(10 - d - s) / 10 * 0.9, pairs=0.1)
        for d in range(8)
        for s in range(8)
        if d + s <= 8
    ]
    scores = {
        name: [reciprocal_ranks([p.wanted for p in data], [by_shares(p, g) for p in data]).mean() for g in grid]
        for name, data in sets.items()
    }
    print("\nshares fitted on the other sets, MRR@10")
    for name, data in sets.items():
        others = np.mean([scores[other] for other in sets if other != name], axis=0)
        chosen = grid[int(np.argmax(others))]
        ours = reciprocal_ranks([p.wanted for p in data], [by_shares(p, SHARES) for p in data]).mean()
        fitted = scores[name][int(np.argmax(others))]
        print(
            f"{name:<38} {fitted:.4f} (dense {chosen.dense:.2f}, sentence {chosen.sentence:.2f}, "
            f"lexical {chosen.lexical:.2f}); ours {ours:.4f}"
        )


def _own() -> list[Pool]:
    with library_of(*OWN_ARTICLES) as groundwire:
        return pools(groundwire, own_questions(), ids_in(groundwire, SEEDS))


def _claims(path: Path, limit: int | None) -> list[Pool]:
    queries, articles = read_claims(path, limit)
    with library_of_claims(articles) as groundwire:
        return pools(groundwire, queries, {})


@contextmanager
def library_of_claims(articles: Sequence[ClaimArticle]) -> Iterator[Groundwire]:
    """A throwaway library of the articles that claims come with."""
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "articles.jsonl"
        lines.write_text("".join(json.dumps(asdict(article)) + "\n" for article in articles), encoding="utf-8")
        with library_of(lines) as groundwire:
            yield groundwire


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.ranking", description=__doc__)
    parser.add_argument("--claims", type=Path, nargs="+", default=[], help="files of claims with their articles")
    parser.add_argument("--limit", type=int, help="use the first so many rows of each file")
    args = parser.parse_args(argv)
    sets: dict[str, list[Pool]] = {}
    try:
        if len(args.claims) != 1:
            sets[_OWN] = _own()
            report(_OWN, sets[_OWN])
        for path in args.claims:
            sets[path.name] = _claims(path, args.limit)
            report(path.name, sets[path.name])
    except (GroundwireError, OSError) as error:
        print(f"eval.ranking: {error}", file=sys.stderr)
        return 1
    if len(sets) > 1:
        cross_fitted(sets)
    return 0


if __name__ == "__main__":
    sys.exit(main())
