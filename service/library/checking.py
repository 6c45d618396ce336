"""Does the library still hold what it promises? Every finding is one line a person can act on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from service.library import copies, signatures
from service.library.rows import CHUNK_COLUMNS, chunk_from, unpack_vectors
from service.types import revision_of

_SHOWN = 20
"""Findings of one kind that are listed; a damaged library could have thousands."""


def problems(connection: sqlite3.Connection) -> list[str]:
    """Empty when all is well. Needs the writer: FTS5 checks its index by a statement that counts as a write."""
    found: list[str] = []
    for part in (_file, _lexical_index, _revisions, copies.problems, signatures.problems, _chunks):
        try:
            findings = list(part(connection))
        except sqlite3.DatabaseError as error:
            findings = [f"the file is damaged ({error}): move it away and ingest again, or restore a copy"]
        found += findings[:_SHOWN]
        if len(findings) > _SHOWN:
            found.append(f"... and {len(findings) - _SHOWN} more like the last one")
    return list(dict.fromkeys(found))


def _file(connection: sqlite3.Connection) -> Iterator[str]:
    for (line,) in connection.execute("PRAGMA integrity_check"):
        if line != "ok":
            yield f"the file is damaged ({line}): move it away and ingest again, or restore a copy"
    for table, _, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield f"a row of {table} points to a missing row of {parent}: ingest its article again"


def _lexical_index(connection: sqlite3.Connection) -> Iterator[str]:
    try:
        # Rank 1 compares the index with its content table, too.
        connection.execute("INSERT INTO chunk_terms (chunk_terms, rank) VALUES ('integrity-check', 1)")
    except sqlite3.DatabaseError:
        yield "the lexical index does not match the chunks: run `groundwire doctor --repair`"


def _revisions(connection: sqlite3.Connection) -> Iterator[str]:
    for article_id, revision, text in connection.execute("SELECT article_id, revision, text FROM revisions"):
        if revision_of(text) != revision:
            yield f"article {article_id}: the text of revision {revision} is not the one it was made from"


def _chunks(connection: sqlite3.Connection) -> Iterator[str]:
    rows = connection.execute(
        f"SELECT c.id, a.revision, r.text, v.chunk, v.sentences, {CHUNK_COLUMNS} FROM chunks c "  # noqa: S608
        "LEFT JOIN articles a ON a.id = c.article_id "
        "LEFT JOIN revisions r ON r.article_id = c.article_id AND r.revision = c.revision "
        "LEFT JOIN vectors v ON v.number = c.number"
    )
    for chunk_id, current, text, vector, sentence_vectors, *columns in rows:
        try:
            chunk = chunk_from(columns)
            if chunk.id != chunk_id or chunk.revision != current:
                yield f"chunk {chunk_id} is not one of article {chunk.article_id}'s current revision: ingest it again"
            elif text is None or chunk.text != text[chunk.start : chunk.end]:
                yield f"chunk {chunk_id} is not what article {chunk.article_id} says there: ingest it again"
            elif vector is None or len(unpack_vectors(sentence_vectors, len(chunk.sentences))[0]) * 2 != len(vector):
                yield f"chunk {chunk_id} lacks vectors: ingest article {chunk.article_id} again"
        except ValueError as error:
            yield f"chunk {chunk_id} is damaged ({error}): ingest its article again"
