"""Outlets that a question names."""

from __future__ import annotations

import pytest

from service.retrieval.fusion import FusedHit
from service.retrieval.sources import named_sources, preferred

KNOWN = [
    "reuters", "the guardian", "bbc news", "time", "the independent", "the kyiv independent", "associated press",
    "npr.org", "theverge.com", "ukrainian service", "cbs news",
]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "named"),
    [
        pytest.param("According to Reuters, how many drones were shot down?", {"reuters"}, id="according_to"),
        pytest.param("What did the Guardian report about the lock?", {"the guardian"}, id="did_report"),
        pytest.param("what did the guardian report about the lock?", {"the guardian"}, id="no_capitals"),
        pytest.param("BBC says the lock was closed", {"bbc news"}, id="short_form"),
        pytest.param("What does bbc.co.uk say of the lock?", {"bbc news"}, id="domain_for_a_name"),
        pytest.param("What did NPR hear?", {"npr.org"}, id="name_for_a_domain"),
        pytest.param("What did The Verge write?", {"theverge.com"}, id="domain_without_a_space"),
        pytest.param("What is the Guardian's coverage of the lock?", {"the guardian"}, id="possessive"),
        pytest.param("Did AP confirm it?", {"associated press"}, id="initials"),
        pytest.param("Did the Kyiv Independent confirm it?", {"the kyiv independent"}, id="not_the_shorter_name_in_it"),
        pytest.param("What did Reuters and the BBC report?", {"reuters", "bbc news"}, id="two"),
        pytest.param("How long was the time in the lock?", set(), id="a_plain_word"),
        pytest.param("Which independent experts said so?", set(), id="a_plain_word_before_a_verb_of_saying"),
        pytest.param("Who is the guardian of the boy that Anna described?", set(), id="a_person"),
        pytest.param("What did the US say?", set(), id="a_country_that_looks_like_initials"),
        pytest.param("What did Bloomberg report?", set(), id="not_in_the_library"),
        pytest.param("", set(), id="nothing"),
        pytest.param("?!", set(), id="no_words"),
    ],
)
def test_named_sources(query, named):
    assert set(named_sources(query, KNOWN)) == named


def test_a_preferred_chunk_passes_what_fits_about_as_well_and_not_what_fits_far_better():
    hits = [FusedHit("far", 1.0, 1, 1), FusedHit("near", 0.7, 1, 1), FusedHit("outlet", 0.6, 1, 1)]
    ranked = preferred(hits, {"outlet"})
    assert [hit.chunk_id for hit in ranked] == ["far", "outlet", "near"]
    assert [hit.score for hit in ranked] == sorted((hit.score for hit in ranked), reverse=True)
    assert all(0 <= hit.score <= 1 for hit in ranked)


def test_without_a_preferred_chunk_nothing_changes():
    hits = [FusedHit("b", 0.7, 1, 1), FusedHit("a", 0.7, 1, 1)]
    assert preferred(hits, {"elsewhere"}) == hits
