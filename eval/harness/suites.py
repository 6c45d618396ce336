"""Which cases make a suite, and the library that they are asked of."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path

from eval.cases import DATASETS
from eval.corpus import SEEDS, ids_in, originals_in
from eval.harness.case_file import Dataset, read_dataset
from eval.harness.system import GroundwireSystem, System, corpus_fingerprint, deciding
from eval.suites import MEASUREMENTS
from service.errors import InputRejected
from service.settings import Settings
from service.wiring import Groundwire, open_groundwire

SUITES_FOLDER = DATASETS / "suites"
SEEDS_AS_OF = "2026-01-15"
"""After the last day that a seed article speaks of. Fixed, so that no run depends on the day it is made."""


@dataclass(frozen=True, slots=True)
class Suite:
    """`articles`: what the cases were written for. `planted`: further articles, which any others are asked beside."""

    name: str
    files: tuple[Path, ...]
    articles: Path | None = None
    planted: tuple[Path, ...] = ()
    as_of: str | None = None

    def dataset(self) -> Dataset:
        """Raises InputRejected."""
        return read_dataset(self.name, self.files)


SUITES: Mapping[str, Suite] = {
    "seeds": Suite(
        "seeds",
        (
            DATASETS / "seeds.jsonl",
            SUITES_FOLDER / "seeds" / "questions.jsonl",
            SUITES_FOLDER / "seeds" / "topics.jsonl",
        ),
        SEEDS,
        (SUITES_FOLDER / "seeds" / "articles.jsonl",),
        SEEDS_AS_OF,
    )
}


def suite_named(name: str) -> Suite:
    """A suite by its name, else the cases of a file. Raises InputRejected when there is neither."""
    if name in SUITES:
        return SUITES[name]
    path = Path(name)
    if not path.is_file():
        known = ", ".join((*SUITES, *MEASUREMENTS))
        raise InputRejected(f"{name}: neither a suite ({known}) nor a file of cases")
    return Suite(path.stem, (path,))


@dataclass(frozen=True, slots=True)
class OpenSuite:
    """What a run needs. `ids`, `originals`, `own_words`: see eval/harness/gold.py."""

    dataset: Dataset
    system: System
    as_of: str
    corpus: str
    corpus_fingerprint: str
    settings: Mapping[str, object]
    ids: Mapping[str, str] = field(default_factory=dict)
    originals: Mapping[str, str] = field(default_factory=dict)
    own_words: bool = True


@contextmanager
def open_suite(
    suite: Suite,
    settings: Settings,
    *,
    articles: Path | None = None,
    data_dir: Path | None = None,
    mode: str = "auto",
    as_of: str | None = None,
) -> Iterator[OpenSuite]:
    """The suite's library, in a temporary folder unless `data_dir` names one.

    `articles`: read in place of the suite's own. A file of cases without either is asked of the library that the
    settings name. Raises InputRejected, LibraryBusy and so on.
    """
    dataset = suite.dataset()
    day = as_of or suite.as_of or datetime.now(UTC).date().isoformat()
    moment = noon(day)
    source = articles or suite.articles
    with ExitStack() as closing:
        folder = data_dir or (settings.data_dir if source is None else None)
        if folder is None:
            folder = Path(closing.enter_context(tempfile.TemporaryDirectory(prefix="groundwire-eval-")))
            settings = settings.model_copy(update={"chroma_url": None})  # nobody else's store for a throwaway library
        # Questions of an evaluation are nobody's: they push no receipt out.
        chosen = settings.model_copy(update={"data_dir": folder.absolute(), "receipts_kept": 0})
        groundwire = open_groundwire(chosen, serving=False, now=lambda: moment)
        closing.callback(groundwire.close)
        if source is not None:
            _ingest(groundwire, [source, *suite.planted])
        other = articles is not None and suite.articles is not None and articles.resolve() != suite.articles.resolve()
        ids = ids_in(groundwire, source) if other and source is not None else {}
        originals = originals_in(groundwire)
        if not originals:
            raise InputRejected(f"{folder}: the library is empty; ingest articles, or name some with --articles")
        dataset.of_articles({*originals, *ids})
        yield OpenSuite(
            dataset=dataset,
            system=GroundwireSystem(groundwire, mode),
            as_of=day,
            corpus=source.name if source is not None else "the library",
            corpus_fingerprint=corpus_fingerprint(groundwire),
            settings=deciding(chosen) | {"mode": mode},
            ids=ids,
            originals=originals,
            own_words=not other,
        )


def noon(day: str) -> datetime:
    """Raises InputRejected for what is no ISO date."""
    try:
        return datetime.combine(date.fromisoformat(day), time(12), tzinfo=UTC)
    except ValueError as error:
        raise InputRejected(f"as of {day!r}: no date; write it as 2025-11-08") from error


def _ingest(groundwire: Groundwire, paths: Sequence[Path]) -> None:
    for path in paths:
        if not path.exists():
            raise InputRejected(f"{path}: not there; name a folder or file of articles with --articles")
    report = groundwire.ingest_paths([os.fspath(path) for path in paths])
    if report.failed:
        raise InputRejected(f"{report.failed[0].origin}: {report.failed[0].error}")
