"""Fusing the two halves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.retrieval.fusion import DENSE_SHARE, fuse

IDS = st.sampled_from([f"chk_{letter}" for letter in "abcdefgh"])
COSINES = st.dictionaries(IDS, st.floats(-1, 1))
BM25 = st.dictionaries(IDS, st.floats(0, 40))


def test_the_score_is_the_convex_sum_of_max_normalised_halves():
    hits = fuse({"a": 0.8, "b": 0.4}, {"b": 6.0, "c": 3.0}, 10)
    assert {h.chunk_id: h.score for h in hits} == pytest.approx(
        {"a": DENSE_SHARE, "b": DENSE_SHARE / 2 + (1 - DENSE_SHARE), "c": (1 - DENSE_SHARE) / 2}
    )
    assert [h.chunk_id for h in hits] == ["b", "a", "c"]


def test_the_halves_are_told_apart_the_cosine_as_it_is():
    (hit,) = fuse({"a": 0.4}, {"a": 7.0}, 1)
    assert (hit.dense, hit.lexical) == (0.4, 1.0)


def test_ties_are_ordered_by_id_whatever_the_order_they_came_in():
    assert [h.chunk_id for h in fuse({"b": 0.5, "a": 0.5}, {}, 2)] == ["a", "b"]
    assert [h.chunk_id for h in fuse({"a": 0.5}, {"b": 2.0}, 2)] == ["a", "b"]


@pytest.mark.parametrize(
    ("dense", "lexical", "expected"),
    [
        pytest.param({}, {}, [], id="both_empty"),
        pytest.param({"a": 0.3}, {}, [("a", 0.5)], id="nothing_lexical"),
        pytest.param({}, {"a": 3.0}, [("a", 0.5)], id="nothing_dense"),
        pytest.param({"a": -0.2, "b": -0.4}, {}, [("a", 0.0), ("b", 0.0)], id="only_negative_cosines"),
        pytest.param({"a": 0.5, "b": -0.5}, {"b": 1.0}, [("a", 0.5), ("b", 0.5)], id="a_negative_cosine_is_no_malus"),
        pytest.param({"a": 0.0}, {"a": 0.0}, [("a", 0.0)], id="all_zero_divides_by_nothing"),
    ],
)
def test_empty_and_negative_halves(dense, lexical, expected):
    assert [(h.chunk_id, h.score) for h in fuse(dense, lexical, 10)] == expected


@given(dense=COSINES, lexical=BM25, k=st.integers(0, 10))
def test_whatever_comes_scores_stay_in_0_to_1_best_first_and_at_most_k(dense, lexical, k):
    hits = fuse(dense, lexical, k)
    assert len(hits) == min(k, len(dense.keys() | lexical.keys()))
    assert hits == sorted(hits, key=lambda h: (-h.score, h.chunk_id))
    for hit in hits:
        assert all(0.0 <= value <= 1.0 for value in (hit.score, hit.dense, hit.lexical))


@given(dense=COSINES, lexical=BM25)
def test_the_order_in_which_the_halves_list_their_hits_does_not_matter(dense, lexical):
    assert fuse(dense, lexical, 10) == fuse(dict(reversed(dense.items())), dict(reversed(lexical.items())), 10)
