"""Whether the evidence holds what the answer takes: by article, and by the very places that say it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from eval.harness.gold import SpanGroups
from eval.harness.observation import Observation
from eval.harness.run_file import EvidenceRow, Score
from eval.rank_metrics import ndcg, reciprocal_rank

DEPTHS = (1, 5, 10)
_DEPTH = 10
ARTICLE_SCORES = (*(f"recall_at_{k}" for k in DEPTHS), "all_gold_at_5", "mrr_at_10", "ndcg_at_10")
SPAN_SCORES = (
    *(f"span_recall_at_{k}" for k in DEPTHS),
    "span_all_gold_at_10",
    "span_mrr_at_10",
    "span_ndcg_at_10",
)


def article_scores(seen: Observation) -> dict[str, Score]:
    """Ranks are those of distinct articles. A group of articles is found when one of it is."""
    groups = seen.gold.article_groups
    if not groups:
        return dict.fromkeys(ARTICLE_SCORES, Score.unscored("no article answers this"))
    ranked = tuple(dict.fromkeys(row.article_id for row in seen.evidence))
    wanted = set(seen.gold.articles)
    shares = {k: sum(not group.isdisjoint(ranked[:k]) for group in groups) / len(groups) for k in (*DEPTHS, 5)}
    return {
        **{f"recall_at_{k}": Score(shares[k]) for k in DEPTHS},
        "all_gold_at_5": Score(float(shares[5] == 1.0)),
        "mrr_at_10": Score(reciprocal_rank(wanted, ranked)),
        "ndcg_at_10": Score(ndcg(wanted, ranked)),
    }


def span_scores(seen: Observation) -> dict[str, Score]:
    """Ranks are those of chunks. A group of places is found with the first chunk that holds one of them whole.

    nDCG counts each group once, at the rank where it is found; several in one chunk cannot make it more than 1.
    """
    spans = seen.gold.spans
    if not spans:
        why = "these articles have other words" if spans is None else "the case names no places"
        return dict.fromkeys(SPAN_SCORES, Score.unscored(why))
    ranks = first_ranks(spans, seen.evidence)
    found = [rank for rank in ranks if rank is not None and rank <= _DEPTH]
    shares = {k: sum(rank <= k for rank in found) / len(ranks) for k in DEPTHS}
    gained = sum(1 / math.log2(rank + 1) for rank in found)
    best = sum(1 / math.log2(rank + 1) for rank in range(1, min(len(ranks), _DEPTH) + 1))
    return {
        **{f"span_recall_at_{k}": Score(shares[k]) for k in DEPTHS},
        "span_all_gold_at_10": Score(float(len(found) == len(ranks))),
        "span_mrr_at_10": Score(1 / min(found) if found else 0.0),
        "span_ndcg_at_10": Score(min(1.0, gained / best)),
    }


def first_ranks(groups: SpanGroups, evidence: Sequence[EvidenceRow]) -> list[int | None]:
    """For each group the place in the ranking, from 1, of the first chunk that holds one of its places whole."""
    return [
        next(
            (
                place
                for place, row in enumerate(evidence, start=1)
                if any(span.inside(row.article_id, row.start, row.end) for span in group)
            ),
            None,
        )
        for group in groups
    ]
