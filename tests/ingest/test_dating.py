"""What the ingest knows of time: the days that sentences name, counted from the article's day of publication."""

from __future__ import annotations

import pytest

from service.ingest.incoming import IncomingArticle

TEXT = "A crane fell on Friday. Another had fallen on 8 November.\n\nThe storm came a day later."


def crane(**fields):
    return IncomingArticle(**{"title": "Cranes", "text": TEXT, "origin": "cranes.txt", "id": "cranes", **fields})


@pytest.fixture
def days(desk):
    return lambda article_id="cranes": [m.interval.iso() for m in desk.library.article_dates(article_id).mentions]


def test_an_article_comes_in_with_its_dates(desk, days):
    desk.ingest(crane(published_at="2025-11-15"))
    assert days() == ["2025-11-14", "2025-11-08"]
    [chunk] = desk.library.article_chunks("cranes")
    assert [TEXT[m.start : m.end] for m in desk.library.chunk_dates([chunk.id])[chunk.id]] == ["Friday", "8 November"]


def test_without_a_day_of_publication_relative_words_stay_unknown(desk, days):
    desk.ingest(crane())
    assert days() == ["--11-08"]


def test_a_day_of_publication_that_comes_later_dates_them_without_embedding_again(desk, days):
    desk.ingest(crane())
    embedded = len(desk.embedder.calls)
    desk.ingest(crane(published_at="2025-11-15"))
    assert days() == ["2025-11-14", "2025-11-08"]
    assert len(desk.embedder.calls) == embedded


def test_a_copy_that_outlives_the_original_counts_from_its_own_publication(desk, days):
    desk.ingest(crane(published_at="2025-11-15"))
    desk.ingest(crane(id="copy", published_at="2025-11-22"))
    assert days("copy") == []
    desk.pipeline.delete("cranes")
    assert days("copy") == ["2025-11-21", "2025-11-08"]
