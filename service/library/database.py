"""A SQLite file of our own beside the library: opened at the first use, marked as ours, its errors in plain words."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.errors import LibraryUnusable

_BUSY_TIMEOUT_MS = 250
"""The data directory has one owner, so only a person's tool can hold the file, and nothing waits long for one."""


class Database:
    """One connection behind a lock, for files that are small and seldom written. Safe to use from many threads.

    `application_id` marks the file, so that another program's database is refused and not written into. `schema` makes
    the tables of a new file; `at_start` is carried out when this process first opens one. `durable`: a commit is forced
    to the disk, so that it outlives a loss of power; without, it outlives the process, and the file is never harmed.
    Everything may raise LibraryUnusable: the file is damaged, another program's, of a newer version, or cannot be
    written.
    """

    def __init__(
        self, path: Path, *, application_id: int, version: int, schema: str, at_start: str = "", durable: bool = True
    ) -> None:
        self._path = path
        self._application_id = application_id
        self._version = version
        self._schema = schema
        self._at_start = at_start
        self._durable = durable
        self._lock = threading.RLock()
        self._opened: sqlite3.Connection | None = None
        self._closed = False

    def is_there(self) -> bool:
        """Whether there is a file: reading from none needs none to be made."""
        return self._opened is not None or self._path.exists()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            if self._closed:
                raise LibraryUnusable(f"{self._path} is closed: this process is shutting down")
            try:
                if self._opened is None:
                    self._opened = self._open()
                    self._opened.execute(self._at_start)
                    self._at_start = ""
                yield self._opened
            except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
                raise  # a mistake of ours, or a rule of the schema that the caller knows
            except (sqlite3.DatabaseError, OSError) as error:
                self._drop()  # so that a file that was mended or moved away is opened anew
                raise LibraryUnusable(
                    f"{self._path} cannot be used ({error}): make room, check its rights, or move it away"
                ) from error

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Inside a transaction: on disk when the block ends, as if it had never been when it raises."""
        with self.reading() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Twice is harmless."""
        with self._lock:
            self._closed = True
            self._drop()

    def _drop(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        try:
            connection.row_factory = sqlite3.Row
            connection.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}")
            connection.execute("PRAGMA foreign_keys = ON")
            self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        tables = int(connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0])
        mark = int(connection.execute("PRAGMA application_id").fetchone()[0])
        if tables and mark != self._application_id:
            raise LibraryUnusable(f"{self._path} is another program's database: move it away")
        if version > self._version:
            raise LibraryUnusable(
                f"{self._path} was written by a newer groundwire (schema {version}, this one knows {self._version}): "
                "upgrade groundwire"
            )
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {'FULL' if self._durable else 'NORMAL'}")
        if not tables:
            connection.executescript(
                f"BEGIN IMMEDIATE; {self._schema}; PRAGMA application_id = {self._application_id};"
                f"PRAGMA user_version = {self._version}; COMMIT;"
            )
