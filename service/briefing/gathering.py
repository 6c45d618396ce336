"""All that the library has on a topic: its articles, their sentences with the stored vectors, and how near each is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from service.grounding.context import ArticleContext
from service.library.library import Library
from service.library.ports import Vector
from service.models.ports import Embedder
from service.retrieval.retriever import Retriever
from service.retrieval.terms import query_terms
from service.types import Article, Evidence, Filters

_FIRST, _GROWTH, _MOST_CHUNKS = 64, 4, 4_096
_MOST_ARTICLES = 3_000
_NEAR = 0.5
"""The cosine of an article's best sentence with the topic from which on it is on the topic, whatever its words."""
_RELATED = 0.3
"""The same where the article has the topic's words, by weight at least this share of them:"""
_SHARE = 0.6
_NAMED = 0.18
"""The same where it has all of the words: a word may stand in an article that is about something else."""


@dataclass(frozen=True, eq=False, slots=True)
class OnTopic:
    """An article on the topic. `vectors` (sentences, d) and `relevance` (sentences,) are in the context's order."""

    context: ArticleContext
    vectors: Vector
    relevance: Vector
    share: float
    """Of the topic's words, by weight, those that it has: 0..1."""

    @property
    def article(self) -> Article:
        return self.context.article

    @property
    def story(self) -> str:
        """The original of the article and of its copies."""
        return self.article.story

    @property
    def nearness(self) -> float:
        return float(self.relevance.max()) if len(self.relevance) else 0.0


@dataclass(frozen=True, eq=False, slots=True)
class Gathered:
    """What there is on a topic, the nearest article first. `evidence`: of the first search, for the receipt.

    `others`: the nearest articles of those that are not on the topic.
    """

    articles: tuple[OnTopic, ...]
    evidence: tuple[Evidence, ...]
    others: tuple[Article, ...]


class Gatherer:
    """Safe to call from several threads."""

    def __init__(self, library: Library, retriever: Retriever, embedder: Embedder) -> None:
        self._library = library
        self._retriever = retriever
        self._embedder = embedder

    def gather(self, topic: str, filters: Filters) -> Gathered:
        """Raises IndexUnavailable, ModelUnavailable."""
        vector = self._embedder.embed_query(topic)
        with self._library.snapshot():
            shares = self._shares(topic, self._library.scope(filters).searched)
            found = first = self._retriever.search_vector(topic, vector, _FIRST, filters).evidence
            k = _FIRST
            while len(found) >= k and k < _MOST_CHUNKS and self._any_near(found[-k // 4 :], shares):
                k = min(k * _GROWTH, _MOST_CHUNKS)
                found = self._retriever.search_vector(topic, vector, k, filters).evidence
            articles = list({item.article.id: item.article for item in found}.values())[:_MOST_ARTICLES]
            read = self.read(articles, vector, shares)
        near = [one for one in read if _is_on_topic(one)]
        kept = {one.article.id for one in near}
        others = tuple(one.article for one in read if one.article.id not in kept)
        near.sort(key=lambda one: (-(one.nearness + one.share), one.article.id))
        return Gathered(tuple(near), first, others)

    def read(
        self, articles: Iterable[Article], vector: Vector | None, shares: Mapping[str, float] | None = None
    ) -> list[OnTopic]:
        """The articles with their sentences; one without sentences is left out. `vector`: the topic's, shape (d,)."""
        read = []
        for article in articles:
            holder = article.id
            chunks = self._library.article_chunks(holder)
            if not chunks and (owner := self._library.holder_of(article.revision)) is not None:
                holder = owner.id
                chunks = self._library.article_chunks(holder)
            stored = self._library.sentence_vectors([chunk.id for chunk in chunks])
            if not chunks or len(stored) < len(chunks):
                continue
            dates = self._library.article_dates(article.id) if holder == article.id else None
            spans = [span for chunk in chunks for span in chunk.sentences]
            vectors = np.concatenate([stored[chunk.id] for chunk in chunks])
            share = (shares or {}).get(holder, 0.0)
            relevance = np.zeros(len(vectors), np.float32) if vector is None else vectors @ vector
            read.append(OnTopic(ArticleContext(article, spans, dates), vectors, relevance, share))
        return read

    def _any_near(self, evidence: Sequence[Evidence], shares: dict[str, float]) -> bool:
        return any(item.dense >= _RELATED or shares.get(item.chunk.article_id, 0.0) >= _SHARE for item in evidence)

    def _shares(self, topic: str, searched: Sequence[str] | None) -> dict[str, float]:
        """By article id the weight of the topic's words that stand in it, of the weight of all of them.

        `searched`: the articles whose chunks are looked through, `None`: all. An exact copy's are another article's.
        """
        terms = query_terms(topic)
        frequencies = self._library.document_frequencies(terms)
        chunks = max(1, self._library.chunk_count())
        weights = {term: math.log(1 + chunks / (1 + frequencies.get(term, 0))) for term in terms}
        whole = sum(weights.values())
        shares: dict[str, float] = {}
        for term in terms:
            hits = self._library.lexical([term], _MOST_CHUNKS, searched) if frequencies.get(term) else []
            chunk_articles = {c.article_id for c in self._library.chunks([hit.chunk_id for hit in hits]).values()}
            for article_id in chunk_articles:
                shares[article_id] = shares.get(article_id, 0.0) + weights[term] / whole
        return shares


def _is_on_topic(one: OnTopic) -> bool:
    if one.nearness >= _NEAR:
        return True
    return (one.share >= _SHARE and one.nearness >= _RELATED) or (one.share > 0.999 and one.nearness >= _NAMED)
