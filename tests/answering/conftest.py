"""Answerers over small libraries: the shipped hashing embedder, the in-memory index, a model of the test's choice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from service.answering.confidence import ConfidenceModel
from service.answering.extractive import ExtractiveAnswerer
from service.answering.features import FEATURES
from service.answering.further import EXTRA, FurtherModel
from service.grounding.context import ArticleContext
from service.ingest.incoming import IncomingArticle
from service.ingest.pipeline import IngestPipeline
from service.library.library import Library
from service.library.memory import InMemoryVectorIndex
from service.library.reconciler import Reconciler
from service.models.hashing import HashingEmbedder
from service.retrieval.retriever import Retriever
from service.text.chunking import ChunkingOptions
from service.text.sentences import sentence_spans
from service.types import Answer, Article, Filters, Question

NOW = datetime(2025, 11, 20, 12, 0, tzinfo=UTC)


def model_of(**weights: float) -> ConfidenceModel:
    return ConfidenceModel(tuple(weights.get(name, 0.0) for name in FEATURES), slope=1.0, offset=0.0, threshold=0.5)


EAGER = model_of(bias=0.5, coverage=4.0, context_coverage=3.0, kind=2.0, similarity=1.0)
"""Gives the best sentence it has, however bad: what it does not give, no weights can."""
SHY = model_of(bias=-50.0)
"""Gives nothing."""
OPEN = FurtherModel((0.0,) * (len(EXTRA) + len(FEATURES)), offset=9.0, threshold=0.5, least_odds=-99.0)
"""Lets every article answer too: what it does not show, no weights can."""


@dataclass
class Newsroom:
    library: Library
    index: InMemoryVectorIndex
    retriever: Retriever
    embedder: HashingEmbedder

    def add(self, chunking: ChunkingOptions | None = None, **texts: str | dict[str, Any]) -> None:
        """Articles by id: a text, or a text with other fields. Those that are there already are replaced."""
        reconciler = Reconciler(self.library, self.index)
        pipeline = IngestPipeline(self.library, reconciler, self.embedder, chunking or ChunkingOptions(), lambda: NOW)
        fields = {i: {"text": t} if isinstance(t, str) else t for i, t in texts.items()}
        report = pipeline.run(
            IncomingArticle(**{"title": "Untitled", "origin": f"{i}.txt", "id": i, **f}) for i, f in fields.items()
        )
        assert not report.failed

    def ask(
        self,
        text: str,
        model: ConfidenceModel = EAGER,
        max_sentences: int = 3,
        threshold: float | None = None,
        further: FurtherModel | None = None,
        **filters: Any,
    ) -> Answer:
        answerer = ExtractiveAnswerer(
            self.library, self.retriever, model=model, further=further, threshold=threshold, now=lambda: NOW
        )
        answer = answerer.answer(Question(text, Filters(**filters), max_sentences))
        self.check(answer)
        return answer

    def check(self, answer: Answer) -> None:
        """What holds for every answer there is."""
        for citation in answer.citations:
            article = self.library.article(citation.article_id, citation.revision)
            assert article is not None
            citation.check(article)
            assert article.text[citation.start : citation.end] == citation.quote
        markers = [m for s in answer.sentences for m in s.markers]
        markers += [value.marker for dispute in answer.disagreements for value in dispute.values]
        assert (
            list(dict.fromkeys(markers))
            == [c.marker for c in answer.citations]
            == [*range(1, len(answer.citations) + 1)]
        )
        assert len({(c.article_id, c.start, c.end) for c in answer.citations}) == len(answer.citations)
        assert 0.0 <= answer.confidence <= 1.0


@contextmanager
def newsroom_in(folder: Path) -> Iterator[Newsroom]:
    library, index, embedder = Library(folder / "library.sqlite3"), InMemoryVectorIndex(), HashingEmbedder()
    try:
        yield Newsroom(library, index, Retriever(library, index, embedder), embedder)
    finally:
        library.close()


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    with newsroom_in(tmp_path) as room:
        yield room


@pytest.fixture(scope="session")
def open_newsroom() -> Callable[[Path], AbstractContextManager[Newsroom]]:
    """For tests that need a new one for every example."""
    return newsroom_in


@pytest.fixture(scope="session")
def eager() -> ConfidenceModel:
    return EAGER


@pytest.fixture(scope="session")
def shy() -> ConfidenceModel:
    return SHY


@pytest.fixture(scope="session")
def open_to_all() -> FurtherModel:
    return OPEN


@pytest.fixture(scope="session")
def make_context() -> Callable[..., ArticleContext]:
    """An article's context from its text, title and other fields."""

    def make(text: str, title: str = "Untitled", **fields: Any) -> ArticleContext:
        known = {"id": "a", "raw_text": text, "origin": "a.txt", "cleaner": "1", "ingested_at": "2025-11-20T12:00:00Z"}
        article = Article(**{**known, "title": title, "text": text, **fields})
        return ArticleContext(article, sentence_spans(text))

    return make
