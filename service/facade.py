"""Everything the edges may do, over parts that `service/wiring.py` has put together."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal

from service.errors import IndexUnavailable, NotFound
from service.library.ports import ArticlePage
from service.parts import Parts, PartState
from service.types import Answer, Article, Filters, IngestFailure, IngestReport, Question, SearchResult

if TYPE_CHECKING:  # what a command does not need it does not import, and a question imports while the model loads
    from service.answering.candidates import Candidates
    from service.answering.events import OnEvent
    from service.answering.replaying import Replay
    from service.answering.verifying import Verification
    from service.briefing.briefing import Briefing
    from service.briefing.comparing import Comparison
    from service.briefing.jobs import Job
    from service.briefing.request import BriefingRequest
    from service.briefing.schedules.desk import ScheduleDesk
    from service.briefing.store import BriefingPage
    from service.ingest.incoming import IncomingArticle
    from service.ingest.report import IngestProgress
    from service.retrieval.retriever import Retriever

Mode = Literal["auto", "extractive", "llm"]


class Groundwire:
    """What the edges may do. Made by `open_groundwire`; safe to call from several threads until `close`."""

    def __init__(self, parts: Parts, *, serving: bool) -> None:
        self._parts = parts
        self._library = parts.library
        self._serving = serving
        self._caught_up = serving  # a service does it in the background

    def ask(self, question: Question, mode: str = "auto") -> Answer:
        """For callers without an event loop.

        Raises InputRejected for a mode that cannot be had, ModelUnavailable, IndexUnavailable.
        """
        self._parts.desk.uses_llm(mode)
        self._warm()
        return self._parts.desk.ask(question, mode)

    async def answer(self, question: Question, mode: str = "auto", on_event: OnEvent | None = None) -> Answer:
        """The same in an event loop, which never waits; cancelling it ends the LLM's call.

        `on_event` is told the evidence, then each verified sentence, then the answer, as soon as they are there.
        """
        self._parts.desk.uses_llm(mode)
        if not self._caught_up:
            import asyncio

            await asyncio.to_thread(self._warm)
        return await self._parts.desk.answer(question, mode, on_event or (lambda event: None))

    def candidates(self, question: Question) -> Candidates:
        """The weighed sentences behind an answer, for those who measure and fit the answerer."""
        self._warm()
        return self._parts.extractive.candidates(question)

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
            with self._parts.places:
                result = self._parts.retriever.search(query, k, filters)
        elapsed_ms = (time.perf_counter() - started) * 1000
        return result, {"retrieve": elapsed_ms, "total": elapsed_ms}

    def verify(self, text: str, sources: Sequence[str] | None = None) -> Verification:
        """Each sentence of any text against the library, or against these sources alone.

        Raises InputRejected for a text of too many sentences, ModelUnavailable, IndexUnavailable.
        """
        if sources is None:
            self._warm()
        return self._parts.verifier().verify(text, sources)

    def receipt(self, receipt_id: str) -> dict[str, Any]:
        """What an answer was made of, as it was kept. Raises NotFound."""
        if self._parts.receipts is None:
            raise NotFound("no receipts are kept here; set GROUNDWIRE_RECEIPTS_KEPT to more than 0")
        return self._parts.receipts.read(receipt_id)

    def replay(self, receipt_id: str) -> Replay:
        """Search and check again what a receipt says, without an LLM. Raises NotFound, ModelUnavailable and so on."""
        receipt = self.receipt(receipt_id)
        self._warm()
        with self._parts.places:
            return self._parts.replayer().replay(receipt)

    def brief(self, request: BriefingRequest) -> Briefing:
        """A cited briefing, compared with the last one of its topic, and kept. It blocks, and needs no event loop.

        Raises InputRejected, NotFound for a briefing to compare with, ModelUnavailable, IndexUnavailable.
        """
        self._parts.briefings().check(request)
        self._warm()
        return self._parts.briefings().write(request)

    def start_briefing(self, request: BriefingRequest) -> Job:
        """The same in the background. Raises InputRejected, NotFound, LibraryBusy when too many wait."""
        return self._parts.briefings().start(request)

    def job(self, job_id: str) -> Job:
        """Raises NotFound."""
        return self._parts.briefings().job(job_id)

    def briefings(self, limit: int, cursor: str | None = None, topic: str | None = None) -> BriefingPage:
        """The latest first; of one topic where one is named. Raises InputRejected for a bad cursor."""
        return self._parts.briefings().page(limit, cursor, topic)

    def briefing(self, briefing_id: str) -> Briefing:
        """As it was made. Raises NotFound."""
        return self._parts.briefings().read(briefing_id)

    def compare(self, earlier_id: str, later_id: str) -> Comparison:
        """What changed from one briefing to another of its topic. Raises NotFound, InputRejected for two topics."""
        return self._parts.briefings().compare(earlier_id, later_id)

    @property
    def schedules(self) -> ScheduleDesk:
        """Briefings that are written and delivered when they are due."""
        return self._parts.schedules(self.brief)

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
        from service.readiness import Readiness

        states = Readiness(self._parts, serving=self._serving).states()
        scheduled = self.schedules.state()
        return states if scheduled is None else [*states, PartState("schedules", *scheduled)]

    @property
    def has_llm(self) -> bool:
        return self._parts.llm is not None

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
        if self._parts.receipts is not None:
            self._parts.receipts.prepare()
        self._caught_up = True

    def _index_problem(self) -> str | None:
        try:
            self._parts.reconciler.drain()
            problems = self._parts.reconciler.verify()
        except IndexUnavailable as error:
            return str(error)
        return problems[0] if problems else None
