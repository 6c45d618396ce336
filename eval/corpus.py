"""A throwaway library for a measurement, filled from files."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.errors import InputRejected
from service.settings import load_settings
from service.wiring import Groundwire, open_groundwire

SEEDS = Path(__file__).parent.parent / "seeds"
WORLD = Path(__file__).parent / "datasets" / "world"


@contextmanager
def empty_library(folder: Path | None = None) -> Iterator[Groundwire]:
    """A library in a folder that is empty, a temporary one where none is named."""
    with tempfile.TemporaryDirectory(prefix="groundwire-eval-") as temporary:
        groundwire = open_groundwire(load_settings(data_dir=folder or Path(temporary)), serving=False)
        try:
            yield groundwire
        finally:
            groundwire.close()


@contextmanager
def library_of(*paths: Path) -> Iterator[Groundwire]:
    """A library in a temporary folder holding these files. Raises InputRejected when one of them cannot be read."""
    with empty_library() as groundwire:
        report = groundwire.ingest_paths([os.fspath(path) for path in paths])
        if report.failed:
            raise InputRejected(f"{report.failed[0].origin}: {report.failed[0].error}")
        yield groundwire


def seed_ids() -> list[str]:
    """The ids of the seed articles, in the order of their files."""
    manifest = json.loads((SEEDS / "manifest.json").read_text(encoding="utf-8"))
    return [entry["id"] for entry in manifest["articles"]]


def ids_in(groundwire: Groundwire, folder: Path) -> dict[str, str]:
    """Seed id to article id, for a folder whose files tell of the same events in the same order as the seeds."""
    files = sorted(p for p in folder.iterdir() if p.suffix in (".txt", ".md") and p.name[:1].isdigit())
    seeds = seed_ids()
    if len(files) != len(seeds):
        raise InputRejected(
            f"{folder}: {len(files)} articles where the seeds are {len(seeds)}; name a folder that matches"
        )
    by_name = {Path(a.origin).name: a.id for a in groundwire.articles(1000, None).articles}
    return {seed: by_name[file.name] for seed, file in zip(seeds, files, strict=True)}


def originals_in(groundwire: Groundwire) -> dict[str, str]:
    """Each article's id to that of the one that it is a copy of, or its own."""
    return {a.id: a.duplicate_of or a.id for a in groundwire.articles(100_000, None).articles}
