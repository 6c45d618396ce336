"""Hybrid retrieval: dense through the vector index, lexical through FTS5, fused, as Evidence."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import islice

from service.library.filtering import Scope
from service.library.library import Library
from service.library.likeness import StoredVectors
from service.library.moments import moments_of
from service.library.ports import Hit, VectorIndex
from service.models.ports import Embedder, Reranker, Vector
from service.retrieval.beside import Beside
from service.retrieval.collapsing import collapsed, spread, with_carriers
from service.retrieval.fusion import Candidate, FusedHit, fuse, with_pairs
from service.retrieval.reranking import reranked
from service.retrieval.sources import named_sources, preferred
from service.retrieval.terms import affordable, postings_for, query_terms, shared_pairs
from service.retrieval.timing import conflicting, in_time
from service.text.asked_dates import asked_dates
from service.text.dating import publication_day
from service.text.intervals import Interval
from service.types import Article, Chunk, Evidence, Filters, SearchResult

_POOL = 30
"""How many candidates each half contributes at least; with fifty or a hundred, hardly a claim in five sets fared
better."""
_PAIRED = 10
"""How many of the best, at least, have their words compared in pairs, which costs 0.05 ms each."""
_RERANKED = 30

_Embedded = Callable[[Iterator[object]], Vector]
"""Takes steps of other work while the vector is being computed, perhaps not all, and returns the vector."""


@dataclass(frozen=True, slots=True)
class _ByWords:
    """What the words of a query tell without its vector. By chunk id: bm25, and of the best their pairs of words."""

    scores: Mapping[str, float]
    vectors: StoredVectors
    chunks: dict[str, Chunk]
    pairs: dict[str, float]
    asked: Sequence[Interval]
    """The days that the query names."""
    out_of_time: frozenset[str]
    """Of the chunks those that, and whose article's main event, are of other days."""
    sources: Mapping[str, frozenset[str]]
    """The library's sources that the query names, each with the words that name it."""
    articles: Mapping[str, Article]
    """Those that the chunks are of, by id."""


class Retriever:
    """Searches one library. Safe to call from several threads."""

    def __init__(
        self, library: Library, index: VectorIndex, embedder: Embedder, reranker: Reranker | None = None
    ) -> None:
        self._library = library
        self._index = index
        self._embedder = embedder
        self._reranker = reranker
        self._beside = Beside("search-index")

    def search(self, query: str, k: int, filters: Filters) -> SearchResult:
        """The k best chunks for a query, best first. Raises IndexUnavailable when the vector store does not answer."""
        return self._search(query, partial(self._embedder.embed_query, query), k, filters)

    def search_and_vector(self, query: str, k: int, filters: Filters) -> tuple[SearchResult, Vector]:
        """The same, and the query's vector, shape (d,)."""
        made: list[Vector] = []

        def embedded(meanwhile: Iterator[object]) -> Vector:
            made.append(self._embedder.embed_query(query, meanwhile))
            return made[0]

        result = self._search(query, embedded, k, filters)
        return result, made[0] if made else self._embedder.embed_query(query)

    def search_vector(self, query: str, vector: Vector, k: int, filters: Filters) -> SearchResult:
        """The same, for a query whose vector, shape (d,), is at hand."""

        return self._search(query, lambda meanwhile: vector, k, filters)

    def pool(self, query: str, size: int) -> tuple[list[Candidate], dict[str, Chunk], frozenset[str]]:
        """What each half finds, at least `size` of it, unranked, the chunks, and which of them speak of other days.

        For those who measure ranking.
        """
        candidates, words = self._candidates(query, partial(self._embedder.embed_query, query), size, None, None)
        chunks = self._library.chunks([candidate.chunk_id for candidate in candidates])
        return candidates, chunks, self._out_of_time(words.asked, chunks)

    def _search(self, query: str, embedded: _Embedded, k: int, filters: Filters) -> SearchResult:
        with self._library.snapshot():
            return self._found(query, embedded, k, filters)

    def _found(self, query: str, embedded: _Embedded, k: int, filters: Filters) -> SearchResult:
        scope = self._library.scope(filters)
        if scope.searched is not None and not scope.searched:
            return SearchResult((), scope.excluded_undated)
        candidates, words = self._candidates(query, embedded, max(_POOL, 2 * k), scope.searched, filters.as_of)
        hits, chunks = self._ranked(query, candidates, words, k)
        carriers = self._from_named_sources(words.sources, hits, scope)
        current = self._current(preferred(hits, carriers), chunks, words.articles, k, partial(_shown, scope, carriers))
        evidence = list(islice(spread(collapsed(current), k), k))
        fellows = self._library.fellows({item.article.id for item in evidence})
        complete = with_carriers(evidence, fellows, scope, self._library.articles_by_id)
        return SearchResult(complete, scope.excluded_undated)

    def _from_named_sources(
        self, named: Mapping[str, frozenset[str]], hits: Sequence[FusedHit], scope: Scope
    ) -> dict[str, str]:
        """Of the hits those that an outlet carries which the query names: chunk id to the outlet's oldest article."""
        found = self._library.carried_by([hit.chunk_id for hit in hits], named) if named else {}
        passing = {chunk_id: [i for i in ids if scope.passes(i)] for chunk_id, ids in found.items()}
        return {chunk_id: ids[0] for chunk_id, ids in passing.items() if ids}

    def _lexical(self, query: str, pool: int, allowed: Sequence[str] | None) -> list[Hit]:
        frequencies = self._library.document_frequencies(query_terms(query))
        postings = postings_for(self._library.chunk_count())
        return self._library.lexical(affordable(frequencies, postings), pool, allowed)

    def _by_words(
        self, query: str, pool: int, allowed: Sequence[str] | None, as_of: str | None
    ) -> Generator[None, None, _ByWords]:
        """In steps of a millisecond or two, the longest first."""
        scores = {hit.chunk_id: hit.score for hit in self._lexical(query, pool, allowed)}
        yield
        vectors = self._library.stored_vectors(list(scores))
        yield
        chunks = self._library.chunks(list(scores)[:_PAIRED])
        yield
        pairs = _pairs(query, chunks)
        yield
        asked = _asked(query, as_of)
        return _ByWords(
            scores=scores,
            vectors=vectors,
            chunks=chunks,
            pairs=pairs,
            asked=asked,
            out_of_time=self._out_of_time(asked, chunks),
            sources=named_sources(query, self._library.sources()),
            articles=self._library.articles_by_id({chunk.article_id for chunk in chunks.values()}),
        )

    def _candidates(
        self, query: str, embedded: _Embedded, pool: int, searched: Sequence[str] | None, as_of: str | None
    ) -> tuple[list[Candidate], _ByWords]:
        """What either half found and the library holds. The index's cosine goes before that of the stored vector.

        What needs the words alone is done while the model computes, and what is left of it when the vector is there
        while the index is searched: both compute outside Python.
        """
        found: list[_ByWords] = []

        def by_words() -> Iterator[None]:
            found.append((yield from self._by_words(query, pool, searched, as_of)))

        work = by_words()
        vector = embedded(work)
        nearest = self._beside.begin(partial(self._index.query, vector, pool, searched))
        for _ in work:
            pass
        (words,) = found
        cosines = {hit.chunk_id: hit.score for hit in nearest()}
        others = self._library.stored_vectors([chunk_id for chunk_id in cosines if chunk_id not in words.scores])
        alike = words.vectors.likeness(vector) | others.likeness(vector)
        candidates = [
            Candidate(chunk_id, cosines.get(chunk_id, like.chunk), like.sentence, words.scores.get(chunk_id, 0.0))
            for chunk_id, like in alike.items()
        ]
        return candidates, words

    def _ranked(
        self, query: str, candidates: Sequence[Candidate], words: _ByWords, k: int
    ) -> tuple[list[FusedHit], dict[str, Chunk]]:
        """All candidates, best first, and the chunks that had to be read for it, at least the k best."""
        hits = fuse(candidates)
        best = [hit.chunk_id for hit in hits[: max(k, _PAIRED, _RERANKED if self._reranker else 0)]]
        more = self._library.chunks([chunk_id for chunk_id in best if chunk_id not in words.chunks])
        unpaired = {i: more[i] for i in best[:_PAIRED] if i in more}
        hits = with_pairs(hits, words.pairs | _pairs(query, unpaired))
        out_of_time = words.out_of_time | self._out_of_time(words.asked, more)
        chunks = words.chunks | more
        if out_of_time:
            hits = in_time(hits, out_of_time)
        if self._reranker is not None:
            known = [hit for hit in hits[:_RERANKED] if hit.chunk_id in chunks]
            others = [hit for hit in hits if hit.chunk_id not in {hit.chunk_id for hit in known}]
            reordered = reranked(self._reranker, query, known, [chunks[hit.chunk_id].text for hit in known])
            hits = sorted(reordered + others, key=lambda hit: -hit.score)
        return hits, chunks

    def _out_of_time(self, asked: Sequence[Interval], chunks: Mapping[str, Chunk]) -> frozenset[str]:
        """Of these chunks those that, and whose article's main event, are of other days than those asked about."""
        if not asked or not chunks:
            return frozenset()
        dates = self._library.chunk_dates(list(chunks))
        events = self._library.event_dates({chunk.article_id for chunk in chunks.values()})
        said = {
            i: [*(mention.interval for mention in dates.get(i, ())), *events.get(chunk.article_id, ())]
            for i, chunk in chunks.items()
        }
        return conflicting(asked, said)

    def _current(
        self,
        hits: Sequence[FusedHit],
        known: Mapping[str, Chunk],
        read: Mapping[str, Article],
        at_once: int,
        shown: Callable[[Chunk], str],
    ) -> Iterator[Evidence]:
        """The hits as evidence, read from the library so many at once.

        The index may still hold a chunk that the library has just replaced: the library is the truth, and the next
        hit takes the place of such a one. `shown`: which of the articles with the chunk's text is to be named.
        """
        for first in range(0, len(hits), max(1, at_once)):
            some = hits[first : first + max(1, at_once)]
            missing = [hit.chunk_id for hit in some if hit.chunk_id not in known]
            chunks = {**known, **self._library.chunks(missing)} if missing else known
            wanted = {shown(chunks[hit.chunk_id]) for hit in some if hit.chunk_id in chunks}
            unread = wanted.difference(read)
            articles = {**read, **self._library.articles_by_id(unread)} if unread else read
            for hit in some:
                chunk = chunks.get(hit.chunk_id)
                article = articles.get(shown(chunk)) if chunk else None
                if chunk and article and article.revision == chunk.revision:
                    yield Evidence(chunk, article, hit.score, hit.dense, hit.lexical)


def _pairs(query: str, chunks: Mapping[str, Chunk]) -> dict[str, float]:
    return dict(zip(chunks, shared_pairs(query, [chunk.text for chunk in chunks.values()]), strict=True))


def _shown(scope: Scope, carriers: Mapping[str, str], chunk: Chunk) -> str:
    return carriers.get(chunk.id) or scope.stands_for.get(chunk.article_id, chunk.article_id)


def _asked(query: str, as_of: str | None) -> list[Interval]:
    moments = moments_of(as_of)  # a month or a year, too, are moments to ask from: its last day
    today = (
        publication_day(as_of) or (datetime.fromtimestamp(moments.last, UTC) if moments else datetime.now(UTC)).date()
    )
    return [mention.interval for mention in asked_dates(query, today, pinned=as_of is not None)]
