"""Exact copies carry another article's text: no chunks of their own, and nothing is lost when the original goes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from service.errors import NotFound
from service.library.copies import Holder
from service.types import Carrier

TEXT = "Rain fell.\n\nWind rose."


@pytest.fixture
def with_copies(library, make_article, settle_all):
    library.put([make_article("original", TEXT, title="Storm")])
    library.put([make_article("copy1", TEXT, title="Gale", duplicate_of="original", source="Wire", url="https://w/1")])
    library.put([make_article("copy2", TEXT, title="Squall", duplicate_of="original")])
    settle_all(library)
    return library


def test_copies_are_carriers_without_chunks(with_copies):
    assert with_copies.carriers("original") == (Carrier("copy1", "Wire", "https://w/1"), Carrier("copy2", None, None))
    assert with_copies.article_chunks("copy1") == []
    assert with_copies.holder_of(with_copies.article("copy1").revision) == Holder("original", "original")
    assert (with_copies.size().articles, with_copies.size().copies, with_copies.size().chunks) == (3, 2, 2)
    assert with_copies.check() == []


def test_deleting_the_original_promotes_the_oldest_copy(with_copies, make_article, settle_all):
    before = with_copies.article_chunks("original")
    vectors = with_copies.sentence_vectors([chunk.id for chunk in before])
    with_copies.delete("original")

    expected = make_article("copy1", TEXT, title="Gale").chunks
    assert with_copies.article_chunks("copy1") == list(expected)
    assert with_copies.article("copy1").duplicate_of is None
    assert with_copies.article("copy2").duplicate_of == "copy1"
    for old, new in zip(before, expected, strict=True):
        assert np.array_equal(with_copies.sentence_vectors([new.id])[new.id], vectors[old.id])
    changes = settle_all(with_copies)
    assert sorted(changes) == sorted([("delete", c.id) for c in before] + [("upsert", c.id) for c in expected])
    assert with_copies.check() == []


def test_a_promoted_copy_is_found_by_its_own_title(with_copies):
    with_copies.delete("original")
    [first, second] = with_copies.article_chunks("copy1")
    assert {hit.chunk_id for hit in with_copies.lexical(["gale"], 5)} == {first.id, second.id}
    assert with_copies.lexical(["storm"], 5) == []


def test_deleting_a_copy_leaves_the_original(with_copies, settle_all):
    with_copies.delete("copy1")
    assert [c.article_id for c in with_copies.carriers("original")] == ["copy2"]
    assert len(with_copies.article_chunks("original")) == 2
    assert settle_all(with_copies) == []


def test_an_original_that_changes_its_text_leaves_the_old_one_to_its_copies(with_copies, make_article):
    with_copies.put([make_article("original", "Corrected.")])
    assert with_copies.article("copy1").duplicate_of is None
    assert [chunk.text for chunk in with_copies.article_chunks("copy1")] == ["Rain fell.", "Wind rose."]
    assert [chunk.text for chunk in with_copies.article_chunks("original")] == ["Corrected."]
    assert [c.article_id for c in with_copies.carriers("copy1")] == ["copy2"]
    assert with_copies.check() == []


def test_a_copy_that_changes_its_text_becomes_an_article_of_its_own(with_copies, make_article):
    with_copies.put([make_article("copy1", "Other news.")])
    assert with_copies.article("copy1").duplicate_of is None
    assert [chunk.text for chunk in with_copies.article_chunks("copy1")] == ["Other news."]
    assert with_copies.check() == []


def test_an_article_that_becomes_a_copy_gives_up_its_chunks(with_copies, make_article, settle_all):
    with_copies.put([make_article("late", "Own words.")])
    own = with_copies.article_chunks("late")
    settle_all(with_copies)
    with_copies.put([make_article("late", TEXT, duplicate_of="original")])
    assert settle_all(with_copies) == [("delete", own[0].id)]
    assert with_copies.check() == []


def test_a_copy_of_a_copy_points_to_the_original(with_copies, make_article):
    with_copies.put([make_article("copy3", TEXT, duplicate_of="copy2")])
    assert with_copies.article("copy3").duplicate_of == "original"


def test_new_metadata_does_not_make_a_copy_an_original(with_copies, make_article):
    with_copies.update_metadata(make_article("copy1", TEXT, title="Renamed").article)
    assert with_copies.article("copy1").duplicate_of == "original"
    assert with_copies.check() == []


@pytest.mark.parametrize("original", ["gone", "changed", "copy1"])
def test_a_copy_whose_original_is_no_longer_that_is_refused(library, make_article, original):
    library.put([make_article("changed", "Other text.")])
    with pytest.raises(NotFound, match="ingest it again"):
        library.put([make_article("copy1", TEXT, duplicate_of=original)])


def test_an_exact_copy_with_chunks_is_refused(library, make_article):
    indexed = make_article("b", TEXT)
    copy = replace(indexed.article, duplicate_of="a")
    library.put([make_article("a", TEXT)])
    with pytest.raises(ValueError, match="is an exact copy"):
        library.put([replace(indexed, article=copy)])
