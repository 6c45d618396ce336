"""What the worker asks of a system under measurement. Only the standard library: peers run in another environment."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

ARTICLES_FILE = "articles.jsonl"
CHUNKS_FILE = "chunks.jsonl"


@dataclass(frozen=True, slots=True)
class GivenChunk:
    """One chunk as every system gets it. `id` is `ARTICLE#NUMBER`."""

    id: str
    text: str


class System(Protocol):
    """One way of storing and finding chunks, opened on one folder."""

    @property
    def packages(self) -> Sequence[str]:
        """Distributions whose versions belong beside its figures."""

    @property
    def computes(self) -> str:
        """What computes the vectors and in which precision; asked after `warm`."""

    def warm(self) -> None:
        """Load the model and run it once, so that a measurement of ingest holds neither."""

    def ingest(self, corpus: Path) -> int:
        """Read the corpus folder, embed, store and index; how many chunks that were."""

    def search(self, query: str, k: int) -> list[str]:
        """Ids of the k best chunks, best first."""

    def close(self) -> None:
        """Close the files."""


class NotInstalled(Exception):
    """A package that the system needs is not in this environment."""


def read_chunks(corpus: Path) -> Iterator[GivenChunk]:
    with (corpus / CHUNKS_FILE).open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield GivenChunk(row["id"], row["text"])


def slices(chunks: Iterator[GivenChunk], size: int) -> Iterator[list[GivenChunk]]:
    """So many at once, so that no system holds the whole corpus."""
    some: list[GivenChunk] = []
    for chunk in chunks:
        some.append(chunk)
        if len(some) == size:
            yield some
            some = []
    if some:
        yield some
