"""The vector store follows the library."""

from __future__ import annotations

import pytest

from service.library.memory import InMemoryVectorIndex
from service.library.reconciler import Reconciler


@pytest.fixture
def index():
    return InMemoryVectorIndex()


def test_drain_sends_what_changed_and_says_how_much(library, make_article, index):
    reconciler = Reconciler(library, index)
    library.put([make_article("a", "One.\n\nTwo."), make_article("b", "Three.")])
    assert reconciler.drain() == 3
    assert index.ids() == library.all_chunk_ids()
    assert reconciler.drain() == 0
    library.delete("a")
    assert reconciler.drain() == 2
    assert index.ids() == library.all_chunk_ids()


def test_a_chunk_that_came_and_went_before_the_drain_is_not_there(library, make_article, index):
    library.put([make_article("a", "One.")])
    library.delete("a")
    Reconciler(library, index).drain()
    assert index.ids() == set()


def test_a_chunk_that_went_and_came_back_before_the_drain_is_there(library, make_article, index):
    reconciler = Reconciler(library, index)
    library.put([make_article("a", "One.")])
    reconciler.drain()
    library.put([make_article("a", "Two.")])
    library.put([make_article("a", "One.")])
    reconciler.drain()
    assert index.ids() == {make_article("a", "One.").chunks[0].id}


def test_many_batches(library, make_article, index):
    library.put([make_article(f"a{i}", f"Text {i}.\n\nMore {i}.") for i in range(300)])
    assert Reconciler(library, index).drain() == 600
    assert index.ids() == library.all_chunk_ids()


def test_verify_names_missing_and_surplus_but_not_pending_chunks(library, make_article, index):
    reconciler = Reconciler(library, index)
    library.put([make_article("a", "One.\n\nTwo."), make_article("b", "Three.")])
    assert reconciler.verify() == []
    reconciler.drain()
    assert reconciler.verify() == []
    [record, *_] = library.vector_records(sorted(library.all_chunk_ids()))
    index.delete([record.chunk_id])
    assert "lacks 1 of 3" in reconciler.verify()[0]
    index.reset()
    index.upsert([type(record)("chk_other", "x", record.vector)])
    assert len(reconciler.verify()) == 2


def test_rebuild_fills_an_emptied_store_and_clears_a_polluted_one(library, make_article, index):
    reconciler = Reconciler(library, index)
    library.put([make_article("a", "One.\n\nTwo.")])
    reconciler.drain()
    [record, _] = library.vector_records(sorted(library.all_chunk_ids()))
    index.reset()
    index.upsert([type(record)("chk_other", "x", record.vector)])
    assert reconciler.rebuild() == 2
    assert index.ids() == library.all_chunk_ids()
    assert reconciler.verify() == []


def test_a_promoted_copy_reaches_the_vector_store_under_its_own_id(library, make_article, index):
    reconciler = Reconciler(library, index)
    library.put([make_article("a", "One."), make_article("b", "One.", duplicate_of="a")])
    reconciler.drain()
    library.delete("a")
    reconciler.drain()
    [hit] = index.query(make_article("b", "One.").chunk_vectors[0], 5, ["b"])
    assert hit.chunk_id == library.article_chunks("b")[0].id
    assert index.count() == 1
