"""The days that sentences name are stored with their chunks, and follow what the article says of itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.text.dating import ArticleDates, ArticleDating
from service.text.intervals import DateMention

TEXT = "A crane fell on Friday. It was new.\n\nOne fell on 08/11/2025. Closed since May 2024."
FRIDAY, SATURDAY = "2025-11-14", "2025-11-15"


@pytest.fixture
def dated(make_article):
    """An article with its dates, as the ingest makes it."""

    def make(article_id="a", text=TEXT, **fields):
        indexed = make_article(article_id, text, **fields)
        spans = [span for chunk in indexed.chunks for span in chunk.sentences]
        article = indexed.article
        dates = ArticleDating(article.title, text, spans, article.published_at).all()
        return replace(indexed, dates=dates)

    return make


def isos(mentions):
    return [m.interval.iso() for m in mentions]


def test_they_are_kept_by_chunk_with_their_spans(library, dated):
    indexed = dated(published_at=SATURDAY)
    library.put([indexed])
    [first, second] = [chunk.id for chunk in indexed.chunks]
    found = library.chunk_dates([first, second, "unknown"])
    assert isos(found[first]) == [FRIDAY]
    assert isos(found[second]) == ["2025-08-11", "2025-11-08", "2024-05-01/.."]
    assert [TEXT[m.start : m.end] for m in found[second]] == ["08/11/2025", "08/11/2025", "May 2024"]
    assert library.article_dates("a") == indexed.dates
    assert [m.kind for m in library.article_dates("a").mentions] == ["relative", "absolute", "absolute", "absolute"]
    assert [i.iso() for i in library.event_dates(["a"])["a"]] == [FRIDAY]


def test_without_publication_a_weekday_is_no_day(library, dated):
    library.put([dated()])
    assert isos(library.article_dates("a").mentions) == ["2025-08-11", "2025-11-08", "2024-05-01/.."]
    assert library.event_dates(["a"]) == {}


def test_a_new_date_of_publication_moves_what_counts_from_it(library, dated):
    library.put([dated(published_at=SATURDAY)])
    library.update_metadata(dated(published_at="2025-11-22").article)
    assert library.article_dates("a") == dated(published_at="2025-11-22").dates
    assert isos(library.article_dates("a").mentions)[0] == "2025-11-21"


def test_a_new_revision_leaves_none_of_the_old(library, dated):
    library.put([dated(published_at=SATURDAY)])
    library.put([dated(text="A crane fell on 9 May 2024.", published_at=SATURDAY)])
    assert isos(library.article_dates("a").mentions) == ["2024-05-09"]


def test_they_go_with_the_article(library, dated):
    indexed = dated(published_at=SATURDAY)
    library.put([indexed])
    library.delete("a")
    assert library.chunk_dates([chunk.id for chunk in indexed.chunks]) == {}
    assert library.check() == []


def test_a_copy_that_takes_over_counts_from_its_own_publication(library, dated):
    library.put([dated("original", published_at=SATURDAY)])
    library.put([dated("copy", published_at="2025-11-22", duplicate_of="original")])
    assert library.article_dates("copy") == ArticleDates()
    library.delete("original")
    assert library.article_dates("copy") == dated("copy", published_at="2025-11-22").dates


def test_a_date_outside_the_chunks_is_refused(library, dated):
    indexed = dated()
    [mention] = indexed.dates.mentions[:1]
    outside = DateMention(len(TEXT), len(TEXT) + 4, mention.interval)
    with pytest.raises(ValueError, match="none of its chunks"):
        library.put([replace(indexed, dates=ArticleDates((outside,)))])
    assert library.size().articles == 0
