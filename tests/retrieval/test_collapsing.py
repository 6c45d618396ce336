"""Copies collapse to one item of evidence, and no story crowds out the others."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.retrieval.collapsing import collapsed, spread
from service.types import Article, Chunk, Evidence, Span

PASSAGE = (
    "The harbour authority closed the northern lock on Tuesday after a freighter of 12,000 tonnes struck its gate, and "
    "ships were sent round by the western canal, where they waited for nine hours before they could pass."
)
MORE = " Fishermen upstream said that they had lost two days at sea, and asked the state to pay for what they missed."
ordinals = itertools.count()


def evidence(text: str, article_id: str, score: float = 0.5, original: str | None = None) -> Evidence:
    article = Article(article_id, "T", text, text, "o", "1", "2025-11-20T12:00:00Z", duplicate_of=original)
    span = Span(0, len(text))
    chunk = Chunk(article.id, article.revision, next(ordinals), span.start, span.end, text, (span,))
    return Evidence(chunk, article, score, score, score)


def kept(*ranked: Evidence) -> list[str]:
    return [item.article.id for item in collapsed(ranked)]


def test_what_a_copy_repeats_collapses_to_the_better_ranked():
    assert kept(evidence(PASSAGE, "b", 0.9, "a"), evidence(PASSAGE, "a", 0.8)) == ["b"]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(PASSAGE.replace("12,000", "11,000"), id="corrected_figure"),
        pytest.param(PASSAGE.replace("Tuesday", "Sunday"), id="corrected_day"),
        pytest.param(MORE, id="another_part"),
        pytest.param(PASSAGE + MORE, id="a_sentence_more"),
    ],
)
def test_what_a_copy_adds_or_corrects_stays(other):
    assert kept(evidence(PASSAGE, "a"), evidence(other, "b", original="a")) == ["a", "b"]


def test_a_passage_across_two_chunks_of_the_copy_collapses():
    both = PASSAGE[60:] + MORE[:70]
    assert kept(evidence(PASSAGE, "a"), evidence(both, "b", original="a")) == ["a", "b"]
    assert kept(evidence(PASSAGE, "a"), evidence(MORE, "a"), evidence(both, "b", original="a")) == ["a", "a"]


def test_the_same_words_in_an_article_that_is_no_copy_stay():
    assert kept(evidence(PASSAGE, "a"), evidence(PASSAGE, "z")) == ["a", "z"]


def test_an_article_does_not_repeat_itself():
    assert kept(evidence(PASSAGE, "a"), evidence(PASSAGE, "a")) == ["a", "a"]


def order(scores: list[tuple[str, float]], k: int) -> list[str]:
    return [item.article.id for item in spread([evidence(f"{i} {s}", i, s) for i, s in scores], k)]


def test_a_long_article_leaves_room_for_others_with_comparable_scores():
    ranked = [("long", 1.0), ("long", 0.95), ("long", 0.9), ("long", 0.85), ("a", 0.8), ("b", 0.7)]
    assert order(ranked, 4) == ["long", "long", "a", "b", "long", "long"]


def test_what_does_not_compare_gets_no_turn():
    ranked = [("long", 1.0), ("long", 0.95), ("long", 0.9), ("long", 0.85), ("a", 0.3)]
    assert order(ranked, 4) == ["long", "long", "long", "long", "a"]


def test_an_article_alone_keeps_its_order():
    assert order([("long", 1.0), ("long", 0.9), ("long", 0.8), ("long", 0.7)], 3) == ["long"] * 4


def test_a_story_and_its_copies_share_their_places():
    ranked = [
        evidence("a one", "a", 1.0),
        evidence("b two", "b", 0.9, "a"),
        evidence("c three", "c", 0.9, "a"),
        evidence("other", "z", 0.8),
    ]
    assert [item.article.id for item in spread(ranked, 3)] == ["a", "b", "z", "c"]


def test_no_more_is_read_than_some_times_k():
    read = []

    def ranked():
        for n in range(1000):
            read.append(n)
            yield evidence(f"text {n}", "long", 1.0)

    assert len(list(itertools.islice(spread(ranked(), 5), 5))) == 5
    assert len(read) <= 20


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 1)), max_size=30), st.integers(1, 12))
def test_nothing_is_dropped_or_doubled_and_each_article_keeps_its_order(scores, k):
    ranked = sorted((evidence(f"{i} {s}", i, s) for i, s in scores), key=lambda e: -e.score)
    out = list(spread(ranked, k))
    assert sorted(map(id, out)) == sorted(map(id, ranked))
    for article_id in "abc":
        assert [e for e in out if e.article.id == article_id] == [e for e in ranked if e.article.id == article_id]
