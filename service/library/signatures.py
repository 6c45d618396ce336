"""The signatures by which near copies are found. Each function works inside the caller's transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence

import numpy as np

from service.library.copies import TEXT, Holder
from service.library.rows import lookup_key
from service.text.overlap import is_near_copy, wording

Signature = tuple[int, ...]
"""Signed 64-bit hashes, always as many: two articles that have one of them in common may be near copies."""

_CANDIDATES = 16
"""Compared word by word, those with most hashes in common first; only articles with one boilerplate lead have more."""


def near_holders(connection: sqlite3.Connection, signature: Signature, text: str) -> list[Holder]:
    """The articles that this text is a near copy of, oldest first."""
    rows = connection.execute(
        f"SELECT a.id, coalesce(a.duplicate_of, a.id), {TEXT} FROM articles a JOIN ("  # noqa: S608 - constants only
        "SELECT article, count(*) AS shared FROM signature_bands "
        "WHERE band IN (SELECT value FROM json_each(?)) GROUP BY article ORDER BY shared DESC, article LIMIT ?"
        ") ON article = a.number ORDER BY a.number",
        (_json(signature), _CANDIDATES),
    ).fetchall()
    said = wording(text) if rows else None
    return [Holder(*holder) for *holder, other in rows if said is not None and is_near_copy(said, wording(other))]


def set_signature(connection: sqlite3.Connection, article_id: str, signature: Signature) -> None:
    """Replace the article's signature; an empty one removes it."""
    (number,) = connection.execute("SELECT number FROM articles WHERE id = ?", (article_id,)).fetchone()
    held = connection.execute("SELECT bands FROM signatures WHERE article = ?", (number,)).fetchone()
    if held is not None:
        gone = ((band, number) for band in _unpacked(held[0]))
        connection.executemany("DELETE FROM signature_bands WHERE band = ? AND article = ?", gone)
        connection.execute("DELETE FROM signatures WHERE article = ?", (number,))
    if signature:
        packed = np.array(signature, dtype="<i8").tobytes()
        connection.execute("INSERT INTO signatures (article, bands) VALUES (?, ?)", (number, packed))
        connection.executemany(
            "INSERT INTO signature_bands (band, article) VALUES (?, ?)", ((band, number) for band in set(signature))
        )


def signature_of(connection: sqlite3.Connection, article_id: str) -> Signature:
    """As it was stored; empty for an article that has none."""
    row = connection.execute(
        "SELECT bands FROM signatures JOIN articles ON number = article WHERE id = ?", (lookup_key(article_id),)
    ).fetchone()
    return _unpacked(row[0]) if row else ()


def _unpacked(packed: bytes) -> Signature:
    return tuple(np.frombuffer(packed, dtype="<i8").tolist())


def problems(connection: sqlite3.Connection) -> Iterator[str]:
    """Signatures that would not be found, or found for nothing."""
    held = 0
    for number, packed in connection.execute("SELECT article, bands FROM signatures"):
        bands = sorted(set(_unpacked(packed)))
        found = connection.execute(
            "SELECT count(*) FROM json_each(?) JOIN signature_bands ON band = value AND article = ?",
            (_json(bands), number),
        ).fetchone()[0]
        held += found
        if found < len(bands):
            yield f"near copies of article number {number} would not be found: delete it and ingest it again"
    if held != connection.execute("SELECT count(*) FROM signature_bands").fetchone()[0]:
        yield "the index of near copies holds articles that have gone: ingest again into a new data directory"


def _json(numbers: Sequence[int]) -> str:
    return json.dumps(list(numbers))
