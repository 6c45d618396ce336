"""Receipts of answers, in a SQLite file of their own: an answer never waits for the library's writer."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.errors import LibraryUnusable

SCHEMA_VERSION = 1
APPLICATION_ID = 0x67777232
"""Marks the file as ours ("gwr2"), so that another program's database is refused and not written into."""
_BUSY_TIMEOUT_MS = 250
"""The data directory has one owner, so only a person's tool can hold the file, and no answer waits long for one."""
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
        self._path = path
        self._kept = kept
        self._lock = threading.Lock()
        self._opened: sqlite3.Connection | None = None
        self._closed = False

    def open(self) -> None:
        """Open it now, or create it."""
        with self._connection():
            pass

    def put(self, receipt_id: str, created_at: str, body: str) -> None:
        """Store one, and forget the oldest beyond the number that is kept."""
        with self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                put = "INSERT INTO receipts (id, created_at, body) VALUES (?, ?, ?)"
                number = connection.execute(put, (receipt_id, created_at, body)).lastrowid or 0
                connection.execute("DELETE FROM receipts WHERE number <= ?", (number - self._kept,))
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def get(self, receipt_id: str) -> str | None:
        """The body as it was put; `None` when there is none, or no longer."""
        if self._opened is None and not self._path.exists():
            return None
        with self._connection() as connection:
            # An id with a half of a surrogate pair or a NUL in it cannot be a parameter, and is no receipt's.
            row = connection.execute(
                "SELECT body FROM receipts WHERE id = ?", (receipt_id.encode("utf-8", "replace").decode("utf-8"),)
            ).fetchone()
        return None if row is None else str(row[0])

    def count(self) -> int:
        if self._opened is None and not self._path.exists():
            return 0
        with self._connection() as connection:
            return int(connection.execute("SELECT count(*) FROM receipts").fetchone()[0])

    def close(self) -> None:
        """Twice is harmless."""
        with self._lock:
            self._closed = True
            self._drop()

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            if self._closed:
                raise LibraryUnusable(f"{self._path} is closed: this process is shutting down")
            try:
                if self._opened is None:
                    self._opened = self._open()
                yield self._opened
            except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
                raise  # a mistake of ours, not a state of the data directory
            except (sqlite3.DatabaseError, OSError) as error:
                self._drop()  # so that a file that was mended or moved away is opened anew
                raise LibraryUnusable(
                    f"{self._path} cannot be used ({error}): make room, check its rights, or move it away"
                ) from error

    def _drop(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        try:
            connection.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}")
            self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        tables = int(connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0])
        mark = int(connection.execute("PRAGMA application_id").fetchone()[0])
        if tables and mark != APPLICATION_ID:
            raise LibraryUnusable(f"{self._path} is another program's database: move it away")
        if version > SCHEMA_VERSION:
            raise LibraryUnusable(
                f"{self._path} was written by a newer groundwire (schema {version}, this one knows {SCHEMA_VERSION}): "
                "upgrade groundwire"
            )
        connection.execute("PRAGMA journal_mode = WAL")
        # NORMAL: a commit is not forced to the disk, which would cost an answer more than all else about its receipt.
        # The process may die at any moment and nothing is lost; the machine may lose power and the last receipts with
        # it, never the file. The library, which holds what cannot be made again, is FULL.
        connection.execute("PRAGMA synchronous = NORMAL")
        if not tables:
            connection.executescript(
                f"BEGIN IMMEDIATE; {_SCHEMA}; PRAGMA application_id = {APPLICATION_ID};"
                f"PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;"
            )
