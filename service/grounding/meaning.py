"""How near the meaning of a claim is to sentences, word by word: the states that a model gives words in a sentence.

No new call of the port is needed: an embedder pools the states of any spans of a text, so the words are given as spans.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np

from service.errors import ModelUnavailable
from service.grounding.alignment import ALIGNED, align, content_words
from service.models.ports import ChunkText, ChunkVectors, Embedder, Vector
from service.text.sentence import SentenceReading
from service.types import Span

_REMEMBERED = 2_000
MEANING = ("sentence", "words", "least_word", "lacking", "least_lacking", "all_words", "best_of_both", "least_of_both")
"""Cosines: of the claim and the premise as wholes; of the claim's content words, each with its nearest word there, the
mean and the least; the same of those words alone that the premise does not have in so many words; of all words; and of
each word the better of its cosine and its likeness by form."""


@dataclass(frozen=True, slots=True)
class Question:
    """A claim, and the sentences whose meaning it is compared with."""

    claim: SentenceReading
    said: tuple[SentenceReading, ...]


class Meaning:
    """Word states by sentence, remembered. Safe to call from several threads."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: OrderedDict[str, ChunkVectors] = OrderedDict()
        self._lock = Lock()

    def features(self, asked: Sequence[Question]) -> list[tuple[float, ...]] | None:
        """The values of MEANING for each, with one call of the model for all; None when the model cannot be had."""
        texts = dict.fromkeys(reading for one in asked for reading in (one.claim, *one.said))
        try:
            vectors = self._vectors(texts)
        except ModelUnavailable:
            return None
        return [_features(one, vectors) for one in asked]

    def _vectors(self, readings: Iterable[SentenceReading]) -> dict[str, ChunkVectors]:
        with self._lock:
            found = {r.text: self._known[r.text] for r in readings if r.text in self._known}
        new = [r for r in readings if r.text not in found]
        if new:
            spans = [tuple(Span(w.start, w.end) for w in r.words) for r in new]
            chunks = [ChunkText(r.text, words) for r, words in zip(new, spans, strict=True)]
            made = dict(zip((r.text for r in new), self._embedder.embed_chunks(chunks), strict=True))
            found |= made
            with self._lock:
                self._known |= made
                while len(self._known) > _REMEMBERED:
                    self._known.popitem(last=False)
        return found


def _features(asked: Question, vectors: dict[str, ChunkVectors]) -> tuple[float, ...]:
    claim = vectors[asked.claim.text]
    words = content_words(asked.claim)
    said = [r for r in asked.said if r.words]
    if not words or not said:
        return (0.0,) * len(MEANING)
    there = np.concatenate([vectors[r.text].sentences for r in said])
    cosines: Vector = (claim.sentences @ there.T).max(axis=1)
    own = cosines[[w.index for w in words]]
    aligned = [align(asked.claim, r) for r in said]
    degrees = np.array([max(a[k].degree for a in aligned) for k in range(len(words))])
    weights = np.array([w.weight for w in words])
    lacking = own[degrees < ALIGNED]
    whole = max(float(claim.chunk @ vectors[r.text].chunk) for r in said)
    return (
        whole,
        float((own * weights).sum() / weights.sum()),
        float(own.min()),
        float(lacking.mean()) if len(lacking) else 1.0,
        float(lacking.min()) if len(lacking) else 1.0,
        float(cosines.mean()),
        float((np.maximum(degrees, 0.9 * own) * weights).sum() / weights.sum()),
        float(np.maximum(degrees, own).min()),
    )
