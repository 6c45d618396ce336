"""Every briefing that was made, in a SQLite file of its own, with what had been read for it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from service.briefing.body import briefing_body, briefing_of
from service.briefing.briefing import Briefing, BriefingStatus
from service.briefing.delta import Before, Ledger
from service.briefing.request import normalised
from service.errors import InputRejected, LibraryUnusable
from service.library.database import Database

FILE = "briefings.sqlite3"
_APPLICATION_ID = 0x67777233
"""Marks the file as ours ("gwr3")."""
_SCHEMA = """
CREATE TABLE briefings (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    topic TEXT NOT NULL,
    topic_key TEXT NOT NULL,
    created_at TEXT NOT NULL,
    status TEXT NOT NULL,
    headline TEXT NOT NULL,
    since TEXT,
    body TEXT NOT NULL,
    ledger TEXT NOT NULL
);
CREATE INDEX briefings_by_topic ON briefings (topic_key, number);
"""

_BY_ID = "id = ?"
_LAST = "topic_key = ? AND status IN ('written', 'nothing_new')"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class BriefingSummary:
    """One line of the index. `since`: the id of the briefing that it was compared with."""

    id: str
    topic: str
    created_at: str
    status: BriefingStatus
    headline: str
    since: str | None


@dataclass(frozen=True, slots=True)
class BriefingPage:
    briefings: tuple[BriefingSummary, ...]
    next_cursor: str | None


class BriefingStore:
    """Safe to use from many threads. Every method may raise LibraryUnusable."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._database = Database(folder / FILE, application_id=_APPLICATION_ID, version=1, schema=_SCHEMA)

    def put(self, briefing: Briefing, ledger: Mapping[str, str]) -> None:
        """Keep a briefing, and the revision of each article that had been read until then, by the article's id."""
        row = (
            briefing.id,
            briefing.topic,
            normalised(briefing.topic),
            briefing.created_at,
            briefing.status,
            briefing.headline,
            briefing.changes.since,
            _json(briefing_body(briefing)),
            _json(ledger),
        )
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO briefings (id, topic, topic_key, created_at, status, headline, since, body, ledger) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )

    def get(self, briefing_id: str) -> Before | None:
        """The briefing as it was kept, with its ledger; `None` when there is none."""
        return self._one(_BY_ID, _storable(briefing_id))

    def last(self, topic: str) -> Before | None:
        """The latest briefing of a topic, however it was written, that told something."""
        return self._one(_LAST, normalised(topic))

    def topic(self, briefing_id: str) -> str | None:
        """That of a briefing; `None` when there is none with this id."""
        row = self._row("topic", _BY_ID, _storable(briefing_id))
        return None if row is None else str(row[0])

    def ledger(self, topic: str) -> Ledger:
        """What had been read for the latest briefing of a topic that told something; empty when there is none."""
        row = self._row("ledger", _LAST, normalised(topic))
        return {} if row is None else _parsed(lambda: dict(json.loads(row[0])))

    def _one(self, condition: str, value: str) -> Before | None:
        row = self._row("body, ledger", condition, value)
        return None if row is None else _parsed(lambda: Before(briefing_of(json.loads(row[0])), json.loads(row[1])))

    def _row(self, columns: str, condition: str, value: str) -> sqlite3.Row | None:
        if not self._database.is_there():
            return None
        with self._database.reading() as connection:
            row: sqlite3.Row | None = connection.execute(
                f"SELECT {columns} FROM briefings WHERE {condition} ORDER BY number DESC LIMIT 1",  # noqa: S608
                (value,),
            ).fetchone()
        return row

    def page(self, limit: int, cursor: str | None = None, topic: str | None = None) -> BriefingPage:
        """The latest first; of one topic where one is named. Raises InputRejected for a cursor that no page gave."""
        before = _number(cursor)
        if not self._database.is_there():
            return BriefingPage((), None)
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT number, id, topic, created_at, status, headline, since FROM briefings "
                "WHERE number < ? AND (? IS NULL OR topic_key = ?) ORDER BY number DESC LIMIT ?",
                (before, topic, None if topic is None else normalised(topic), limit + 1),
            ).fetchall()
        page = tuple(BriefingSummary(*tuple(row)[1:]) for row in rows[:limit])
        return BriefingPage(page, str(rows[limit - 1][0]) if len(rows) > limit and page else None)

    def topics(self, limit: int) -> list[str]:
        """Those of which briefings were made, the latest first."""
        if not self._database.is_there():
            return []
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT topic, max(number) AS latest FROM briefings WHERE status IN ('written', 'nothing_new') "
                "GROUP BY topic_key ORDER BY latest DESC LIMIT ?",
                (limit,),
            ).fetchall()
        return [str(row[0]) for row in rows]

    def close(self) -> None:
        """Twice is harmless."""
        self._database.close()


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _parsed(read: Callable[[], T]) -> T:
    try:
        return read()
    except (KeyError, TypeError, ValueError) as error:
        raise LibraryUnusable(
            f"a briefing in {FILE} cannot be read ({type(error).__name__}): move the file away"
        ) from error


def _number(cursor: str | None) -> int:
    if cursor is None:
        return 2**63 - 1
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 18:
        raise InputRejected(f"cursor {cursor[:40]!r} is not one that a list of briefings gave: start without it")
    return int(cursor)


def _json(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:  # half a surrogate pair, which a topic or a model may have: as JSON's own escape
        return json.dumps(value, separators=(",", ":"))
    return text
