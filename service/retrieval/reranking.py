"""The best candidates in the order of a reranker, where there is one. It may fail; the search may not."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from service.errors import ModelUnavailable
from service.models.ports import Reranker
from service.retrieval.fusion import FusedHit

_LOG = logging.getLogger("groundwire.retrieval")


def reranked(reranker: Reranker, query: str, hits: Sequence[FusedHit], texts: Sequence[str]) -> list[FusedHit]:
    """The hits in the reranker's order, ties by fused score; as they were when it fails.

    Fused scores are handed out anew in that order: a reranker's own have no range, and those of hits that it has not
    seen must stay below.
    """
    try:
        scores = np.asarray(reranker.rerank(query, texts), dtype=np.float64)
        if scores.shape != (len(hits),) or not np.isfinite(scores).all():
            raise ValueError(f"{len(hits)} texts got scores of shape {scores.shape}, or some that are no numbers")
    except ModelUnavailable:
        return list(hits)  # doctor and readyz tell of it; a line for every search would tell nothing more
    except Exception as error:
        # Whatever a model stumbles over, the evidence is there without it.
        _LOG.warning("searching without the reranker: %s: %s", type(error).__name__, error)
        return list(hits)
    order = np.argsort(-scores, kind="stable")
    handed_out = sorted((hit.score for hit in hits), reverse=True)
    return [replace(hits[i], score=score) for i, score in zip(order, handed_out, strict=True)]
