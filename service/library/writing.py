"""Changes to articles and chunks. Each function works inside the caller's transaction."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from typing import Any

from service.errors import NotFound
from service.library import copies, signatures
from service.library.dating import date_again, put_dates
from service.library.filtering import fold_source
from service.library.moments import moments_of
from service.library.outbox import enqueue
from service.library.ports import IndexedArticle
from service.library.rows import chunk_from, pack_spans, pack_vectors
from service.text.overlap import is_near_copy, wording
from service.types import Article


def require_consistent(indexed: IndexedArticle) -> None:
    """Raise ValueError unless chunks are slices of the article and every chunk and sentence has its vector."""
    article, chunks = indexed.article, indexed.chunks
    if not len(chunks) == len(indexed.chunk_vectors) == len(indexed.sentence_vectors):
        raise ValueError(f"article {article.id}: chunks and vectors differ in number")
    for chunk, vectors in zip(chunks, indexed.sentence_vectors, strict=True):
        if (chunk.article_id, chunk.revision) != (article.id, article.revision):
            raise ValueError(f"chunk {chunk.id} belongs to another article or revision than {article.id}")
        if article.text[chunk.start : chunk.end] != chunk.text:
            raise ValueError(f"chunk {chunk.id} is not what article {article.id} says there")
        if len(chunk.sentences) != len(vectors):
            raise ValueError(f"chunk {chunk.id}: sentences and their vectors differ in number")
    for m in indexed.dates.mentions:
        if not any(chunk.start <= m.start and m.end <= chunk.end for chunk in chunks):
            raise ValueError(f"article {article.id}: the date at [{m.start}, {m.end}) lies in none of its chunks")


def put_article(connection: sqlite3.Connection, indexed: IndexedArticle) -> None:
    """Store a new article, a new revision, or (same revision) its metadata and, if given, other chunks."""
    article = indexed.article
    stored = connection.execute("SELECT revision FROM articles WHERE id = ?", (article.id,)).fetchone()
    if stored is not None and stored[0] == article.revision:
        set_metadata(connection, article)
        if indexed.chunks:
            # An exact copy that is given chunks stands for itself from now on.
            connection.execute(
                "UPDATE articles SET duplicate_of = NULL "
                "WHERE id = ? AND NOT EXISTS (SELECT 1 FROM chunks WHERE article_id = articles.id)",
                (article.id,),
            )
            _replace_chunks(connection, indexed)
            signatures.set_signature(connection, article.id, indexed.signature)
        return

    original = _original_of(connection, indexed)
    if stored is not None:
        hand_over(connection, article.id, original or article.id, article.text)
    columns = {
        "revision": article.revision,
        "ingested_at": article.ingested_at,
        "ingested_first": moments.first if (moments := moments_of(article.ingested_at)) else None,
        "duplicate_of": original,
        **_metadata(article),
    }
    if stored is None:
        _insert(connection, "articles", {"id": article.id, **columns})
    else:
        _update(connection, article.id, columns)
    connection.execute(
        "INSERT INTO revisions (article_id, revision, ingested_at, cleaner, text, raw_text) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT DO NOTHING",
        (article.id, article.revision, article.ingested_at, article.cleaner, article.text, article.raw_text),
    )
    _replace_chunks(connection, indexed)
    signatures.set_signature(connection, article.id, indexed.signature if indexed.chunks else ())


def set_metadata(connection: sqlite3.Connection, article: Article) -> None:
    """All but the text: when it was ingested, and whether it is a copy, stay as they are.

    Raises NotFound when the library does not hold this revision as the article's current one.
    """
    before = connection.execute("SELECT title, published_at FROM articles WHERE id = ?", (article.id,)).fetchone()
    if not _update(connection, article.id, _metadata(article), revision=article.revision):
        raise NotFound(f"article {article.id} has no current revision {article.revision}: ingest it again")
    connection.execute(
        "UPDATE revisions SET raw_text = ?, cleaner = ? WHERE article_id = ? AND revision = ?",
        (article.raw_text, article.cleaner, article.id, article.revision),
    )
    connection.execute(
        "UPDATE chunks SET title = ? WHERE article_id = ? AND title <> ?", (article.title, article.id, article.title)
    )
    if before != (article.title, article.published_at):
        date_again(connection, article.id)


def delete_article(connection: sqlite3.Connection, article_id: str) -> None:
    """Remove the article with all its revisions and chunks. Its text lives on in its copies, if it has any."""
    hand_over(connection, article_id)
    _remove_chunks(connection, article_id)
    signatures.set_signature(connection, article_id, ())
    connection.execute("DELETE FROM revisions WHERE article_id = ?", (article_id,))
    connection.execute("DELETE FROM articles WHERE id = ?", (article_id,))


def hand_over(
    connection: sqlite3.Connection, article_id: str, successor: str | None = None, new_text: str | None = None
) -> None:
    """Let the copies of an article that is about to change or go do without it.

    The oldest exact copy takes over the chunks and vectors: the same text has the same spans and vectors; only the
    chunks' ids change, because they carry the article's id. `successor`: what the article becomes, itself with
    `new_text` or a copy of that one; its copies follow it where they are near it, too.
    """
    heir = copies.heir_of(connection, article_id)
    text = new_text if successor in (None, article_id) else copies.text_of(connection, str(successor))
    copies.regroup(connection, article_id, heir[0] if heir else None, (successor, text) if successor and text else None)
    if heir is None:
        return
    heir_id, heir_title = heir
    signatures.set_signature(connection, heir_id, signatures.signature_of(connection, article_id))
    rows = connection.execute(
        "SELECT c.article_id, c.revision, c.ordinal, c.start, c.end, c.text, c.sentences FROM chunks c "
        "WHERE article_id = ? ORDER BY ordinal",
        (article_id,),
    ).fetchall()
    for chunk in map(chunk_from, rows):
        inherited = replace(chunk, article_id=heir_id)
        connection.execute(
            "UPDATE chunks SET id = ?, article_id = ?, title = ? WHERE id = ?",
            (inherited.id, heir_id, heir_title, chunk.id),
        )
        enqueue(connection, [chunk.id], "delete")
        enqueue(connection, [inherited.id], "upsert")
    date_again(connection, heir_id)


def _original_of(connection: sqlite3.Connection, indexed: IndexedArticle) -> str | None:
    """The original of the cluster that this copy joins. An exact copy finds its text there, a near one is near it."""
    article = indexed.article
    if article.duplicate_of is None:
        return None
    row = connection.execute(
        "SELECT coalesce(duplicate_of, id) FROM articles WHERE id = ?", (article.duplicate_of,)
    ).fetchone()
    original = None if row is None else str(row[0])
    holder = copies.holder_of(connection, article.revision)
    if original is not None and indexed.chunks and original != article.id:
        if holder is not None and holder.id != article.id:
            raise ValueError(f"article {article.id} is an exact copy: its chunks are those of {holder.id}")
        text = copies.text_of(connection, original)
        if text is not None and is_near_copy(wording(text), wording(article.text)):
            return original
    elif holder is not None and not indexed.chunks and holder.id != article.id and holder.original == original:
        return holder.original if holder.original != article.id else holder.id
    # It was deleted or changed since the caller looked: without its chunks this text could not be found.
    raise NotFound(f"article {article.duplicate_of}, which {article.id} repeats, has changed: ingest it again")


def _metadata(article: Article) -> dict[str, Any]:
    published = moments_of(article.published_at)
    return {
        "title": article.title,
        "origin": article.origin,
        "source": article.source,
        "url": article.url,
        "published_at": article.published_at,
        "language": article.language,
        "tags": json.dumps(article.tags, ensure_ascii=False),
        "published_first": published.first if published else None,
        "published_last": published.last if published else None,
        "source_folded": fold_source(article.source) if article.source is not None else None,
    }


def _insert(connection: sqlite3.Connection, table: str, columns: dict[str, Any]) -> int:
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - names are constants
    return connection.execute(statement, tuple(columns.values())).lastrowid or 0


def _update(
    connection: sqlite3.Connection, article_id: str, columns: dict[str, Any], revision: str | None = None
) -> int:
    settings = ", ".join(f"{name} = ?" for name in columns)
    statement = f"UPDATE articles SET {settings} WHERE id = ? AND revision = coalesce(?, revision)"  # noqa: S608
    return connection.execute(statement, (*columns.values(), article_id, revision)).rowcount


def _replace_chunks(connection: sqlite3.Connection, indexed: IndexedArticle) -> None:
    """Put these chunks in the place of the article's; only what is new or other goes to the outbox."""
    article_id = indexed.article.id
    before = dict(
        connection.execute(
            "SELECT c.id, v.chunk FROM chunks c JOIN vectors v USING (number) WHERE c.article_id = ?", (article_id,)
        )
    )
    connection.execute("DELETE FROM chunks WHERE article_id = ?", (article_id,))
    changed: list[str] = []
    numbers: list[tuple[int, int]] = []
    for chunk, vector, sentences in zip(indexed.chunks, indexed.chunk_vectors, indexed.sentence_vectors, strict=True):
        packed = pack_vectors(vector)
        number = _insert(
            connection,
            "chunks",
            {
                "id": chunk.id,
                "article_id": article_id,
                "revision": chunk.revision,
                "ordinal": chunk.ordinal,
                "start": chunk.start,
                "end": chunk.end,
                "sentences": pack_spans(chunk.sentences),
                "title": indexed.article.title,
                "text": chunk.text,
            },
        )
        numbers.append((chunk.end, number))
        _insert(connection, "vectors", {"number": number, "chunk": packed, "sentences": pack_vectors(sentences)})
        if before.pop(chunk.id, None) != packed:
            changed.append(chunk.id)
    put_dates(connection, numbers, indexed.dates)
    enqueue(connection, before, "delete")
    enqueue(connection, changed, "upsert")


def _remove_chunks(connection: sqlite3.Connection, article_id: str) -> None:
    ids = [row[0] for row in connection.execute("SELECT id FROM chunks WHERE article_id = ?", (article_id,))]
    connection.execute("DELETE FROM chunks WHERE article_id = ?", (article_id,))
    enqueue(connection, ids, "delete")
