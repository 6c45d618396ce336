"""How like a query each chunk is: by the vector of the whole, and by that of its best sentence."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from service.library.ports import Vector
from service.library.rows import id_list


@dataclass(frozen=True, slots=True)
class Likeness:
    """Cosines with a query, -1..1: of the chunk, and of the sentence in it that is nearest."""

    chunk: float
    sentence: float


def likeness(connection: sqlite3.Connection, vector: Vector, chunk_ids: Sequence[str]) -> dict[str, Likeness]:
    """For each chunk that the library holds. `vector` has shape (d,) and is L2-normalised.

    A pool of a hundred chunks has some seven hundred sentences, so all are read at once, and as they are stored: half
    precision leaves a length within 1e-3 of 1, which is nothing to a ranking.
    """
    rows = connection.execute(
        "SELECT c.id, v.chunk, v.sentences FROM chunks c JOIN vectors v USING (number) "
        "WHERE c.id IN (SELECT value FROM json_each(?))",
        (id_list(chunk_ids),),
    ).fetchall()
    if not rows:
        return {}
    counts = [len(sentences) // len(chunk) for _, chunk, sentences in rows]
    packed = [chunk for _, chunk, _ in rows] + [sentences for _, _, sentences in rows]
    cosines = np.frombuffer(b"".join(packed), dtype="<f2").reshape(-1, len(vector)).astype(np.float32) @ vector
    # Every chunk has a sentence (require_consistent): reduceat would give a neighbour's value for an empty run.
    best = np.maximum.reduceat(cosines, np.cumsum([len(rows), *counts[:-1]]))
    return {
        row[0]: Likeness(whole, sentence)
        for row, whole, sentence in zip(rows, cosines[: len(rows)].tolist(), best.tolist(), strict=True)
    }
