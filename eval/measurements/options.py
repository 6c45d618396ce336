"""What a measurement is given, and what it tells of how far it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import TypeVar

from eval.reports.report import CaseShown, Plot, Report, Table
from service.errors import InputRejected
from service.version import installed_version

T = TypeVar("T")


class Steps:
    """Hands items on, one by one. This one says nothing of how far it is."""

    def over(self, what: str, items: Sequence[T]) -> Iterator[T]:
        del what
        yield from items


@dataclass(frozen=True, slots=True)
class MeasureOptions:
    """`files`: the data, where it is the user's. `articles`: in place of the seeds. `limit`: the first so many rows.

    Raises InputRejected for a file that cannot be read or has nothing in it.
    """

    files: tuple[Path, ...] = ()
    articles: tuple[Path, ...] = ()
    limit: int | None = None
    steps: Steps = field(default_factory=Steps)

    def __post_init__(self) -> None:
        if self.limit is not None and self.limit < 1:
            raise InputRejected("limit is at least 1")
        for path in self.files:
            _require_text(path)

    def the_files(self, suite: str, what: str) -> tuple[Path, ...]:
        """Raises InputRejected when there is none."""
        if not self.files:
            raise InputRejected(f"suite {suite}: no data; name {what}: groundwire eval run {suite} FILE")
        return self.files


def _require_text(path: Path) -> None:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputRejected(f"{path}: cannot be read ({error.strerror}); name a file of data") from error
    except UnicodeDecodeError as error:
        raise InputRejected(f"{path}: cannot be read (it is not UTF-8); name a file of data") from error
    if not text.strip():
        raise InputRejected(f"{path}: is empty; name a file of data")


def named(files: Sequence[Path]) -> dict[str, Path]:
    """Each file by its name; by its path where another one has that name too."""
    names = [path.name for path in files]
    return {str(path) if names.count(path.name) > 1 else path.name: path for path in files}


@dataclass(frozen=True, slots=True)
class Found:
    """What came of a measurement. `begun`: perf_counter when it began."""

    suite: str
    headline: str
    about: str
    tables: tuple[Table, ...]
    begun: float
    data: str
    cases: tuple[CaseShown, ...] = ()
    plots: tuple[Plot, ...] = ()

    def report(self) -> Report:
        facts = (
            ("measures", self.about),
            ("data", self.data),
            ("groundwire", installed_version()),
            ("took", f"{perf_counter() - self.begun:.0f} s"),
        )
        return Report(self.suite, self.headline, facts, self.tables, self.plots, self.cases)
