"""How search time grows with the library: `python -m eval.bench.scale [--chunks 1000 10000 80000] [--articles FILE]`.

Synthetic articles of ten chunks: words of the shipped articles, and made-up ones beyond them, drawn by Zipf's law, or
with --articles the chunks of a file of JSON lines dealt anew; unit vectors scattered about topics. Nothing is embedded:
articles go straight into the library and from there to Chroma in this process. Prints p50 and p95 in milliseconds for
each size: of the words' half, the vectors' half, the reading of candidates and of articles, and of a whole search
without the embedding of its query; every query is a new one, of nine to fifteen words. With --json also writes them to
a file.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from statistics import quantiles
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from eval.bench.peers.machine import Machine
from eval.corpus import SEEDS, WORLD
from service.errors import GroundwireError, InputRejected
from service.ingest.incoming import IncomingArticle, ReadingOptions
from service.ingest.readers import read_paths
from service.library.chroma import ChromaVectorIndex
from service.library.library import Library
from service.library.ports import IndexedArticle, Vector, VectorIndex
from service.library.reconciler import Reconciler
from service.models.hashing import HashingEmbedder
from service.retrieval.retriever import Retriever
from service.retrieval.terms import affordable, postings_for, query_terms
from service.text.chunking import chunk_article
from service.text.words import STOP_WORDS
from service.types import Article, Chunk, Filters, IngestFailure, Span

_DIMENSION = 384
_CHUNKS_AN_ARTICLE = 10
_SENTENCES = 7
_WORDS_A_SENTENCE = 21
"""With the sentences, some 150 words a chunk: what 900 characters of news hold."""
_VOCABULARY = 60_000
_TOPICS = 400
_ARTICLES_AT_ONCE = 50
_QUERIES = 150
_POOL = 30
_STAGES = ("words", "vectors", "candidates", "articles", "search")


@dataclass(frozen=True, slots=True)
class Query:
    text: str
    vector: Vector


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds."""

    stage: str
    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Size:
    chunks: int
    timings: tuple[Timing, ...]


class Synthetic:
    """Endless articles, always the same ones, and queries cut from them."""

    def __init__(self, texts: Sequence[str], deal_whole: bool, first: int = 0) -> None:
        """`texts`: the articles to take words from, or, with `deal_whole`, the chunks to deal. `first`: made before."""
        self._random = np.random.default_rng([20251114, first])
        self._texts = list(texts) if deal_whole else []
        self._words = np.array(_vocabulary(texts))
        weights = 1.0 / (np.arange(len(self._words)) + 2.7)
        self._cumulative = np.cumsum(weights / weights.sum())
        self._topics = self._random.standard_normal((_TOPICS, _DIMENSION))
        self._made = first

    def article(self) -> IndexedArticle:
        self._made += 1
        passages = [self._passage() for _ in range(_CHUNKS_AN_ARTICLE)]
        text = "\n\n".join(" ".join(sentences) for sentences in passages)
        article = Article(
            id=f"item-{self._made}",
            title=" ".join(self._drawn(8)),
            text=text,
            raw_text=text,
            origin=f"item-{self._made}.txt",
            cleaner="synthetic",
            ingested_at="2025-11-20T12:00:00+00:00",
        )
        chunks = tuple(_chunks(article, passages))
        topic = self._topics[self._random.integers(_TOPICS)]
        vectors = self._near(topic, len(chunks), 1.0)
        return IndexedArticle(
            article,
            chunks,
            vectors,
            tuple(self._near(v * 20, len(c.sentences), 1.0) for v, c in zip(vectors, chunks, strict=True)),
        )

    def queries(self, library: Library, count: int) -> list[Query]:
        """Each of consecutive words of a chunk, and a vector near its own."""
        ids = sorted(library.all_chunk_ids())
        ids = [ids[place] for place in self._random.permutation(len(ids))[:count]]
        chunks, vectors = library.chunks(ids), library.chunk_vectors(ids)
        return [Query(self._cut(chunks[i].text.split()), self._near(vectors[i] * 20, 1, 1.0)[0]) for i in ids]

    def _cut(self, words: Sequence[str]) -> str:
        length = int(self._random.integers(9, 16))
        start = int(self._random.integers(max(1, len(words) - length)))
        return " ".join(words[start : start + length])

    def _passage(self) -> list[str]:
        if self._texts:
            return [self._texts[int(self._random.integers(len(self._texts)))]]
        return [" ".join(self._drawn(_WORDS_A_SENTENCE)) + "." for _ in range(_SENTENCES)]

    def _drawn(self, count: int) -> list[str]:
        places = np.searchsorted(self._cumulative, self._random.random(count))
        return [str(word) for word in self._words[np.minimum(places, len(self._words) - 1)]]

    def _near(self, center: NDArray[np.float64] | Vector, count: int, scatter: float) -> Vector:
        vectors = center + scatter * self._random.standard_normal((count, _DIMENSION))
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def _vocabulary(texts: Sequence[str]) -> list[str]:
    """Stop words first, as in any text, then the words of these by frequency, then made-up ones."""
    counts: dict[str, int] = {}
    for text in texts:
        for word in text.lower().split():
            if word.isalpha() and word not in STOP_WORDS:
                counts[word] = counts.get(word, 0) + 1
    real = sorted(counts, key=lambda word: (-counts[word], word))
    syllables = [a + b for a in "bdfgklmnprst" for b in "aeiou"]
    made = (x + y + z for x in syllables for y in syllables for z in syllables)
    known = [word for word in sorted(STOP_WORDS, key=lambda word: (len(word), word)) if word.isalpha()] + real
    return [*known, *(word for _, word in zip(range(_VOCABULARY - len(known)), made, strict=False))]


def _chunks(article: Article, passages: Sequence[Sequence[str]]) -> Iterator[Chunk]:
    start = 0
    for ordinal, sentences in enumerate(passages):
        spans, at = [], start
        for sentence in sentences:
            spans.append(Span(at, at + len(sentence)))
            at += len(sentence) + 1
        end = at - 1
        yield Chunk(article.id, article.revision, ordinal, start, end, article.text[start:end], tuple(spans))
        start = end + 2


def measured(library: Library, index: VectorIndex, queries: Sequence[Query]) -> tuple[Timing, ...]:
    """Each stage by itself, then a whole search; the first tenth of the queries warms up and does not count."""
    retriever = Retriever(library, index, HashingEmbedder(_DIMENSION))

    def words(query: Query) -> object:
        frequencies = library.document_frequencies(query_terms(query.text))
        return library.lexical(affordable(frequencies, postings_for(library.chunk_count())), _POOL)

    near = {query.text: [hit.chunk_id for hit in index.query(query.vector, 2 * _POOL)] for query in queries}
    stages: dict[str, Callable[[Query], object]] = {
        "words": words,
        "vectors": lambda query: index.query(query.vector, _POOL),
        "candidates": lambda query: library.stored_vectors(near[query.text]).likeness(query.vector),
        "articles": lambda query: library.articles_by_id(
            {chunk.article_id for chunk in library.chunks(near[query.text][:10]).values()}
        ),
        "search": lambda query: retriever.search_vector(query.text, query.vector, 10, Filters()),
    }
    # Each stage has queries of its own, or the words of one would be known to the next.
    share = len(queries) // len(stages)
    timings = []
    for number, name in enumerate(_STAGES):
        own = queries[number * share : (number + 1) * share]
        times = []
        for query in own:
            started = perf_counter()
            stages[name](query)
            times.append((perf_counter() - started) * 1000)
        counted = times[share // 10 :]
        cuts = quantiles(counted, n=20, method="inclusive")
        timings.append(Timing(name, round(cuts[9], 2), round(cuts[18], 2)))
    return tuple(timings)


def run(
    sizes: Sequence[int], corpus_from: Callable[[int], Synthetic], folder: Path, queries: int = _QUERIES
) -> Iterator[Size]:
    """Grows the library in a folder through the sizes, in chunks, and measures at each."""
    library = Library(folder / "library.sqlite3")
    index = ChromaVectorIndex.embedded(folder / "chroma", f"scale-{_DIMENSION}")
    reconciler = Reconciler(library, index)
    corpus = corpus_from(library.size().articles)
    try:
        for size in sorted(sizes):
            while (missing := size - library.size().chunks) > 0:
                articles = min(_ARTICLES_AT_ONCE, -(-missing // _CHUNKS_AN_ARTICLE))
                library.put([corpus.article() for _ in range(articles)])
                reconciler.drain()
                print(f"\r{library.size().chunks} chunks", end="", file=sys.stderr, flush=True)
            print(file=sys.stderr)
            yield Size(library.size().chunks, measured(library, index, corpus.queries(library, queries * len(_STAGES))))
    finally:
        index.close()
        library.close()


def _read(*paths: Path) -> list[IncomingArticle]:
    """Raises InputRejected for what cannot be read."""
    read = []
    for item in read_paths([os.fspath(path) for path in paths], ReadingOptions()):
        if isinstance(item, IngestFailure):
            raise InputRejected(f"{item.origin}: {item.error}")
        read.append(item)
    return read


def _dealt(path: Path) -> list[str]:
    """The chunks of the articles in a file."""
    return [
        chunk.text
        for number, item in enumerate(_read(path))
        for chunk in chunk_article(
            Article(f"item-{number}", item.title or "", item.text, item.text, item.origin, "", "2025-11-20")
        )
    ]


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.bench.scale", description=__doc__)
    parser.add_argument("--chunks", type=int, nargs="+", default=[1_000, 10_000, 80_000], metavar="N")
    parser.add_argument("--articles", type=Path, help="a file of articles whose chunks are dealt, instead of words")
    parser.add_argument("--folder", type=Path, help="keep the library here, to measure it again or let it grow")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    args = parser.parse_args(argv)
    machine = Machine.here()
    try:
        texts = _dealt(args.articles) if args.articles else [i.text for i in _read(SEEDS, WORLD / "articles.jsonl")]
        with tempfile.TemporaryDirectory(prefix="groundwire-scale-") as made:
            print(f"{machine}\n{'chunks':>8}" + "".join(f"{name + ' p50, p95':>22}" for name in _STAGES))
            sizes = []
            for size in run(args.chunks, partial(Synthetic, texts, bool(args.articles)), args.folder or Path(made)):
                sizes.append(size)
                print(
                    f"{size.chunks:>8}" + "".join(f"{f'{t.p50:.2f}, {t.p95:.2f}':>22}" for t in size.timings),
                    flush=True,
                )
    except (GroundwireError, OSError) as error:
        print(f"eval.bench.scale: {error}", file=sys.stderr)
        return 1
    if args.json:
        written = {"machine": asdict(machine), "sizes": [asdict(size) for size in sizes]}
        args.json.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
