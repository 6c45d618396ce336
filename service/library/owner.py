"""One owner per data directory.

A second process on the same Chroma directory silently misses records, so whoever opens the directory holds
`owner.lock` for as long as it lives. The kernel frees the lock when the process ends, however it ends; `owner.json`
beside it only says who holds it.
"""

from __future__ import annotations

import json
import os
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from service.errors import LibraryBusy, LibraryUnusable

LOCK_FILE = "owner.lock"
RECORD_FILE = "owner.json"


@dataclass(frozen=True, slots=True)
class OwnerRecord:
    """Who owns the directory. `address` is `http://host:port` of a service, `None` for a one-shot command."""

    pid: int
    address: str | None
    token: str

    def __repr__(self) -> str:
        return f"OwnerRecord(pid={self.pid}, address={self.address!r})"


class DataDirectoryOwner:
    """Holds a data directory until `release`. Made by `acquire`."""

    def __init__(self, data_dir: Path, lock: FileLock, record: OwnerRecord) -> None:
        self._data_dir = data_dir
        self._lock = lock
        self.record = record

    @classmethod
    def acquire(cls, data_dir: Path, *, timeout_seconds: float = 1.5) -> DataDirectoryOwner:
        """Create the directory if need be and own it.

        Raises LibraryBusy when another live process owns it for longer than the timeout, LibraryUnusable when the
        directory cannot be written.
        """
        try:
            data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = _lock(data_dir)
            lock.acquire(timeout=timeout_seconds, poll_interval=0.05)
        except Timeout:
            raise LibraryBusy(_busy(data_dir)) from None
        except (OSError, ValueError, NotImplementedError) as error:  # the last: a file system without locks
            raise LibraryUnusable(_unusable(data_dir, error)) from None
        owner = cls(data_dir, lock, OwnerRecord(pid=os.getpid(), address=None, token=secrets.token_urlsafe(32)))
        try:
            # Replaces what a killed owner left, which must not be taken for this one's.
            owner._write()
        except OSError as error:
            lock.release()
            raise LibraryUnusable(_unusable(data_dir, error)) from None
        return owner

    def announce(self, address: str) -> None:
        """Say where the service listens: from now on commands talk to it."""
        self.record = OwnerRecord(pid=self.record.pid, address=address, token=self.record.token)
        self._write()

    def release(self) -> None:
        """Give the directory back. Releasing twice is harmless."""
        if self._lock.is_locked:
            with suppress(OSError):
                (self._data_dir / RECORD_FILE).unlink(missing_ok=True)
            self._lock.release()

    def _write(self) -> None:
        temporary = self._data_dir / f"{RECORD_FILE}.new"
        with suppress(FileNotFoundError):
            temporary.unlink()
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(asdict(self.record), file)
        temporary.replace(self._data_dir / RECORD_FILE)


def read_owner(data_dir: Path) -> OwnerRecord | None:
    """The live owner, or `None`. What a killed owner left counts as none: its lock is free."""
    record = _read_record(data_dir)
    if record is None or not _alive(record.pid):
        return None
    probe = _lock(data_dir)
    try:
        probe.acquire(timeout=0)
    except Timeout:
        return record
    except OSError:
        return None
    probe.release()
    return None


def _lock(data_dir: Path) -> FileLock:
    # Not thread-local: the thread that closes need not be the one that opened. Not soft: that outlives a kill.
    return FileLock(data_dir / LOCK_FILE, thread_local=False, fallback_to_soft=False)


def _read_record(data_dir: Path) -> OwnerRecord | None:
    try:
        fields = json.loads((data_dir / RECORD_FILE).read_text(encoding="utf-8"))
        pid, address, token = fields["pid"], fields["address"], fields["token"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not isinstance(pid, int) or pid <= 0 or not isinstance(token, str) or not isinstance(address, str | None):
        return None
    return OwnerRecord(pid=pid, address=address, token=token)


def _alive(pid: int) -> bool:
    # A killed owner's record is read as live for the instant in which the next owner has the lock but not yet the file.
    import psutil

    return psutil.pid_exists(pid)


def _busy(data_dir: Path) -> str:
    record = _read_record(data_dir)
    if record is None:
        return f"{data_dir} is in use by another groundwire process; wait until it ends, or stop it"
    if record.address is not None:
        return f"{data_dir} is in use by the service at {record.address} (pid {record.pid}); use that one, or stop it"
    return f"{data_dir} is in use by another groundwire command (pid {record.pid}); wait until it ends, or stop it"


def _unusable(data_dir: Path, error: Exception) -> str:
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return f"cannot write in {data_dir}: {reason}; set GROUNDWIRE_DATA_DIR to a folder you may write"
