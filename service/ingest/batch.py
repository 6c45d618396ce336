"""What is decided but not yet committed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.ingest.duplicates import Decision
from service.ingest.embedding import CHUNKS_AT_ONCE
from service.types import Chunk

MAX_CHARACTERS = 1_000_000
"""Bounds the memory of a batch of copies, which have no chunks to count."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An article to be put into the library; `where` it came from, for a failure's line."""

    decision: Decision
    chunks: Sequence[Chunk]
    where: str


class Batch:
    """Entries in the order in which they came, until there is enough to embed and commit at once."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._ids: set[str] = set()
        self._originals: set[str] = set()
        self._chunks = 0
        self._characters = 0

    def add(self, entry: Entry) -> None:
        article = entry.decision.article
        self.entries.append(entry)
        self._ids.add(article.id)
        if article.duplicate_of is None:
            self._originals.add(article.revision)
        self._chunks += len(entry.chunks)
        self._characters += len(article.raw_text)

    @property
    def full(self) -> bool:
        return self._chunks >= CHUNKS_AT_ONCE or self._characters >= MAX_CHARACTERS

    def unsettles(self, decision: Decision) -> bool:
        """Could this decision be another one once the batch is committed?

        It could when the batch brings an article with the same text, or changes the one that this would be a copy of.
        """
        article = decision.article
        return article.revision in self._originals or article.duplicate_of in self._ids
