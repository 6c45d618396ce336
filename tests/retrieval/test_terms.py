"""What of a query is looked up."""

from __future__ import annotations

import pytest

from service.retrieval.terms import affordable, beginning, postings_for, query_terms, shared_pairs
from service.text.words import stem


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        pytest.param("How many cranes fell in the harbour?", ["cranes", "fell", "harbour"], id="no_stop_words"),
        pytest.param("crane or Crane or CRANE", ["crane"], id="each_once"),
        pytest.param("Who was it?", ["who", "was", "it"], id="only_stop_words_are_kept"),
        pytest.param("Kyiv's 1,234 drones", ["kyiv", "1,234", "drones"], id="possessive_and_figure"),
        pytest.param("?!…", [], id="no_words"),
    ],
)
def test_terms(query, terms):
    assert query_terms(query) == terms


@pytest.mark.parametrize(
    ("frequencies", "kept"),
    [
        pytest.param({"city": 90, "crane": 5, "harbour": 20, "fell": 4}, ["fell", "crane", "harbour"], id="rarest"),
        pytest.param({"crane": 30, "harbour": 40, "fell": 30}, ["crane", "fell", "harbour"], id="exactly_all"),
        pytest.param({"city": 900, "fell": 800, "harbour": 700}, ["harbour", "fell", "city"], id="three_at_any_price"),
        pytest.param({"zeppelin": 0, "crane": 5}, ["crane"], id="what_matches_nothing_costs_a_search_too"),
        pytest.param({"b": 5, "a": 5}, ["a", "b"], id="ties_by_word"),
        pytest.param({}, [], id="none"),
    ],
)
def test_terms_that_together_match_a_hundred_chunks(frequencies, kept):
    assert affordable(frequencies, postings=100) == kept


@pytest.mark.parametrize(
    ("query", "text", "share"),
    [
        pytest.param("the harbour crane fell", "A harbour crane fell over.", 1.0, id="all"),
        pytest.param("the harbour crane fell", "A crane fell in the harbour.", 0.5, id="one_of_two"),
        pytest.param("sieges of the city", "The siege of a city.", 1.0, id="inflected_over_stop_words"),
        pytest.param("crane harbour", "harbour crane", 0.0, id="the_order_counts"),
        pytest.param("crane", "crane", 0.0, id="a_single_word_is_no_pair"),
        pytest.param("it was the", "it was the", 0.0, id="stop_words_are_none"),
    ],
)
def test_pairs_of_words(query, text, share):
    assert shared_pairs(query, [text]) == [share]


@pytest.mark.parametrize(("chunks", "postings"), [(0, 1_200), (3_000, 1_200), (9_000, 3_000), (80_000, 20_000)])
def test_a_search_may_match_a_third_of_the_library_within_bounds(chunks, postings):
    assert postings_for(chunks) == postings


@pytest.mark.parametrize(
    "word",
    "happy happiness skies sky dying die lying ties relational relate sieges sieging gently only early news "
    "organization hopping hoping hope generate generously cries was 1,234 київ 東京".split(),
)
def test_a_word_starts_as_every_word_with_its_stem_does(word: str) -> None:
    assert word.startswith(beginning(stem(word)))


def test_pairs_are_found_though_their_words_end_otherwise() -> None:
    assert shared_pairs("dying skies happy", ["He died: sky, happiness.", "He died happy."]) == [1.0, 0.0]
