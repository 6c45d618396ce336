"""How like a query each chunk is: by the vector of the whole, and by that of its best sentence."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.library.ports import Vector
from service.library.rows import id_list


@dataclass(frozen=True, slots=True)
class Likeness:
    """Cosines with a query, -1..1: of the chunk, and of the sentence in it that is nearest."""

    chunk: float
    sentence: float


@dataclass(frozen=True, slots=True)
class StoredVectors:
    """The vectors of some chunks, and of their sentences: what of a comparison can be done before the query's is there.

    `vectors` has shape (chunks + sentences, d), float32: the chunks' in the order of `chunk_ids`, then each chunk's
    sentences'. `starts`: the row of the first sentence of each chunk.
    """

    chunk_ids: tuple[str, ...]
    vectors: Vector
    starts: NDArray[np.intp]

    def likeness(self, vector: Vector) -> dict[str, Likeness]:
        """By chunk id. `vector` has shape (d,) and is L2-normalised."""
        if not self.chunk_ids:
            return {}
        cosines = self.vectors @ vector
        # Every chunk has a sentence (require_consistent): reduceat would give a neighbour's value for an empty run.
        best = np.maximum.reduceat(cosines, self.starts)
        return dict(zip(self.chunk_ids, map(Likeness, cosines.tolist(), best.tolist()), strict=False))


def stored_vectors(connection: sqlite3.Connection, chunk_ids: Sequence[str]) -> StoredVectors:
    """Of the chunks that the library holds.

    A pool of a hundred chunks has some seven hundred sentences, so all are read at once, and as they are stored: half
    precision leaves a length within 1e-3 of 1, which is nothing to a ranking.
    """
    rows = connection.execute(
        "SELECT c.id, v.chunk, v.sentences FROM chunks c JOIN vectors v USING (number) "
        "WHERE c.id IN (SELECT value FROM json_each(?))",
        (id_list(chunk_ids),),
    ).fetchall()
    if not rows:
        return StoredVectors((), np.zeros((0, 0), np.float32), np.zeros(0, np.intp))
    ids, chunks, sentences = zip(*rows, strict=True)
    values = np.frombuffer(b"".join(chunks + sentences), dtype="<f2").astype(np.float32)
    counts = [len(packed) // len(chunks[0]) for packed in sentences]
    starts = np.cumsum([len(ids), *counts[:-1]])
    return StoredVectors(ids, values.reshape(len(ids) + sum(counts), -1), starts)
