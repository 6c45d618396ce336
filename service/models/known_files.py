"""The sha256 of files that were hashed before: large ones are read again only when they changed."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

_FILE = "known-files.json"


def digest(files: Iterable[Path]) -> str:
    """sha256, in hex, of the files' contents one after the other. Reading lets other threads run. Raises OSError."""
    total = hashlib.sha256()
    for file in files:
        with file.open("rb") as opened:
            while block := opened.read(1 << 20):
                total.update(block)
    return total.hexdigest()


class KnownFiles:
    """`digest`, remembered in a folder beside each file's size, times and inode.

    Both times count: a file that was written and then given its old modification time has a new change time. What
    cannot be read or written there is computed again.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / _FILE
        self._lock = threading.Lock()

    def digest(self, files: Sequence[Path]) -> str:
        """Raises OSError."""
        before = [_state(file) for file in files]
        name = "\n".join(str(file.absolute()) for file in files)
        with self._lock:
            known = self._read().get(name)
        if isinstance(known, list) and known[:1] == [before] and len(known) == 2 and isinstance(known[1], str):
            return known[1]
        found = digest(files)
        if [_state(file) for file in files] == before:  # else somebody is writing it right now
            with self._lock:
                self._write({**self._read(), name: [before, found]})
        return found

    def _read(self) -> dict[str, object]:
        try:
            known = json.loads(self._file.read_bytes())
        except (OSError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}

    def _write(self, known: dict[str, object]) -> None:
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(prefix=_FILE, dir=self._file.parent)
            try:
                with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
                    json.dump(known, opened)
                Path(name).replace(self._file)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise


def _state(file: Path) -> list[int]:
    stat = file.stat()
    return [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino]
