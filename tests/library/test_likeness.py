"""How like a query the chunks are."""

from __future__ import annotations

import numpy as np
import pytest


@pytest.fixture
def filled(library, make_article):
    library.put(
        [
            make_article("short", "The crane fell."),
            make_article("long", "The orchard lost trees. A crane was seen. Nobody was hurt."),
        ]
    )
    return library


def test_a_chunk_is_as_like_as_its_vector_and_its_nearest_sentence(filled):
    ids = sorted(filled.all_chunk_ids())
    vectors, sentences = filled.chunk_vectors(ids), filled.sentence_vectors(ids)
    query = sentences[ids[0]][-1]
    found = filled.stored_vectors(ids).likeness(query)
    assert set(found) == set(ids)
    for chunk_id in ids:
        assert found[chunk_id].chunk == pytest.approx(float(vectors[chunk_id] @ query), abs=2e-3)
        assert found[chunk_id].sentence == pytest.approx(float(np.max(sentences[chunk_id] @ query)), abs=2e-3)
    assert found[ids[0]].sentence == pytest.approx(1.0, abs=2e-3)


def test_chunks_that_the_library_does_not_hold_are_left_out(filled):
    (known, *_) = filled.all_chunk_ids()
    query = filled.chunk_vectors([known])[known]
    assert set(filled.stored_vectors([known, "chk_unknown"]).likeness(query)) == {known}
    assert filled.stored_vectors(["chk_unknown"]).likeness(query) == {}
