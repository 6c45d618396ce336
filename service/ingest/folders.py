"""Walking folders: by name, hidden and unknown files left out, every folder once, links never in circles."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from service.errors import InputRejected
from service.ingest.files import FoundFile, refusal
from service.ingest.shown import printable
from service.types import IngestFailure

ABOUT_THE_FOLDER = frozenset(("readme", "license", "licence"))
"""Files that speak about the articles beside them: read when they are named, passed over in a folder."""


class FolderWalk:
    """One run's walk through folders; remembers where it has been, so that neither folder nor file is read twice."""

    def __init__(self, suffixes: frozenset[str]) -> None:
        self._suffixes = suffixes
        self._seen: set[tuple[int, int]] = set()
        self._files: set[Path] = set()

    def first_time(self, file: Path) -> bool:
        """Is this the first time in this run that the file is met? By its path: a link to it is another file."""
        path = Path(os.path.abspath(file))  # noqa: PTH100  # Path.absolute keeps "..", Path.resolve follows links
        known = path in self._files
        self._files.add(path)
        return not known

    def has_seen(self, folder: Path) -> bool:
        try:
            return _identity(folder) in self._seen
        except OSError:
            return False

    def files(self, folder: Path) -> Iterator[FoundFile | IngestFailure]:
        """The files with a known ending below this folder, depth first, by name.

        A folder that cannot be listed, or a link that leads back up, is a failure.
        """
        waiting = [folder]
        while waiting:
            path = waiting.pop()
            origin = printable(str(path))
            try:
                if os.path.isdir(path):  # noqa: PTH112  # Path.is_dir raises where this is false
                    waiting.extend(reversed(self._list(path)))
                elif path.suffix.lower() in self._suffixes and path.stem.lower() not in ABOUT_THE_FOLDER:
                    yield FoundFile(path, origin=origin, place=printable(path.relative_to(folder).as_posix()))
            except InputRejected as rejected:
                yield IngestFailure(origin, str(rejected))

    def _list(self, folder: Path) -> list[Path]:
        """What is in this folder, links last, so that a folder is entered by its own name where it has one."""
        try:
            identity = _identity(folder)
            if identity in self._seen:
                if _leads_back(folder):
                    raise InputRejected("is a link to a folder above it, which is read already: remove the link")
                return []
            self._seen.add(identity)
            with os.scandir(folder) as entries:
                found = sorted((entry.is_symlink(), entry.name) for entry in entries if not entry.name.startswith("."))
        except OSError as error:
            raise refusal(error) from error
        if not found and folder.suffix.lower() in self._suffixes:
            raise InputRejected("is an empty folder with the name of a file: remove it, or put the file in its place")
        return [folder / name for _, name in found]


def _identity(folder: Path) -> tuple[int, int]:
    status = folder.stat()
    return status.st_dev, status.st_ino


def _leads_back(folder: Path) -> bool:
    return folder.is_symlink() and folder.parent.resolve().is_relative_to(folder.resolve())
