"""A library filled through the pipeline, searched with the shipped hashing embedder and a vector index of choice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from service.ingest.incoming import IncomingArticle
from service.ingest.pipeline import IngestPipeline
from service.library.library import Library
from service.library.memory import InMemoryVectorIndex
from service.library.ports import VectorIndex
from service.library.reconciler import Reconciler
from service.models.hashing import HashingEmbedder
from service.retrieval.retriever import Retriever
from service.text.chunking import ChunkingOptions
from service.types import Filters


@dataclass
class Shelf:
    library: Library
    index: VectorIndex
    retriever: Retriever
    pipeline: IngestPipeline

    def add(self, **texts: str | dict[str, Any]) -> None:
        """Articles by id: a text, or a text with other fields."""
        fields = {i: {"text": t} if isinstance(t, str) else t for i, t in texts.items()}
        report = self.pipeline.run(
            IncomingArticle(**{"title": "Untitled", "origin": f"{i}.txt", "id": i, **f}) for i, f in fields.items()
        )
        assert not report.failed

    def found(self, query: str, k: int = 10, **filters: Any) -> list[str]:
        return [e.article.id for e in self.retriever.search(query, k, Filters(**filters)).evidence]


@pytest.fixture
def open_shelf(tmp_path: Path) -> Iterator[Callable[[VectorIndex], Shelf]]:
    opened: list[Library] = []

    def shelf(index: VectorIndex) -> Shelf:
        library, embedder = Library(tmp_path / f"{len(opened)}.sqlite3"), HashingEmbedder()
        opened.append(library)
        clock = lambda: datetime(2025, 11, 20, tzinfo=UTC)  # noqa: E731
        pipeline = IngestPipeline(library, Reconciler(library, index), embedder, ChunkingOptions(), clock)
        return Shelf(library, index, Retriever(library, index, embedder), pipeline)

    yield shelf
    for library in opened:
        library.close()


@pytest.fixture
def shelf(open_shelf: Callable[[VectorIndex], Shelf]) -> Shelf:
    return open_shelf(InMemoryVectorIndex())
