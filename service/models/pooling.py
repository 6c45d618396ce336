"""From token states to vectors: the mean over a text, and over each of its sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.models.ports import ChunkVectors, Vector
from service.types import Span


@dataclass(frozen=True, slots=True)
class TokenWindow:
    """What one forward pass gave for (a part of) a text: `states` (tokens, d), `offsets` (tokens, 2) in the text.

    A special token has the empty offset (0, 0).
    """

    states: Vector
    offsets: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TokenSums:
    """A window's token states summed up: row 0 over all its tokens, row i + 1 over those of sentence i.

    `sums` (sentences + 1, d), `counts` (sentences + 1, 1); a sum of no tokens is of no meaning.
    """

    sums: Vector
    counts: Vector


def pool_tokens(windows: Iterable[TokenWindow], sentences: Sequence[Span]) -> ChunkVectors:
    """The chunk's vector is the mean over all tokens, special ones included, as the model was trained; a sentence's is
    the mean over the tokens that end inside it. One that the tokenizer leaves without tokens gets the chunk's vector.
    """
    return vectors_of([sum_tokens(window, sentences) for window in windows])


def sum_tokens(window: TokenWindow, sentences: Sequence[Span]) -> TokenSums:
    offsets = window.offsets
    # A token counts where its last character is: some tokenizers give a word the space before it.
    last = np.where(offsets[:, 1] > offsets[:, 0], offsets[:, 1] - 1, -1)
    order = np.argsort(last, kind="stable")
    # Sums of runs, with a row of zeros for an edge behind the last token. Not a matrix product with the sentences'
    # masks: so small a one takes numpy's BLAS ten milliseconds once its threads have to wait for a core.
    edges = np.searchsorted(last[order], [edge for span in sentences for edge in (span.start, span.end)])
    rows = np.zeros((len(last) + 1, window.states.shape[1]), dtype=np.float32)
    rows[:-1] = window.states[order]
    sums = np.empty((len(sentences) + 1, rows.shape[1]), dtype=np.float32)
    sums[0] = rows.sum(axis=0)
    if sentences:
        sums[1:] = np.add.reduceat(rows, edges, axis=0)[::2]  # between a sentence's two edges; the others are gaps
    counts = np.array([len(last), *(edges[1::2] - edges[::2])], dtype=np.float32)
    return TokenSums(sums, counts[:, np.newaxis])


def vectors_of(windows: Sequence[TokenSums]) -> ChunkVectors:
    """The vectors of the text whose windows these are, at least one."""
    sums = np.sum([np.where(window.counts > 0, window.sums, 0.0) for window in windows], axis=0)
    counts = np.sum([window.counts for window in windows], axis=0)
    means = unit(np.where(counts > 0, sums, sums[0]))
    return ChunkVectors(chunk=means[0], sentences=means[1:])


def unit(vectors: Vector) -> Vector:
    """L2-normalised along the last axis; a zero vector stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)
