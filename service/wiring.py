"""The only place that picks adapters, and the facade over them: everything the edges may do."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from service.errors import GroundwireError, IndexUnavailable, InputRejected, ModelUnavailable, NotFound
from service.library.chroma import ChromaVectorIndex
from service.library.deferred import DeferredVectorIndex
from service.library.library import Library
from service.library.owner import DataDirectoryOwner
from service.library.ports import ArticlePage, VectorIndex
from service.library.reconciler import Reconciler
from service.library.upkeep import IndexUpkeep
from service.models.deferred import DeferredEmbedder
from service.models.ports import Embedder
from service.settings import HASHING, Settings
from service.types import Answer, Article, Filters, IngestFailure, IngestReport, Question, SearchResult

if TYPE_CHECKING:  # what a command does not need it does not import, and a question imports while the model loads
    from service.answering.candidates import Candidates
    from service.answering.extractive import ExtractiveAnswerer
    from service.ingest.incoming import IncomingArticle
    from service.ingest.pipeline import IngestPipeline
    from service.ingest.report import IngestProgress
    from service.models.reranking import CrossEncoderReranker
    from service.retrieval.retriever import Retriever

LIBRARY_FILE = "library.sqlite3"
CHROMA_FOLDER = "chroma"
CACHE_FOLDER = "cache"
LLM_UNUSED = "GROUNDWIRE_LLM_MODEL names an LLM, but this release does not use one: answers are extractive"
CLOSING_SECONDS = 5.0
_AT_ONCE = 2
"""Questions at work at the same time; more wait. Most of the work is Python's, of which one thread runs at a time, and
a dozen threads that hand it to each other get less done than two."""

Mode = Literal["auto", "extractive", "llm"]


@dataclass(frozen=True, slots=True)
class PartState:
    """One part as `/readyz` and `doctor` show it. `degraded`: it works, with the limit that `detail` names."""

    name: str
    state: Literal["ok", "degraded", "down"]
    detail: str


class Groundwire:
    """What the edges may do. Made by `open_groundwire`; safe to call from several threads until `close`."""

    def __init__(self, parts: _Parts, *, serving: bool) -> None:
        self._parts = parts
        self._serving = serving
        self._places = threading.BoundedSemaphore(_AT_ONCE)
        self._library = parts.library
        self._caught_up = serving  # a service does it in the background

    def ask(self, question: Question, mode: str = "auto") -> Answer:
        """Raises InputRejected for a mode that cannot be had, ModelUnavailable, IndexUnavailable."""
        if mode == "llm":
            raise InputRejected("mode: llm needs an LLM, and this release uses none; use auto or extractive")
        if mode not in ("auto", "extractive"):
            raise InputRejected(f"mode: {mode!r} is none of auto, extractive, llm")
        self._warm()
        with self._places:
            answer = self._parts.answerer.answer(question)
        if mode == "auto" and self._parts.settings.llm_model is not None:
            return replace(answer, degraded=True, degraded_reason=LLM_UNUSED)
        return answer

    def candidates(self, question: Question) -> Candidates:
        """The weighed sentences behind an answer, for those who measure and fit the answerer."""
        self._warm()
        return self._parts.answerer.candidates(question)

    @property
    def retriever(self) -> Retriever:
        """The retriever behind a search, for those who measure ranking."""
        self._warm()
        return self._parts.retriever

    def search(self, query: str, k: int, filters: Filters) -> tuple[SearchResult, dict[str, float]]:
        """The evidence, best first, and what took how long in milliseconds."""
        started = time.perf_counter()
        if self._library.chunk_count() == 0:
            result = SearchResult((), 0)
        else:
            self._warm()
            with self._places:
                result = self._parts.retriever.search(query, k, filters)
        elapsed_ms = (time.perf_counter() - started) * 1000
        return result, {"retrieve": elapsed_ms, "total": elapsed_ms}

    def ingest_paths(
        self, paths: Sequence[str], progress: Callable[[IngestProgress], None] | None = None
    ) -> IngestReport:
        from service.ingest.incoming import ReadingOptions
        from service.ingest.readers import read_paths

        return self._parts.pipeline().run(read_paths(paths, ReadingOptions()), progress)

    def ingest_articles(self, articles: Iterable[IncomingArticle | IngestFailure]) -> IngestReport:
        return self._parts.pipeline().run(articles)

    def article(self, article_id: str, revision: str | None = None) -> Article:
        """Raises NotFound."""
        article = self._library.article(article_id, revision)
        if article is not None:
            return article
        if revision is not None and self._library.article(article_id) is not None:
            raise NotFound("the article has no such revision; leave revision out for the current one")
        raise NotFound("there is no article with this id; list them to see which there are")

    def articles(self, limit: int, cursor: str | None) -> ArticlePage:
        return self._library.articles(limit, cursor)

    def delete_article(self, article_id: str) -> Article:
        """Raises NotFound."""
        article = self._parts.pipeline().delete(article_id)
        if article is None:
            raise NotFound("there is no article with this id; list them to see which there are")
        return article

    def readiness(self) -> list[PartState]:
        """Each part's state. A service answers at once with what it knows; a command tries every part out first."""
        if not self._serving:
            self._try_out()
        return [
            self._library_state(),
            self._model_state(),
            *self._reranker_states(),
            self._index_state(),
            self._llm_state(),
        ]

    def repair(self) -> list[str]:
        """Rebuild what can be rebuilt from the library; one line for each thing done. `readiness` says what is left."""
        done = []
        problems = self._library.check()
        if problems:
            self._library.rebuild_lexical_index()
            if len(self._library.check()) < len(problems):
                done.append("library: the index of words was made anew")
        if self._index_problem() is not None:
            sent = self._parts.reconciler.rebuild()
            done.append(f"vector store: filled anew from the library, {sent} chunks")
        return done

    @property
    def token(self) -> str:
        """What a command that found this service through its data directory may send along."""
        return self._parts.owner.record.token

    def announce(self, address: str) -> None:
        self._parts.owner.announce(address)

    def close(self) -> None:
        """Stop what runs in the background, close the files, give the data directory back. Twice is harmless."""
        self._parts.closing.close()

    def _warm(self) -> None:
        """Before the first question of a command: the model loads while the vector store opens."""
        if self._caught_up or self._library.size().articles == 0:
            return
        self._parts.embedder.start()
        self._parts.upkeep.catch_up()
        self._caught_up = True

    def _index_problem(self) -> str | None:
        try:
            self._parts.reconciler.drain()
            problems = self._parts.reconciler.verify()
        except IndexUnavailable as error:
            return str(error)
        return problems[0] if problems else None

    def _try_out(self) -> None:
        self._parts.embedder.start()
        self._parts.upkeep.attempt()
        self._parts.embedder.wait()
        if self._parts.reranker is not None:
            with suppress(ModelUnavailable):  # its state says so
                self._parts.reranker.warm()

    def _library_state(self) -> PartState:
        try:
            size = self._library.size()
            problems = [] if self._serving else self._library.check()
        except GroundwireError as error:
            return PartState("library", "down", str(error))
        if problems:
            return PartState("library", "down", f"{len(problems)} problems, the first: {problems[0]}")
        return PartState("library", "ok", f"{size.articles} articles, {size.copies} copies, {size.chunks} chunks")

    def _model_state(self) -> PartState:
        embedder = self._parts.embedder
        if embedder.failure is not None:
            return PartState("embedding model", "down", str(embedder.failure))
        if embedder.state != "ready":
            return PartState("embedding model", "down", f"{embedder.name} is being loaded; ask again in some seconds")
        if embedder.name == HASHING:
            return PartState("embedding model", "degraded", "hashing compares words, not meanings; it is for tests")
        if embedder.warning is not None:
            return PartState("embedding model", "degraded", f"{embedder.name}, {embedder.backend}; {embedder.warning}")
        return PartState("embedding model", "ok", f"{embedder.name}, {embedder.backend}")

    def _reranker_states(self) -> list[PartState]:
        """None without one: it is an extra, and the search goes on when it fails."""
        reranker = self._parts.reranker
        if reranker is None:
            return []
        if reranker.failure is not None:
            return [PartState("reranker", "degraded", f"searching without it: {reranker.failure}")]
        if reranker.state != "ready":
            return [PartState("reranker", "degraded", f"{reranker.name} is loaded at the first search, which waits")]
        return [PartState("reranker", "ok", reranker.name)]

    def _index_state(self) -> PartState:
        upkeep = self._parts.upkeep
        where = self._parts.store
        if upkeep.failure is not None:
            return PartState("vector store", "down", upkeep.failure)
        if not upkeep.reached:
            return PartState("vector store", "down", f"{where} is being opened; ask again in some seconds")
        pending = self._library.size().pending
        if pending:
            return PartState("vector store", "degraded", f"{where}, {pending} changes wait to be sent")
        return PartState("vector store", "ok", f"{where}, in step with the library")

    def _llm_state(self) -> PartState:
        if self._parts.settings.llm_model is not None:
            return PartState("llm", "degraded", f"{LLM_UNUSED}; no text leaves this machine for it")
        return PartState("llm", "ok", "none: answers are extractive, and no text leaves this machine for an LLM")


@dataclass(frozen=True, slots=True)
class _Parts:
    settings: Settings
    owner: DataDirectoryOwner
    library: Library
    embedder: DeferredEmbedder
    reranker: CrossEncoderReranker | None
    reconciler: Reconciler
    upkeep: IndexUpkeep
    retriever: Retriever
    answerer: ExtractiveAnswerer
    pipeline: _Pipeline
    store: str
    """Where the vectors are, in words."""
    closing: ExitStack


@dataclass(slots=True)
class _Pipeline:
    """The one pipeline, which keeps those who ingest at the same time apart; made when it is first needed."""

    library: Library
    reconciler: Reconciler
    embedder: Embedder
    lock: threading.Lock = field(default_factory=threading.Lock)
    made: IngestPipeline | None = None

    def __call__(self) -> IngestPipeline:
        from service.ingest.pipeline import IngestPipeline
        from service.text.chunking import ChunkingOptions

        with self.lock:
            if self.made is None:
                self.made = IngestPipeline(
                    self.library, self.reconciler, self.embedder, ChunkingOptions(), lambda: datetime.now(UTC)
                )
            return self.made


def open_groundwire(settings: Settings, *, serving: bool, asking: bool = False) -> Groundwire:
    """Own the data directory and open what is in it; models and vector store follow when they are needed.

    With `serving` both are started at once, in the background. `asking` announces one question: the model for it is
    started, ready sooner than one for many. Raises LibraryBusy, LibraryUnusable.
    """
    with ExitStack() as closing:
        # A refusal must come within 2 s, and starting Python and importing all this takes some of them.
        owner = DataDirectoryOwner.acquire(settings.data_dir, timeout_seconds=0.5)
        closing.callback(owner.release)
        library = Library(settings.data_dir / LIBRARY_FILE)
        closing.callback(library.close)
        embedder = _embedder(settings, library, streams=1 if asking else None)
        if serving or (asking and library.size().chunks):
            embedder.start()  # the slowest goes first
        from service.answering.extractive import ExtractiveAnswerer
        from service.retrieval.retriever import Retriever

        index = DeferredVectorIndex(_index_opener(settings, library, embedder, closing, serving=serving))
        closing.callback(index.close)
        reconciler = Reconciler(library, index)
        upkeep = IndexUpkeep(library, index, reconciler)
        closing.callback(upkeep.stop, CLOSING_SECONDS)
        reranker = _reranker(settings)
        retriever = Retriever(library, index, embedder, reranker)
        parts = _Parts(
            settings=settings,
            owner=owner,
            library=library,
            embedder=embedder,
            reranker=reranker,
            reconciler=reconciler,
            upkeep=upkeep,
            retriever=retriever,
            answerer=ExtractiveAnswerer(library, retriever),
            pipeline=_Pipeline(library, reconciler, embedder),
            store=f"Chroma at {settings.chroma_url}" if settings.chroma_url else "local Chroma",
            closing=closing.pop_all(),
        )
    if serving:
        upkeep.start()
    return Groundwire(parts, serving=serving)


def _embedder(settings: Settings, library: Library, streams: int | None) -> DeferredEmbedder:
    """Makes it, which is cheap. Preparing it loads the model, if the library's vectors are not another one's."""
    if settings.embedding_model == HASHING:
        from service.models.hashing import HashingEmbedder

        hashing = HashingEmbedder()
        return DeferredEmbedder(hashing, lambda: _require_same_model(library, hashing))
    from service.models.choosing import ChosenEmbedder

    embedder = ChosenEmbedder(
        settings.embedding_model,
        backend=settings.embedding_backend,
        caches=(settings.cache_dir, settings.data_dir / CACHE_FOLDER),
        streams=streams,
    )

    def prepare() -> None:
        _require_same_model(library, embedder)
        embedder.warm()

    return DeferredEmbedder(embedder, prepare)


def _reranker(settings: Settings) -> CrossEncoderReranker | None:
    if settings.reranker_model is None:
        return None
    from service.models.reranking import CrossEncoderReranker

    return CrossEncoderReranker(settings.reranker_model)


def _require_same_model(library: Library, embedder: Embedder) -> None:
    """Raises ModelUnavailable."""
    stored = library.model_key()
    if stored is not None and stored != embedder.key and library.size().chunks:
        raise ModelUnavailable(
            f"the library's vectors are from {stored}, GROUNDWIRE_EMBEDDING_MODEL={embedder.name} makes "
            f"{embedder.key}: set the model back, or ingest the articles into another GROUNDWIRE_DATA_DIR"
        )


def _index_opener(
    settings: Settings, library: Library, embedder: DeferredEmbedder, closing: ExitStack, *, serving: bool
) -> Callable[[], VectorIndex]:
    """How the vector store is opened; its collection bears the model's key, known from the library or the model."""
    folder = settings.data_dir / CHROMA_FOLDER

    def key() -> str:
        stored = library.model_key() if library.size().chunks else None
        return stored or embedder.key

    if settings.chroma_url is not None:
        url = settings.chroma_url
        return lambda: ChromaVectorIndex.over_http(url, key())
    if not serving:
        return lambda: ChromaVectorIndex.embedded(folder, key())
    from service.library.chroma_server import ChromaServer

    server = ChromaServer(folder)
    closing.callback(server.stop)

    def over_own_server() -> VectorIndex:
        server.start()  # while the model, which knows the key, is still being loaded
        return ChromaVectorIndex.over_http(server.start, key())

    return over_own_server
