"""A pipeline over a real library, with an embedder that counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.ingest.incoming import IncomingArticle, ReadingOptions
from service.ingest.pipeline import IngestPipeline
from service.ingest.readers import read_paths
from service.ingest.report import IngestProgress
from service.library.library import Library
from service.library.memory import InMemoryVectorIndex
from service.library.ports import IndexedArticle, VectorRecord
from service.library.reconciler import Reconciler
from service.models.hashing import HashingEmbedder
from service.models.ports import ChunkText, ChunkVectors, Vector
from service.text.chunking import ChunkingOptions
from service.types import Article, IngestFailure, IngestReport


class CountingEmbedder:
    """The hashing embedder, counting every touch; runs `before` ahead of each call, which may raise."""

    def __init__(self) -> None:
        self._inner = HashingEmbedder()
        self.key_override: str | None = None
        self.touches = 0
        self.calls: list[int] = []
        self.before: Callable[[Sequence[ChunkText]], None] = lambda chunks: None

    @property
    def name(self) -> str:
        self.touches += 1
        return self._inner.name

    @property
    def key(self) -> str:
        self.touches += 1
        return self.key_override or self._inner.key

    @property
    def dimension(self) -> int:
        self.touches += 1
        return self._inner.dimension

    def embed_chunks(self, chunks: Sequence[ChunkText]) -> list[ChunkVectors]:
        self.touches += 1
        self.calls.append(len(chunks))
        self.before(chunks)
        return self._inner.embed_chunks(chunks)

    def embed_query(self, text: str) -> Vector:
        self.touches += 1
        return self._inner.embed_query(text)


class StoppableIndex(InMemoryVectorIndex):
    """The in-memory index; runs `before` ahead of each upsert, which may raise."""

    def __init__(self) -> None:
        super().__init__()
        self.before: Callable[[], None] = lambda: None

    def upsert(self, records: Sequence[VectorRecord]) -> None:
        self.before()
        super().upsert(records)


class StoppableLibrary(Library):
    """The library; runs `after_put` behind each commit, which may raise."""

    after_put: Callable[[], None] = staticmethod(lambda: None)

    def put(self, batch: Sequence[IndexedArticle]) -> None:
        super().put(batch)
        self.after_put()


class Clock:
    """A minute later at every look."""

    def __init__(self) -> None:
        self.now = datetime(2025, 11, 14, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


@dataclass
class Desk:
    library: StoppableLibrary
    index: StoppableIndex
    embedder: CountingEmbedder
    pipeline: IngestPipeline
    progress: list[IngestProgress] = field(default_factory=list)

    def ingest(self, *items: IncomingArticle | IngestFailure) -> IngestReport:
        return self.pipeline.run(items, self.progress.append)

    def ingest_paths(self, *paths: Path) -> IngestReport:
        return self.pipeline.run(read_paths([str(path) for path in paths], ReadingOptions()), self.progress.append)

    def article(self, article_id: str) -> Article:
        article = self.library.article(article_id)
        assert article is not None
        return article

    def check(self) -> None:
        """The library holds together, and the vector store holds exactly its chunks."""
        assert self.library.check() == []
        assert self.library.size().pending == 0
        assert self.index.ids() == self.library.all_chunk_ids()


@contextmanager
def desk_in(folder: Path) -> Iterator[Desk]:
    library = StoppableLibrary(folder / "library.sqlite")
    index, embedder = StoppableIndex(), CountingEmbedder()
    pipeline = IngestPipeline(library, Reconciler(library, index), embedder, ChunkingOptions(), Clock())
    try:
        yield Desk(library, index, embedder, pipeline)
    finally:
        library.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_in(tmp_path / "desk") as desk:
        yield desk


@pytest.fixture(scope="session")
def open_desk() -> Callable[[Path], AbstractContextManager[Desk]]:
    """For tests that need a new desk for every example."""
    return desk_in
