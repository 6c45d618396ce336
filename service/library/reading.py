"""Reads. Each function works inside the caller's read transaction."""

from __future__ import annotations

import base64
import binascii
import hashlib
import sqlite3
from collections.abc import Iterable, Sequence

from service.errors import InputRejected
from service.library.ports import ArticlePage, LibrarySize, Vector, VectorRecord
from service.library.rows import (
    ARTICLE_COLUMNS,
    CHUNK_COLUMNS,
    CURRENT_ARTICLES,
    article_from,
    chunk_from,
    id_list,
    lookup_key,
    unpack_spans,
    unpack_vectors,
)
from service.types import Article, Chunk

_IN_LIST = "IN (SELECT value FROM json_each(?))"


def article(connection: sqlite3.Connection, article_id: str, revision: str | None) -> Article | None:
    row = connection.execute(
        f"SELECT {ARTICLE_COLUMNS} FROM articles a JOIN revisions r ON r.article_id = a.id "  # noqa: S608
        "WHERE a.id = ? AND r.revision = coalesce(?, a.revision)",
        (lookup_key(article_id), None if revision is None else lookup_key(revision)),
    ).fetchone()
    return None if row is None else article_from(row)


def articles_by_id(connection: sqlite3.Connection, ids: Iterable[str]) -> dict[str, Article]:
    rows = connection.execute(f"{CURRENT_ARTICLES} WHERE a.id {_IN_LIST}", (id_list(ids),))
    return {row[0]: article_from(row) for row in rows}


def articles(connection: sqlite3.Connection, limit: int, cursor: str | None) -> ArticlePage:
    after = 0 if cursor is None else _number_of(cursor)
    rows = connection.execute(
        f"{CURRENT_ARTICLES} WHERE a.number > ? ORDER BY a.number LIMIT ?", (after, limit + 1)
    ).fetchall()
    page = tuple(map(article_from, rows[:limit]))
    if len(rows) <= limit or not page:
        return ArticlePage(page, None)
    last = connection.execute("SELECT number FROM articles WHERE id = ?", (page[-1].id,)).fetchone()[0]
    return ArticlePage(page, _cursor_of(last))


def _cursor_of(number: int) -> str:
    return base64.urlsafe_b64encode(f"after:{number}".encode()).decode().rstrip("=")


def _number_of(cursor: str) -> int:
    try:
        text = base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)).decode("ascii")
        label, _, number = text.partition(":")
        if label == "after" and number.isdigit() and len(number) < 19:
            return int(number)
    except (ValueError, binascii.Error):
        pass
    raise InputRejected(f"cursor {cursor[:40]!r} is not one that a list of articles gave: start without it")


def chunks(connection: sqlite3.Connection, chunk_ids: Sequence[str]) -> dict[str, Chunk]:
    rows = connection.execute(
        f"SELECT c.id, {CHUNK_COLUMNS} FROM chunks c WHERE c.id {_IN_LIST}",  # noqa: S608
        (id_list(chunk_ids),),
    )
    return {row[0]: chunk_from(row[1:]) for row in rows}


def article_chunks(connection: sqlite3.Connection, article_id: str) -> list[Chunk]:
    rows = connection.execute(
        f"SELECT {CHUNK_COLUMNS} FROM chunks c WHERE c.article_id = ? ORDER BY c.ordinal",  # noqa: S608
        (lookup_key(article_id),),
    )
    return [chunk_from(row) for row in rows]


def vector_records(connection: sqlite3.Connection, chunk_ids: Sequence[str]) -> list[VectorRecord]:
    rows = connection.execute(
        f"SELECT c.id, c.article_id, v.chunk FROM chunks c JOIN vectors v USING (number) WHERE c.id {_IN_LIST}",  # noqa: S608
        (id_list(chunk_ids),),
    )
    return [VectorRecord(chunk_id, article_id, unpack_vectors(packed, 1)[0]) for chunk_id, article_id, packed in rows]


def sentence_vectors(connection: sqlite3.Connection, chunk_ids: Sequence[str]) -> dict[str, Vector]:
    rows = connection.execute(
        f"SELECT c.id, c.sentences, v.sentences FROM chunks c JOIN vectors v USING (number) WHERE c.id {_IN_LIST}",  # noqa: S608
        (id_list(chunk_ids),),
    )
    return {chunk_id: unpack_vectors(packed, len(unpack_spans(spans))) for chunk_id, spans, packed in rows}


def all_chunk_ids(connection: sqlite3.Connection) -> set[str]:
    return {row[0] for row in connection.execute("SELECT id FROM chunks")}


def size(connection: sqlite3.Connection) -> LibrarySize:
    counts = connection.execute(
        "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM articles WHERE duplicate_of IS NOT NULL), "
        "(SELECT count(*) FROM chunks), (SELECT count(*) FROM revisions), (SELECT count(*) FROM outbox)"
    ).fetchone()
    return LibrarySize(*counts)


def fingerprint(connection: sqlite3.Connection) -> str:
    digest = hashlib.sha256()
    for article_id, revision in connection.execute("SELECT id, revision FROM articles ORDER BY id"):
        digest.update(f"{article_id}\x00{revision}\n".encode())
    return "sha256:" + digest.hexdigest()
