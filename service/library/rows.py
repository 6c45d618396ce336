"""Between the library's rows and domain values: packing, unpacking, and the columns each value is read from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from service.library.ports import Vector
from service.types import Article, Chunk, Span

ARTICLE_COLUMNS = (
    "a.id, a.title, r.text, r.raw_text, a.origin, r.cleaner, "
    "CASE WHEN r.revision = a.revision THEN a.ingested_at ELSE r.ingested_at END, "
    "a.source, a.url, a.published_at, a.language, a.tags, "
    "CASE WHEN r.revision = a.revision THEN a.duplicate_of END, r.revision"
)
CURRENT_ARTICLES = (
    f"SELECT {ARTICLE_COLUMNS} FROM articles a "  # noqa: S608 - constants only
    "JOIN revisions r ON r.article_id = a.id AND r.revision = a.revision"
)
CHUNK_COLUMNS = "c.article_id, c.revision, c.ordinal, c.start, c.end, c.text, c.sentences"


def article_from(row: Sequence[Any]) -> Article:
    """Columns as in ARTICLE_COLUMNS. Raises ValueError when the stored text does not have the stored revision."""
    return Article(
        id=row[0],
        title=row[1],
        text=row[2],
        raw_text=row[3],
        origin=row[4],
        cleaner=row[5],
        ingested_at=row[6],
        source=row[7],
        url=row[8],
        published_at=row[9],
        language=row[10],
        tags=tuple(json.loads(row[11])),
        duplicate_of=row[12],
        revision=row[13],
    )


def chunk_from(row: Sequence[Any]) -> Chunk:
    """Columns as in CHUNK_COLUMNS."""
    return Chunk(
        article_id=row[0],
        revision=row[1],
        ordinal=row[2],
        start=row[3],
        end=row[4],
        text=row[5],
        sentences=unpack_spans(row[6]),
    )


def pack_spans(spans: Sequence[Span]) -> bytes:
    return np.array([(s.start, s.end) for s in spans], dtype="<i4").tobytes()


def unpack_spans(packed: bytes) -> tuple[Span, ...]:
    pairs = np.frombuffer(packed, dtype="<i4").reshape(-1, 2).tolist()
    return tuple(Span(start, end) for start, end in pairs)


def pack_vectors(vectors: Vector) -> bytes:
    """Half precision: half the room, and a cosine within 1e-3 of what it was."""
    return np.ascontiguousarray(vectors, dtype="<f2").tobytes()


def unpack_vectors(packed: bytes, count: int) -> Vector:
    """Shape (count, d), float32, of length 1 again after the rounding; a zero vector stays zero."""
    vectors = np.frombuffer(packed, dtype="<f2").reshape(count, -1).astype(np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)


def id_list(ids: Iterable[str]) -> str:
    """For `IN (SELECT value FROM json_each(?))`: a list of any length in one parameter."""
    return json.dumps(list(ids))


def lookup_key(text: str) -> str:
    """A text to look up. One with half a surrogate pair cannot be stored, so it becomes one that finds nothing."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return ""
    return text
