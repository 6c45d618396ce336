"""What the vector store has still to be told. Written with the change itself, removed once the store has taken it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from service.library.rows import id_list

Action = Literal["upsert", "delete"]


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """One change of one chunk. Entries of the same chunk are in the order they happened: the last one wins."""

    sequence: int
    chunk_id: str
    action: Action


def enqueue(connection: sqlite3.Connection, chunk_ids: Iterable[str], action: Action) -> None:
    connection.executemany("INSERT INTO outbox (chunk_id, action) VALUES (?, ?)", ((i, action) for i in chunk_ids))


def requeue_all(connection: sqlite3.Connection) -> None:
    """Every chunk is to be sent again, and nothing else."""
    connection.execute("DELETE FROM outbox")
    connection.execute("INSERT INTO outbox (chunk_id, action) SELECT id, 'upsert' FROM chunks ORDER BY number")


def pending(connection: sqlite3.Connection, limit: int) -> list[OutboxEntry]:
    rows = connection.execute("SELECT sequence, chunk_id, action FROM outbox ORDER BY sequence LIMIT ?", (limit,))
    return [OutboxEntry(*row) for row in rows]


def pending_ids(connection: sqlite3.Connection) -> set[str]:
    return {row[0] for row in connection.execute("SELECT DISTINCT chunk_id FROM outbox")}


def settle(connection: sqlite3.Connection, sequences: Sequence[int]) -> None:
    settled = id_list(map(str, sequences))
    connection.execute(
        "DELETE FROM outbox WHERE sequence IN (SELECT CAST(value AS INTEGER) FROM json_each(?))", (settled,)
    )
