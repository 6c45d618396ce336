"""Articles in and out: revisions, metadata, pages, sizes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from service.errors import InputRejected, NotFound
from service.types import Span


def test_an_article_comes_back_as_it_was_put(library, make_article):
    indexed = make_article("a", "Rain fell.\n\nWind rose.", source="Wire", tags=("x", "ÿ"), published_at="2025-11-14")
    library.put([indexed])
    assert library.article("a") == indexed.article
    assert library.article_chunks("a") == list(indexed.chunks)
    assert library.chunks([c.id for c in indexed.chunks] + ["unknown"]) == {c.id: c for c in indexed.chunks}
    assert library.articles_by_id(["a", "b"]) == {"a": indexed.article}


def test_vectors_come_back_normalised_and_nearly_as_they_were(library, make_article):
    indexed = make_article("a", "Rain fell. Wind rose. Snow came.")
    library.put([indexed])
    [chunk] = indexed.chunks
    vector, sentences = library.chunk_vectors([chunk.id])[chunk.id], library.sentence_vectors([chunk.id])[chunk.id]
    assert vector.dtype == sentences.dtype == np.float32
    assert sentences.shape == indexed.sentence_vectors[0].shape
    assert np.linalg.norm(sentences, axis=1) == pytest.approx(1.0, abs=1e-6)
    assert float(vector @ indexed.chunk_vectors[0]) == pytest.approx(1.0, abs=1e-4)


def test_an_old_revision_is_still_readable_with_its_own_text(library, make_article):
    first, second = make_article("a", "Eight died."), make_article("a", "Nine died.", title="New title")
    library.put([first])
    library.put([second])
    old = library.article("a", first.article.revision)
    assert (old.text, old.revision) == ("Eight died.", first.article.revision)
    assert library.article("a") == second.article
    assert library.article_chunks("a") == list(second.chunks)
    assert library.size().revisions == 2
    assert library.article("a", "sha256:unknown") is None


def test_offsets_of_an_old_citation_still_slice_its_revision(library, make_article):
    first = make_article("a", "Über 430 Drohnen. 🚀 18 missiles.")
    quote = Span(18, 32)
    library.put([first])
    library.put([make_article("a", "Corrected.")])
    assert quote.of(library.article("a", first.article.revision).text) == quote.of(first.article.text)


def test_going_back_to_an_earlier_text_makes_it_current_again(library, make_article):
    for text in ("One.", "Two.", "One."):
        library.put([make_article("a", text)])
    assert library.article("a").text == "One."
    assert [chunk.text for chunk in library.article_chunks("a")] == ["One."]
    assert library.size().revisions == 2
    assert library.check() == []


def test_the_same_article_again_changes_nothing_and_tells_the_vector_store_nothing(library, make_article, settle_all):
    library.put([make_article()])
    settle_all(library)
    fingerprint = library.fingerprint()
    library.put([make_article()])
    assert library.pending(10) == []
    assert library.size().revisions == 1
    assert library.fingerprint() == fingerprint


def test_metadata_change_keeps_revision_chunks_and_the_moment_it_came_in(library, make_article, settle_all):
    library.put([make_article()])
    settle_all(library)
    library.update_metadata(make_article(title="Floods", source="Wire", ingested_at="2026-01-01T00:00:00Z").article)
    article = library.article("a")
    assert (article.title, article.source, article.ingested_at) == ("Floods", "Wire", "2025-11-20T12:00:00+00:00")
    assert library.pending(10) == []
    assert [hit.chunk_id for hit in library.lexical(["flood"], 5)] == [make_article().chunks[0].id]
    assert library.lexical(["title"], 5) == []
    assert library.check() == []


def test_metadata_of_a_text_that_is_not_the_current_one_is_refused(library, make_article):
    library.put([make_article("a", "New.")])
    with pytest.raises(NotFound):
        library.update_metadata(make_article("a", "Old.").article)
    with pytest.raises(NotFound):
        library.update_metadata(make_article("b", "New.").article)


def test_chunked_differently_the_same_revision_gets_its_new_chunks(library, make_article, settle_all):
    indexed = make_article("a", "Rain fell.\n\nWind rose.")
    library.put([indexed])
    settle_all(library)
    first, second = indexed.chunks
    kept = replace(indexed, chunks=(first,), chunk_vectors=indexed.chunk_vectors[:1])
    library.put([replace(kept, sentence_vectors=indexed.sentence_vectors[:1])])
    assert library.article_chunks("a") == [first]
    assert settle_all(library) == [("delete", second.id)]


def test_vectors_of_another_model_for_the_same_text_reach_the_vector_store(library, make_article, settle_all):
    indexed = make_article()
    library.put([indexed])
    settle_all(library)
    library.put([replace(indexed, chunk_vectors=-indexed.chunk_vectors)])
    assert settle_all(library) == [("upsert", indexed.chunks[0].id)]


def test_a_batch_is_stored_whole_or_not_at_all(library, make_article):
    with pytest.raises(NotFound):
        library.put([make_article("a"), make_article("b", "Rain.", duplicate_of="missing")])
    assert library.size().articles == 0
    assert library.pending(10) == []


def test_chunks_that_are_not_slices_of_their_article_are_refused(library, make_article):
    indexed = make_article("a", "Rain fell.")
    wrong = replace(indexed.chunks[0], text="Rain rose.")
    with pytest.raises(ValueError, match="is not what article a says there"):
        library.put([replace(indexed, chunks=(wrong,))])
    with pytest.raises(ValueError, match="differ in number"):
        library.put([replace(indexed, chunk_vectors=np.zeros((0, 16), dtype=np.float32))])


def test_deletion_removes_every_trace(library, make_article, settle_all):
    first, second = make_article("a", "Old words."), make_article("a", "New words.")
    library.put([first])
    library.put([second])
    settle_all(library)
    assert library.delete("a") == second.article
    assert library.article("a") is None
    assert library.article("a", first.article.revision) is None
    assert library.lexical(["words"], 5) == []
    assert settle_all(library) == [("delete", second.chunks[0].id)]
    assert (library.size().articles, library.size().chunks, library.size().revisions) == (0, 0, 0)
    assert library.delete("a") is None
    assert library.check() == []


def test_pages_walk_all_articles_once_while_articles_come_and_go(library, make_article):
    library.put([make_article(f"a{i}", f"Text {i}.") for i in range(7)])
    seen, cursor = [], None
    while True:
        page = library.articles(3, cursor)
        seen += [article.id for article in page.articles]
        if page.next_cursor is None:
            break
        cursor = page.next_cursor
        library.delete(seen[-1])
    assert seen == [f"a{i}" for i in range(7)]


def test_the_last_full_page_has_no_next_page(library, make_article):
    library.put([make_article(f"a{i}", f"Text {i}.") for i in range(4)])
    page = library.articles(2, library.articles(2).next_cursor)
    assert [article.id for article in page.articles] == ["a2", "a3"]
    assert page.next_cursor is None


@pytest.mark.parametrize("cursor", ["", "x", "====", "ÿ", "\ud800", "YWZ0ZXI6LTE", "a" * 5000])
def test_a_made_up_cursor_is_refused(library, cursor):
    with pytest.raises(InputRejected, match="cursor"):
        library.articles(5, cursor)


def test_the_fingerprint_depends_on_content_not_on_order_or_history(library, make_article, tmp_path):
    empty = library.fingerprint()
    library.put([make_article("a", "One."), make_article("b", "Two.")])
    both = library.fingerprint()
    library.put([make_article("a", "Three.")])
    assert library.fingerprint() != both
    library.delete("a")
    library.put([make_article("a", "One.")])
    assert library.fingerprint() == both
    library.delete("a")
    library.delete("b")
    assert library.fingerprint() == empty


def test_half_a_surrogate_pair_finds_nothing(library, make_article):
    library.put([make_article()])
    assert library.article("\udcff") is None
    assert library.delete("\udcff") is None
    assert library.carriers("\udcff") == ()
    assert library.articles_by_id(["\udcff"]) == {}
    assert library.chunks(["\udcff"]) == {}
    assert library.holder_of("\udcff") is None


def test_the_model_key_is_remembered(library):
    assert library.model_key() is None
    library.set_model_key("minilm-384-f32")
    library.set_model_key("other-8-f32")
    assert library.model_key() == "other-8-f32"


def test_more_ids_than_sqlite_has_variables(library, make_article):
    indexed = make_article()
    library.put([indexed])
    ids = [f"chk_{i}" for i in range(40_000)] + [indexed.chunks[0].id]
    assert list(library.chunks(ids)) == [indexed.chunks[0].id]


def test_the_number_of_chunks_is_todays(library, make_article):
    counts = [library.chunk_count()]
    library.put([make_article("a", "Rain fell."), make_article("b", "Wind rose.")])
    counts.append(library.chunk_count())
    library.delete("a")
    counts.append(library.chunk_count())
    assert counts == [0, 2, 1]
