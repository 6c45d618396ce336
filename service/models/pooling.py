"""From token states to vectors: the mean over a text, and over each of its sentences."""

from __future__ import annotations

from collections.abc import Sequence
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


def pool_tokens(windows: Sequence[TokenWindow], sentences: Sequence[Span]) -> ChunkVectors:
    """The chunk's vector is the mean over all tokens, special ones included, as the model was trained; a sentence's is
    the mean over the tokens that end inside it. One that the tokenizer leaves without tokens gets the chunk's vector.
    """
    states = np.concatenate([window.states for window in windows])
    offsets = np.concatenate([window.offsets for window in windows])
    whole = states.mean(axis=0)
    # A token counts where its last character is: some tokenizers give a word the space before it.
    last = np.where(offsets[:, 1] > offsets[:, 0], offsets[:, 1] - 1, -1)
    rows = []
    for span in sentences:
        inside = (last >= span.start) & (last < span.end)
        rows.append(states[inside].mean(axis=0) if inside.any() else whole)
    return ChunkVectors(
        chunk=unit(whole), sentences=unit(np.stack(rows)) if rows else np.zeros((0, whole.size), np.float32)
    )


def unit(vectors: Vector) -> Vector:
    """L2-normalised along the last axis; a zero vector stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)
