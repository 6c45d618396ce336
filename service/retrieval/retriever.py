"""Hybrid retrieval: dense through the vector index, lexical through FTS5, fused, as Evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from service.library.library import Library
from service.library.ports import VectorIndex
from service.models.ports import Embedder, Vector
from service.retrieval.fusion import FusedHit, fuse
from service.text.words import is_stop_word, tokens
from service.types import Evidence, Filters, SearchResult

_POOL = 50
"""How many candidates each half contributes at least: below that, fusion has too little to work with."""


class Retriever:
    """Searches one library. Safe to call from several threads."""

    def __init__(self, library: Library, index: VectorIndex, embedder: Embedder) -> None:
        self._library = library
        self._index = index
        self._embedder = embedder

    def search(self, query: str, k: int, filters: Filters) -> SearchResult:
        """The k best chunks for a query, best first. Raises IndexUnavailable when the vector store does not answer."""
        return self.search_vector(query, self._embedder.embed_query(query), k, filters)

    def search_vector(self, query: str, vector: Vector, k: int, filters: Filters) -> SearchResult:
        """The same, for a query whose vector, shape (d,), is at hand."""
        allowed, excluded_undated = self._library.allowed_articles(filters)
        if allowed is not None and not allowed:
            return SearchResult((), excluded_undated)
        pool = max(_POOL, 2 * k)
        dense = {hit.chunk_id: hit.score for hit in self._index.query(vector, pool, allowed)}
        lexical = {hit.chunk_id: hit.score for hit in self._library.lexical(query_terms(query), pool, allowed)}
        dense |= self._similarities(vector, [chunk_id for chunk_id in lexical if chunk_id not in dense])
        hits = fuse(dense, lexical, len(dense) + len(lexical))
        return SearchResult(tuple(islice(self._current(hits, k), k)), excluded_undated)

    def _current(self, hits: Sequence[FusedHit], at_once: int) -> Iterator[Evidence]:
        """The hits as evidence, read from the library so many at once.

        The index may still hold a chunk that the library has just replaced: the library is the truth, and the next
        hit takes the place of such a one.
        """
        for first in range(0, len(hits), max(1, at_once)):
            some = hits[first : first + max(1, at_once)]
            chunks = self._library.chunks([hit.chunk_id for hit in some])
            articles = self._library.articles_by_id({chunk.article_id for chunk in chunks.values()})
            for hit in some:
                chunk = chunks.get(hit.chunk_id)
                article = articles.get(chunk.article_id) if chunk else None
                if chunk and article and article.revision == chunk.revision:
                    yield Evidence(chunk, article, hit.score, hit.dense, hit.lexical)

    def _similarities(self, vector: Vector, chunk_ids: Sequence[str]) -> dict[str, float]:
        vectors = self._library.chunk_vectors(chunk_ids) if chunk_ids else {}
        return {chunk_id: float(vector @ other) for chunk_id, other in vectors.items()}


def query_terms(query: str) -> list[str]:
    """The words of a query worth looking up: no stop words, each once, in order; all of them if only such are left."""
    words = list(dict.fromkeys(token.lower for token in tokens(query)))
    return [word for word in words if not is_stop_word(word)] or words
