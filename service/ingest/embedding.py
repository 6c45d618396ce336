"""Vectors for chunks of many articles at once, so that one bad article does not take the others down."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from service.errors import GroundwireError, InputRejected
from service.ingest.shown import one_line
from service.library.ports import IndexedArticle
from service.models.ports import ChunkText, ChunkVectors, Embedder
from service.types import Article, Chunk, Span

CHUNKS_AT_ONCE = 64
"""Chunks in one call of the embedder and, about, in one commit: a second or two of work on two cores, so that progress
moves and an interrupt loses little, while the fixed cost of a call and of a commit stays small beside it."""

Prepared = tuple[Article, Sequence[Chunk]]


def index_articles(
    embedder: Embedder, prepared: Sequence[Prepared], embedded: Callable[[int], None]
) -> list[IndexedArticle | InputRejected]:
    """One result for each, in order; InputRejected for an article that the embedder fails on.

    What groundwire raises on purpose (no weights, say) is not about one article, and passes through. `embedded` is told
    how many chunks each call has done; chunks that are done again, one article at a time, are not told twice.
    """
    chunks = [chunk for _, of_article in prepared for chunk in of_article]
    try:
        vectors = iter(_vectors(embedder, chunks, embedded))
        return [_indexed(article, of_article, [next(vectors) for _ in of_article]) for article, of_article in prepared]
    except Exception as error:
        if _is_general(error):
            raise
    return [_index_alone(embedder, article, of_article) for article, of_article in prepared]


def _index_alone(embedder: Embedder, article: Article, chunks: Sequence[Chunk]) -> IndexedArticle | InputRejected:
    try:
        return _indexed(article, chunks, list(_vectors(embedder, chunks, lambda done: None)))
    except Exception as error:
        if _is_general(error):
            raise
        return InputRejected(f"could not be embedded ({one_line(error)}): split it or shorten it, the rest goes on")


def _is_general(error: Exception) -> bool:
    return isinstance(error, GroundwireError) and not isinstance(error, InputRejected)


def _vectors(embedder: Embedder, chunks: Sequence[Chunk], embedded: Callable[[int], None]) -> Iterable[ChunkVectors]:
    for start in range(0, len(chunks), CHUNKS_AT_ONCE):
        part = chunks[start : start + CHUNKS_AT_ONCE]
        made = embedder.embed_chunks([_chunk_text(chunk) for chunk in part])
        if len(made) != len(part):
            raise ValueError(f"the embedder returned {len(made)} vectors for {len(part)} chunks")
        embedded(len(part))
        yield from made


def _chunk_text(chunk: Chunk) -> ChunkText:
    sentences = tuple(Span(s.start - chunk.start, s.end - chunk.start) for s in chunk.sentences)
    return ChunkText(chunk.text, sentences)


def _indexed(article: Article, chunks: Sequence[Chunk], vectors: Sequence[ChunkVectors]) -> IndexedArticle:
    for chunk, made in zip(chunks, vectors, strict=True):
        if made.sentences.shape != (len(chunk.sentences), len(made.chunk)) or not np.isfinite(made.chunk).all():
            raise ValueError(f"the embedder returned unusable vectors for characters {chunk.start} to {chunk.end}")
    empty = np.zeros((0, 0), dtype=np.float32)  # for a copy; asking for the dimension would load the model
    return IndexedArticle(
        article=article,
        chunks=tuple(chunks),
        chunk_vectors=np.stack([made.chunk for made in vectors]) if vectors else empty,
        sentence_vectors=tuple(made.sentences for made in vectors),
    )
