"""Chunks: whole sentences, right offsets, sizes kept, headings with their text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.text.chunking import ChunkingOptions, chunk_article
from service.text.sentences import sentence_spans
from service.types import Article

SENTENCE = "The harbour of the old town was closed for the whole of the day."
PARAGRAPH = " ".join([SENTENCE] * 6)

_TEXTS = st.one_of(
    st.text(min_size=1, max_size=500),
    st.lists(
        st.sampled_from([SENTENCE, "Heading", "Short.", "\n", "\n\n", " ", "word " * 60, "x" * 400]), min_size=1
    ).map("".join),
)


def article(text: str) -> Article:
    return Article(
        id="a",
        title="A",
        text=text,
        raw_text=text,
        origin="a.txt",
        cleaner="1",
        ingested_at="2025-01-01T00:00:00+00:00",
    )


@given(_TEXTS.filter(lambda text: not any("\ud800" <= c <= "\udfff" for c in text)), st.integers(1, 900))
def test_every_sentence_is_in_one_chunk_and_chunks_slice_exactly(text: str, size: int) -> None:
    whole = article(text)
    options = ChunkingOptions(max_characters=size, min_characters=size // 4)
    chunks = chunk_article(whole, options)
    assert [span for chunk in chunks for span in chunk.sentences] == sentence_spans(text)
    assert [chunk.ordinal for chunk in chunks] == list(range(len(chunks)))
    position = 0
    for chunk in chunks:
        assert text[chunk.start : chunk.end] == chunk.text
        assert not text[position : chunk.start].strip()
        assert len(chunk.text) <= size or len(chunk.sentences) == 1
        assert (chunk.start, chunk.end) == (chunk.sentences[0].start, chunk.sentences[-1].end)
        position = chunk.end
    assert not text[position:].strip()


def test_chunks_end_where_paragraphs_end() -> None:
    text = "\n\n".join([PARAGRAPH] * 5)
    assert [chunk.text for chunk in chunk_article(article(text), ChunkingOptions(max_characters=600))] == [
        PARAGRAPH
    ] * 5


def test_a_heading_goes_with_what_follows_it() -> None:
    text = f"{PARAGRAPH}\n\nAfter the storm\n\n{PARAGRAPH}"
    first, second = chunk_article(article(text), ChunkingOptions(max_characters=len(PARAGRAPH) + 30))
    assert first.text == PARAGRAPH
    assert second.text.startswith("After the storm\n\n")


def test_a_heading_is_parted_from_a_sentence_it_does_not_fit_with() -> None:
    long_sentence = "word " * 50 + "end."
    chunks = chunk_article(article(f"Heading\n{long_sentence}"), ChunkingOptions(max_characters=200))
    assert [chunk.text for chunk in chunks] == ["Heading", long_sentence]


def test_no_tiny_tail_is_left_when_the_text_can_be_shared_out() -> None:
    text = " ".join([SENTENCE] * 15)
    chunks = chunk_article(article(text), ChunkingOptions(max_characters=900, min_characters=200))
    assert len(text) % 900 < 200
    assert min(len(chunk.text) for chunk in chunks) >= 200


def test_white_space_has_no_chunks() -> None:
    assert chunk_article(article(" \n ")) == []


def test_the_same_article_has_the_same_chunk_ids() -> None:
    assert [c.id for c in chunk_article(article(PARAGRAPH))] == [c.id for c in chunk_article(article(PARAGRAPH))]


@pytest.mark.parametrize(("largest", "smallest"), [(0, 0), (100, 200), (100, -1)])
def test_impossible_sizes_are_refused(largest: int, smallest: int) -> None:
    with pytest.raises(ValueError, match="chunk sizes need"):
        ChunkingOptions(max_characters=largest, min_characters=smallest)
