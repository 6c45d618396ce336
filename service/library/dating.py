"""The days that sentences name. Each function works inside the caller's transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from service.library.rows import id_list, lookup_key, unpack_spans
from service.text.dating import ArticleDates, ArticleDating
from service.text.intervals import DateMention, Interval

_COLUMNS = "d.start, d.end, d.first, d.last, d.year_known, d.open, d.kind"


def put_dates(connection: sqlite3.Connection, numbers: Sequence[tuple[int, int]], dates: ArticleDates) -> None:
    """Store an article's dates. `numbers`: the end and the number of each of its chunks, in order."""
    event = set(dates.event)
    rows: list[tuple[Any, ...]] = []
    chunks = iter(numbers)
    end, number = next(chunks, (0, 0))
    for m in sorted(dates.mentions, key=lambda mention: mention.start):
        while m.start >= end:
            end, number = next(chunks)
        i = m.interval
        rows.append(
            (number, m.start, m.end, str(i.first), str(i.last), i.year_known, i.open, m.kind, m in event)
        )  # fmt: skip
    connection.executemany("INSERT INTO sentence_dates VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def date_again(connection: sqlite3.Connection, article_id: str) -> None:
    """Read the article's dates anew: what it says of itself has changed, and "yesterday" depends on it."""
    title, published_at, text = connection.execute(
        "SELECT a.title, a.published_at, r.text FROM articles a "
        "JOIN revisions r ON r.article_id = a.id AND r.revision = a.revision WHERE a.id = ?",
        (article_id,),
    ).fetchone()
    chunks = connection.execute(
        "SELECT number, end, sentences FROM chunks WHERE article_id = ? ORDER BY ordinal", (article_id,)
    ).fetchall()
    connection.execute(
        "DELETE FROM sentence_dates WHERE chunk IN (SELECT number FROM chunks WHERE article_id = ?)", (article_id,)
    )
    spans = [span for _, _, packed in chunks for span in unpack_spans(packed)]
    dates = ArticleDating(title, text, spans, published_at).all()
    put_dates(connection, [(end, number) for number, end, _ in chunks], dates)


def chunk_dates(connection: sqlite3.Connection, chunk_ids: Sequence[str]) -> dict[str, tuple[DateMention, ...]]:
    """By chunk id, in order; a chunk that names no day is not in it."""
    rows = connection.execute(
        f"SELECT c.id, {_COLUMNS} FROM chunks c JOIN sentence_dates d ON d.chunk = c.number "  # noqa: S608 - constants
        "WHERE c.id IN (SELECT value FROM json_each(?)) ORDER BY d.start, d.end, d.first",
        (id_list(chunk_ids),),
    )
    return _by_key(rows)


def event_dates(connection: sqlite3.Connection, article_ids: Iterable[str]) -> dict[str, tuple[Interval, ...]]:
    """By article id; an article whose opening names no day is not in it."""
    rows = connection.execute(
        f"SELECT c.article_id, {_COLUMNS} FROM chunks c JOIN sentence_dates d ON d.chunk = c.number "  # noqa: S608
        "WHERE c.article_id IN (SELECT value FROM json_each(?)) AND d.event ORDER BY d.start, d.end, d.first",
        (id_list(article_ids),),
    )
    return {key: tuple(m.interval for m in mentions) for key, mentions in _by_key(rows).items()}


def article_dates(connection: sqlite3.Connection, article_id: str) -> ArticleDates:
    rows = connection.execute(
        f"SELECT d.event, {_COLUMNS} FROM chunks c JOIN sentence_dates d ON d.chunk = c.number "  # noqa: S608
        "WHERE c.article_id = ? ORDER BY d.start, d.end, d.first",
        (lookup_key(article_id),),
    ).fetchall()
    mentions = [(_mention(row[1:]), row[0]) for row in rows]
    return ArticleDates(tuple(m for m, _ in mentions), tuple(m for m, is_event in mentions if is_event))


def _by_key(rows: Iterable[tuple[Any, ...]]) -> dict[str, tuple[DateMention, ...]]:
    found: dict[str, list[DateMention]] = {}
    for key, *columns in rows:
        found.setdefault(key, []).append(_mention(columns))
    return {key: tuple(mentions) for key, mentions in found.items()}


def _mention(columns: Sequence[Any]) -> DateMention:
    start, end, first, last, year_known, open_, kind = columns
    interval = Interval(date.fromisoformat(first), date.fromisoformat(last), bool(year_known), open_)
    return DateMention(start, end, interval, kind)
