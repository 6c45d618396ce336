"""Which sentence vectors find the evidence: pooled from the chunk, embedded separately, or the mean of the two.

    python -m eval.bench.sentence_vectors wice_dev.jsonl

The file has WiCE's rows: `claim`, `evidence` (the sentences of one article), `supporting_sentences` (sets of indices,
any of which supports the claim). Each article's sentences are packed into chunks and ranked by cosine to the claim.
Printed for each way: hit@3 (some supporting sentence is among the first three), recall@3 (share of the best-covered
set), MRR, chunks a second, and the paired bootstrap interval (95 %) of the difference to pooled vectors.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from service.models.pooling import unit
from service.models.ports import ChunkText, Vector
from service.models.sentence_transformer import SentenceTransformerEmbedder, SentenceVectors
from service.text.chunking import ChunkingOptions
from service.types import Span

_MEASURES = ("hit@3", "recall@3", "MRR")
_WAYS: tuple[SentenceVectors, ...] = get_args(SentenceVectors)
_RESAMPLES = 4000


Scores = dict[SentenceVectors, NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class LabelledArticle:
    claim: str
    sentences: tuple[str, ...]
    supporting: tuple[frozenset[int], ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("wice", type=Path, help="a WiCE file in JSON lines")
    parser.add_argument(
        "--limit", type=int, default=None, help="only the first so many rows with a supporting sentence"
    )
    arguments = parser.parse_args()
    articles = list(read_labelled(arguments.wice))[: arguments.limit]
    print(f"{len(articles)} claims, {sum(len(article.sentences) for article in articles)} sentences")
    scores, chunks_per_second = measure(articles)
    for way in _WAYS:
        means = "  ".join(f"{name} {mean:.3f}" for name, mean in zip(_MEASURES, scores[way].mean(axis=0), strict=True))
        print(f"{way:9} {means}  {chunks_per_second[way]:.1f} chunks/s")
        if way != "pooled":
            for name, differences in zip(_MEASURES, (scores[way] - scores["pooled"]).T, strict=True):
                low, high = interval(differences)
                print(f"          {name} {differences.mean():+.3f} against pooled, 95 % {low:+.3f} to {high:+.3f}")


def read_labelled(path: Path) -> Iterator[LabelledArticle]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            supporting = tuple(frozenset(indices) for indices in row["supporting_sentences"] if indices)
            if supporting:
                yield LabelledArticle(row["claim"], tuple(row["evidence"]), supporting)


def measure(articles: Sequence[LabelledArticle]) -> tuple[Scores, dict[SentenceVectors, float]]:
    """Scores of shape (articles, measures), and chunks embedded a second, of each way.

    The ways take turns article by article, so that a busy machine slows them alike.
    """
    embedders = {way: SentenceTransformerEmbedder(sentence_vectors=way) for way in _WAYS if way != "averaged"}
    scores: Scores = {way: np.zeros((len(articles), len(_MEASURES))) for way in _WAYS}
    seconds: dict[SentenceVectors, float] = dict.fromkeys(_WAYS, 0.0)
    chunks = 0
    for embedder in embedders.values():
        embedder.warm()
    for row, article in enumerate(articles):
        packed = pack(article.sentences, ChunkingOptions().max_characters)
        chunks += len(packed)
        sentences: dict[SentenceVectors, Vector] = {}
        for way, embedder in embedders.items():
            begun = time.perf_counter()
            vectors = embedder.embed_chunks(packed)
            seconds[way] += time.perf_counter() - begun
            sentences[way] = np.concatenate([each.sentences for each in vectors])
        sentences["averaged"] = unit(sentences["pooled"] + sentences["separate"])  # what the adapter makes of the two
        seconds["averaged"] = seconds["separate"]
        claim = embedders["pooled"].embed_query(article.claim)
        for name, vectors_of_way in sentences.items():
            scores[name][row] = score(vectors_of_way @ claim, article.supporting)
    return scores, {way: chunks / taken for way, taken in seconds.items()}


def pack(sentences: Sequence[str], max_characters: int) -> list[ChunkText]:
    chunks: list[ChunkText] = []
    text = ""
    spans: list[Span] = []
    for sentence in sentences:
        if spans and len(text) + 1 + len(sentence) > max_characters:
            chunks.append(ChunkText(text, tuple(spans)))
            text, spans = "", []
        text += " " if spans else ""
        spans.append(Span(len(text), len(text) + len(sentence)))
        text += sentence
    chunks.append(ChunkText(text, tuple(spans)))
    return chunks


def score(similarities: Vector, supporting: Sequence[frozenset[int]]) -> tuple[float, float, float]:
    ranking = np.argsort(-similarities, kind="stable").tolist()
    first = set(ranking[:3])
    rank = min(ranking.index(sentence) for indices in supporting for sentence in indices)
    return float(rank < 3), max(len(indices & first) / len(indices) for indices in supporting), 1.0 / (rank + 1)


def interval(differences: NDArray[np.float64]) -> tuple[float, float]:
    draws = np.random.default_rng(0).integers(0, len(differences), (_RESAMPLES, len(differences)))
    low, high = np.percentile(differences[draws].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


if __name__ == "__main__":
    main()
