"""Receipts of answers, in a SQLite file of their own: an answer never waits for the library's writer."""

from __future__ import annotations

from pathlib import Path

from service.library.database import Database

SCHEMA_VERSION = 1
APPLICATION_ID = 0x67777232
"""Marks the file as ours ("gwr2")."""
_SCHEMA = """
CREATE TABLE receipts (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL,
    body TEXT NOT NULL
)
"""


class ReceiptStore:
    """The last `kept` receipts. Opened at the first use; safe to use from many threads.

    Every method may raise LibraryUnusable: the file is damaged, another program's, or cannot be written.
    """

    def __init__(self, path: Path, kept: int) -> None:
        self._kept = kept
        # Not durable: forcing a commit to the disk would cost an answer more than all else about its receipt. The
        # library, which holds what cannot be made again, is.
        self._database = Database(
            path, application_id=APPLICATION_ID, version=SCHEMA_VERSION, schema=_SCHEMA, durable=False
        )

    def open(self) -> None:
        """Open it now, or create it."""
        with self._database.reading():
            pass

    def put(self, receipt_id: str, created_at: str, body: str) -> None:
        """Store one, and forget the oldest beyond the number that is kept."""
        with self._database.writing() as connection:
            put = "INSERT INTO receipts (id, created_at, body) VALUES (?, ?, ?)"
            number = connection.execute(put, (receipt_id, created_at, body)).lastrowid or 0
            connection.execute("DELETE FROM receipts WHERE number <= ?", (number - self._kept,))

    def get(self, receipt_id: str) -> str | None:
        """The body as it was put; `None` when there is none, or no longer."""
        if not self._database.is_there():
            return None
        with self._database.reading() as connection:
            # An id with a half of a surrogate pair or a NUL in it cannot be a parameter, and is no receipt's.
            row = connection.execute(
                "SELECT body FROM receipts WHERE id = ?", (receipt_id.encode("utf-8", "replace").decode("utf-8"),)
            ).fetchone()
        return None if row is None else str(row[0])

    def count(self) -> int:
        if not self._database.is_there():
            return 0
        with self._database.reading() as connection:
            return int(connection.execute("SELECT count(*) FROM receipts").fetchone()[0])

    def close(self) -> None:
        """Twice is harmless."""
        self._database.close()
