"""Fusing what is known of each candidate."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.retrieval.fusion import SHARES, Candidate, FusedHit, fuse, with_pairs

CANDIDATES = st.lists(
    st.builds(
        Candidate,
        chunk_id=st.sampled_from([f"chk_{letter}" for letter in "abcdefgh"]),
        # Half precision may take a cosine just past 1.
        dense=st.floats(-1.001, 1.001),
        sentence=st.floats(-1.001, 1.001),
        lexical=st.floats(0, 40),
    ),
    unique_by=lambda candidate: candidate.chunk_id,
)


def test_the_shares_make_a_whole():
    assert pytest.approx(1.0) == SHARES.dense + SHARES.sentence + SHARES.lexical + SHARES.pairs


def test_the_score_is_the_convex_sum_of_max_normalised_parts():
    hits = fuse([Candidate("a", 0.8, 0.3, 0.0), Candidate("b", 0.4, 0.6, 6.0), Candidate("c", 0.0, 0.0, 3.0)])
    assert {h.chunk_id: h.score for h in hits} == pytest.approx(
        {
            "a": SHARES.dense + SHARES.sentence / 2,
            "b": SHARES.dense / 2 + SHARES.sentence + SHARES.lexical,
            "c": SHARES.lexical / 2,
        }
    )
    assert [h.chunk_id for h in hits] == ["b", "a", "c"]


def test_pairs_of_words_add_their_share_and_may_change_the_order():
    hits = [FusedHit("a", 0.55, 0.5, 0.5), FusedHit("b", 0.5, 0.5, 0.5)]
    assert [(h.chunk_id, h.score) for h in with_pairs(hits, {"b": 0.8})] == [("b", pytest.approx(0.58)), ("a", 0.55)]


def test_the_halves_are_told_apart_the_cosine_as_it_is():
    (hit,) = fuse([Candidate("a", 0.4, 0.5, 7.0)])
    assert (hit.dense, hit.lexical) == (0.4, 1.0)


def test_ties_are_ordered_by_id_whatever_the_order_they_came_in():
    assert [h.chunk_id for h in fuse([Candidate("b", 0.5, 0, 0), Candidate("a", 0.5, 0, 0)])] == ["a", "b"]


@pytest.mark.parametrize(
    ("candidates", "expected"),
    [
        pytest.param([], [], id="none"),
        pytest.param([Candidate("a", 0.3, 0.0, 0.0)], [("a", SHARES.dense)], id="nothing_lexical"),
        pytest.param([Candidate("a", 0.0, 0.0, 3.0)], [("a", SHARES.lexical)], id="nothing_dense"),
        pytest.param([Candidate("a", -0.2, -0.2, 0.0)], [("a", 0.0)], id="a_negative_cosine_is_no_malus"),
        pytest.param([Candidate("a", 0.0, 0.0, 0.0)], [("a", 0.0)], id="all_zero_divides_by_nothing"),
    ],
)
def test_empty_and_negative_parts(candidates, expected):
    assert [(h.chunk_id, h.score) for h in fuse(candidates)] == expected


@given(candidates=CANDIDATES, share=st.floats(0, 1))
def test_whatever_comes_scores_stay_in_0_to_1_and_best_first(candidates, share):
    hits = with_pairs(fuse(candidates), {c.chunk_id: share for c in candidates})
    assert {h.chunk_id for h in hits} == {c.chunk_id for c in candidates}
    assert hits == sorted(hits, key=lambda h: (-h.score, h.chunk_id))
    for hit in hits:
        assert all(0.0 <= value <= 1.0 for value in (hit.score, hit.dense, hit.lexical))


@given(candidates=CANDIDATES)
def test_the_order_in_which_candidates_come_does_not_matter(candidates):
    assert fuse(candidates) == fuse(candidates[::-1])
