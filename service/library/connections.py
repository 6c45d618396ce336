"""SQLite connections of one library file: one writer behind a lock, readers that never wait for it."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

from service.errors import LibraryBusy, LibraryError, LibraryUnusable

SCHEMA_VERSION = 1
APPLICATION_ID = 0x67777231
"""Marks the file as ours ("gwr1"), so that another program's database is refused and not written into."""

_BUSY_TIMEOUT_MS = 1_500
_CACHE_KIB = 16_384
"""Pages of a library that a connection keeps: SQLite's own 2 MB are read anew by every search."""


class Connections:
    """Opens, or creates, the library at `path`. Raises LibraryUnusable or LibraryBusy, in one line."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._write_lock = threading.Lock()
        self._pool_lock = threading.Lock()
        self._idle: list[sqlite3.Connection] = []
        self._closed = False
        self._held = threading.local()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LibraryUnusable(
                f"the folder {path.parent} cannot be made ({error.strerror}): choose another data directory"
            ) from error
        with self._plain_errors():
            self._writer = self._connect()
            try:
                self._prepare(self._writer)
            except BaseException:
                self._writer.close()
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection with a read transaction: everything read inside comes from one state of the library."""
        held = getattr(self._held, "connection", None)
        if held is not None:
            with self._plain_errors():
                yield held
            return
        with self._plain_errors():
            connection = self._take()
            try:
                connection.execute("BEGIN")
                yield connection
            finally:
                self._give_back(connection)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All that this thread reads inside comes from one transaction, and each read is the cheaper for it."""
        with self.reading() as connection:
            outer = getattr(self._held, "connection", None)
            self._held.connection = connection
            try:
                yield
            finally:
                self._held.connection = outer

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The writer inside a transaction: committed and on disk when the block ends, rolled back if it raises."""
        with self._write_lock, self._plain_errors():
            if self._closed:
                raise self._is_closed()
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Close every connection that is not in use; the others close when their read ends."""
        with self._write_lock, self._pool_lock:
            if self._closed:
                return
            self._closed = True
            for connection in self._idle:
                connection.close()
            self._idle.clear()
            self._writer.close()

    def _take(self) -> sqlite3.Connection:
        with self._pool_lock:
            if self._closed:
                raise self._is_closed()
            if self._idle:
                return self._idle.pop()
        connection = self._connect()
        connection.execute("PRAGMA query_only = ON")
        return connection

    def _give_back(self, connection: sqlite3.Connection) -> None:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        with self._pool_lock:
            if not self._closed:
                self._idle.append(connection)
                return
        connection.close()

    def _connect(self) -> sqlite3.Connection:
        # A connection serves one thread at a time, but not always the one that opened it.
        connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        try:
            connection.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepare(self, writer: sqlite3.Connection) -> None:
        version = int(writer.execute("PRAGMA user_version").fetchone()[0])
        mark = int(writer.execute("PRAGMA application_id").fetchone()[0])
        tables = int(writer.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0])
        if tables and mark != APPLICATION_ID:
            raise LibraryUnusable(f"{self._path} is another program's database: choose another data directory")
        if version > SCHEMA_VERSION:
            raise LibraryUnusable(
                f"{self._path} was written by a newer groundwire (schema {version}, this one knows {SCHEMA_VERSION}): "
                "upgrade groundwire"
            )
        mode = str(writer.execute("PRAGMA journal_mode = WAL").fetchone()[0])
        if mode != "wal":
            raise LibraryUnusable(f"{self._path} is on a file system without shared memory: choose a local directory")
        if not tables:
            schema = resources.files(__package__).joinpath("schema.sql").read_text(encoding="utf-8")
            writer.executescript(
                f"BEGIN IMMEDIATE; {schema} PRAGMA application_id = {APPLICATION_ID};"
                f"PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;"
            )
        # A file that may only be read says so at the first change, not at BEGIN IMMEDIATE.
        writer.execute("BEGIN IMMEDIATE")
        writer.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        writer.execute("ROLLBACK")

    @contextmanager
    def _plain_errors(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
            raise  # a mistake of ours, not a state of the data directory
        except sqlite3.DatabaseError as error:
            raise self._explained(error) from error

    def _explained(self, error: sqlite3.DatabaseError) -> LibraryError:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return LibraryBusy(f"another process is writing to {self._path}: use that one, or stop it")
        if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
            return LibraryUnusable(
                f"{self._path} cannot be written: check its rights, or choose another data directory"
            )
        if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
            return LibraryUnusable(
                f"{self._path} is damaged ({error}): move it away and ingest again, or restore a copy"
            )
        if code == sqlite3.SQLITE_FULL:
            return LibraryUnusable(f"the disk of {self._path} is full: make room and try again")
        return LibraryUnusable(f"{self._path} failed ({error}): run `groundwire doctor`")

    def _is_closed(self) -> LibraryUnusable:
        return LibraryUnusable(f"{self._path} is closed: this process is shutting down")
