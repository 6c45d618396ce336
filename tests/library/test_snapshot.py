"""Reads inside a snapshot come from one state of the library."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from service.library.library import Library
from service.library.ports import IndexedArticle
from service.types import Article, Chunk, Span


def indexed(article_id: str, text: str) -> IndexedArticle:
    article = Article(article_id, article_id, text, text, "x.txt", "1", "2025-01-01T00:00:00+00:00")
    chunk = Chunk(article_id, article.revision, 0, 0, len(text), text, (Span(0, len(text)),))
    vector = np.ones((1, 4), dtype=np.float32) / 2
    return IndexedArticle(article, (chunk,), vector, (vector,))


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "library.sqlite")


def beside(work: object) -> None:
    thread = threading.Thread(target=work)  # type: ignore[arg-type]
    thread.start()
    thread.join(20)
    assert not thread.is_alive()


def test_what_another_thread_commits_meanwhile_is_not_seen_until_it_ends(library: Library) -> None:
    library.put([indexed("a", "The crane fell.")])
    with library.snapshot():
        assert library.chunk_count() == 1
        beside(lambda: library.put([indexed("b", "The crane stood.")]))
        assert library.article("b") is None
        assert library.document_frequencies(["crane"]) == {"crane": 1}
    assert library.article("b") is not None
    library.close()


def test_what_was_counted_inside_is_counted_anew_after_a_change(library: Library) -> None:
    library.put([indexed("a", "The crane fell.")])
    with library.snapshot():
        assert library.article("a") is not None  # from here on the state is fixed
        beside(lambda: library.put([indexed("b", "The crane stood.")]))
        assert library.document_frequencies(["crane"]) == {"crane": 1}
        assert library.chunk_count() == 1
    assert library.document_frequencies(["crane"]) == {"crane": 2}
    assert library.chunk_count() == 2
    library.close()


def test_a_snapshot_inside_a_snapshot_is_the_same_one(library: Library) -> None:
    with library.snapshot():
        assert library.article("a") is None
        with library.snapshot():
            beside(lambda: library.put([indexed("a", "The crane fell.")]))
            assert library.article("a") is None
        assert library.article("a") is None
    assert library.article("a") is not None
    library.close()


def test_an_error_inside_ends_it(library: Library) -> None:
    with pytest.raises(KeyError), library.snapshot():
        raise KeyError
    library.put([indexed("a", "The crane fell.")])
    assert library.article("a") is not None
    library.close()
