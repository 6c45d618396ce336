"""A reranker decides the order of the best; a broken one decides nothing."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import numpy as np
import pytest

from service.library.memory import InMemoryVectorIndex
from service.models.hashing import HashingEmbedder
from service.retrieval.retriever import Retriever
from service.types import Filters

TEXTS = {f"a{n}": f"The harbour crane fell on day {n}. " + "It was raised again. " * n for n in range(6)}


class LongestFirst:
    """Prefers long texts, on a scale of its own."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, list[str]]] = []

    def rerank(self, query: str, texts: Sequence[str]) -> np.ndarray:
        self.asked.append((query, list(texts)))
        return np.array([len(text) - 500 for text in texts], dtype=np.float32)


class Broken:
    def __init__(self, scores: np.ndarray | None) -> None:
        self.scores = scores

    def rerank(self, query: str, texts: Sequence[str]) -> np.ndarray:
        if self.scores is None:
            raise RuntimeError("out of memory")
        return self.scores


@pytest.fixture
def filled(shelf):
    shelf.add(**TEXTS)
    return shelf


def searched(shelf, reranker, k=6):
    return Retriever(shelf.library, shelf.index, HashingEmbedder(), reranker).search("harbour crane", k, Filters())


def test_the_reranker_decides_the_order_and_scores_stay_in_0_to_1(filled):
    reranker = LongestFirst()
    evidence = searched(filled, reranker).evidence
    assert [e.article.id for e in evidence] == ["a5", "a4", "a3", "a2", "a1", "a0"]
    assert [e.score for e in evidence] == sorted((e.score for e in evidence), reverse=True)
    assert all(0 <= e.score <= 1 for e in evidence)
    ((query, texts),) = reranker.asked
    assert query == "harbour crane"
    assert sorted(texts) == sorted(text.strip() for text in TEXTS.values())


def test_what_is_beyond_k_can_come_to_the_top(filled):
    (best,) = searched(filled, LongestFirst(), k=1).evidence
    assert best.article.id == "a5"


def test_more_candidates_than_are_reranked_all_come_each_once(open_shelf):
    shelf = open_shelf(InMemoryVectorIndex())
    shelf.add(**{f"a{n}": f"Crane {n} in the harbour." for n in range(40)})
    found = [e.article.id for e in searched(shelf, LongestFirst(), k=40).evidence]
    assert sorted(found) == sorted(f"a{n}" for n in range(40))


@pytest.mark.parametrize(
    "scores",
    [
        pytest.param(None, id="raises"),
        pytest.param(np.array([1.0], np.float32), id="too_few"),
        pytest.param(np.full(6, np.nan, np.float32), id="no_numbers"),
    ],
)
def test_a_failing_reranker_leaves_the_search_as_it_is(filled, scores, caplog):
    with caplog.at_level(logging.WARNING):
        evidence = searched(filled, Broken(scores)).evidence
    assert evidence == searched(filled, None).evidence
    assert "without the reranker" in caplog.text
