"""Makes a briefing: looks, plans, writes, compares with the one before, and keeps it with its receipt."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from time import perf_counter

from service.answering.receipts import Receipts
from service.briefing.assembling import Assembler
from service.briefing.briefing import Briefing, BriefingStatus, Changes, Window
from service.briefing.comparing import Comparison, compared
from service.briefing.delta import Before, Comparer
from service.briefing.gathering import Gathered, Gatherer
from service.briefing.jobs import Job, Jobs
from service.briefing.planning import Planner
from service.briefing.request import BriefingRequest, Stretch, normalised, stretch_of, today_of
from service.briefing.store import BriefingPage, BriefingStore
from service.briefing.traces import trace_of
from service.briefing.writing import SectionWriter
from service.errors import InputRejected, NotFound
from service.library.library import Library
from service.text.asked_dates import asked_dates
from service.types import Filters

MODES = ("auto", "extractive", "llm")
_NEAREST = 5


class BriefingDesk:
    """Safe to use from several threads; one briefing is made at a time. `write` blocks, and needs no event loop.

    `turn` is entered for the work that is Python's, and not while an LLM is waited for. `writer`: makes the LLM's part
    when it is first needed; `None`: every briefing is extractive. `receipts`: `None` keeps none.
    """

    def __init__(
        self,
        library: Library,
        gatherer: Gatherer,
        store: BriefingStore,
        turn: AbstractContextManager[object],
        receipts: Receipts | None = None,
        writer: Callable[[], SectionWriter] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._library = library
        self._store = store
        self._comparer = Comparer(library, gatherer)
        self._planner = Planner(library, gatherer, self._comparer)
        self._turn = turn
        self._receipts = receipts
        self._writer = writer
        self._now = now
        self._jobs = Jobs(now, store.folder)

    def start(self, request: BriefingRequest) -> Job:
        """Make a briefing in the background. Raises like `check`, and LibraryBusy when too many wait."""
        self.check(request)
        return self._jobs.start(" ".join(request.topic.split()), partial(self.write, request))

    def job(self, job_id: str) -> Job:
        """Raises NotFound."""
        return self._jobs.get(job_id)

    def page(self, limit: int, cursor: str | None = None, topic: str | None = None) -> BriefingPage:
        """The latest first. Raises InputRejected for a cursor that no page gave, LibraryUnusable."""
        return self._store.page(limit, cursor, topic)

    def read(self, briefing_id: str) -> Briefing:
        """As it was made, its citations checked against the articles that are still there.

        Raises NotFound, LibraryUnusable, CitationMismatch.
        """
        return self._kept_one(briefing_id).briefing

    def compare(self, earlier_id: str, later_id: str) -> Comparison:
        """What changed from one briefing to another of its topic, whichever was made first.

        Raises NotFound, InputRejected for two topics, LibraryUnusable.
        """
        earlier, later = self._kept_one(earlier_id), self._kept_one(later_id)
        with self._turn:
            return compared(earlier, later, self._library, self._comparer)

    def close(self) -> None:
        """What waits to be made is not begun. Twice is harmless."""
        self._jobs.close()
        self._store.close()

    def _kept_one(self, briefing_id: str) -> Before:
        kept = self._store.get(briefing_id)
        if kept is None:
            raise NotFound("there is no briefing with this id; list them to see which there are")
        for citation in kept.briefing.citations:
            article = self._library.article(citation.article_id, citation.revision)
            if article is not None:
                citation.check(article)
        return kept

    def check(self, request: BriefingRequest) -> Stretch:
        """What can be told wrong with a request before it is worked on.

        Raises InputRejected for a mode that cannot be had and for times that are none, NotFound for what is to be
        compared with.
        """
        if request.mode not in MODES:
            raise InputRejected(f"mode: {request.mode!r} is none of {', '.join(MODES)}")
        if request.mode == "llm" and self._writer is None:
            raise InputRejected("mode: llm needs an LLM: set GROUNDWIRE_LLM_MODEL, or use auto or extractive")
        stretch = stretch_of(request, self._now())
        if request.compare_with is not None:
            self._check_topic(request, self._store.topic(request.compare_with))
        return stretch

    def write(self, request: BriefingRequest) -> Briefing:
        """Make a briefing and keep it. What is not there to tell is a briefing too, whose status says so.

        Raises like `check`, and IndexUnavailable, ModelUnavailable, LibraryUnusable.
        """
        started = perf_counter()
        stretch = self.check(request)
        with self._turn:
            before = self._before(request)
            empty = Briefing(
                id=f"brf_{uuid.uuid4().hex}",
                topic=" ".join(request.topic.split()),
                created_at=self._now().astimezone(UTC).isoformat(timespec="seconds"),
                as_of=stretch.as_of,
                status="empty_library",
                headline="The library is empty: no article has been taken in yet.",
                window=Window(stretch.since, stretch.until),
                sources=request.sources,
            )
            if self._library.chunk_count() == 0:
                return self._kept(self._with_withdrawn(empty, before), before, {})
            filters = self._planner.filters(request, stretch)
            if filters is None:
                return self._kept(self._nothing_in(empty, before), before, {})
            gathered = self._planner.gathered(request, filters)
            if not gathered.articles:
                return self._kept(self._not_there(empty, request, filters, gathered, before), before, {})
            gathered_at = perf_counter()
            plan = self._planner.plan(request, gathered, filters, today_of(stretch), before)
            if not plan.events:
                return self._kept(
                    self._nothing_to_quote(empty, today_of(stretch), before), before, _revisions(gathered)
                )
            assembler = Assembler(self._library, self._comparer, request, plan, before, empty)
            asked = [] if self._writer is None or request.mode == "extractive" else assembler.sections_asked()
            planned_at = perf_counter()
        written = None
        if self._writer is not None and asked:
            written = self._writer().written(empty.topic, today_of(stretch), asked)
        written_at = perf_counter()
        with self._turn:
            briefing = assembler.assembled(written)
            timings = (
                ("retrieve", round((gathered_at - started) * 1000, 1)),
                ("plan", round((planned_at - gathered_at) * 1000, 1)),
                ("generate", round((written_at - planned_at) * 1000, 1)),
                ("total", round((perf_counter() - started) * 1000, 1)),
            )
            briefing = replace(briefing, timings_ms=timings)
            if self._receipts is not None:
                kept = self._receipts.keep(trace_of(briefing, request, plan, written))
                briefing = replace(briefing, receipt_id=kept.receipt_id)
            return self._kept(briefing, before, _revisions(gathered))

    def _before(self, request: BriefingRequest) -> Before | None:
        if request.compare_with is None:
            return self._store.last(request.topic) if request.compared else None
        before = self._store.get(request.compare_with)
        self._check_topic(request, None if before is None else before.briefing.topic)
        return before

    def _check_topic(self, request: BriefingRequest, topic: str | None) -> None:
        """`topic`: that of the briefing to compare with, `None` where there is none."""
        if topic is None:
            raise NotFound("there is no briefing with this id to compare with; list them to see which there are")
        if normalised(topic) != normalised(request.topic):
            raise InputRejected("the briefing to compare with is of another topic; name one of the same topic")

    def _kept(self, briefing: Briefing, before: Before | None, read: Mapping[str, str]) -> Briefing:
        """The revision that was read stays that of an article until it is read again: what changed since is news.

        What was read for briefings after the one compared with, or while this one was made, is known too.
        """
        last = self._store.ledger(briefing.topic)
        known = ({} if before is None else dict(before.ledger)) | dict(last)
        current = self._library.articles_by_id(known)
        ledger = {i: revision for i, revision in known.items() if i in current} | dict(read)
        # Another briefing may have read a later text of an article while this one was written.
        ledger |= {i: revision for i, revision in last.items() if i in current and current[i].revision == revision}
        self._store.put(briefing, ledger)
        return briefing

    def _with_withdrawn(self, briefing: Briefing, before: Before | None) -> Briefing:
        if before is None:
            return briefing
        told = before.briefing
        changes = Changes(told.id, told.created_at, withdrawn=self._comparer.withdrawn(told, ()))
        return replace(briefing, changes=changes)

    def _nothing_in(self, empty: Briefing, before: Before | None) -> Briefing:
        of = f" of {', '.join(empty.sources)}" if empty.sources else ""
        headline = f"The library has no article{of} {_in_words(empty.window)}."
        return self._with_withdrawn(replace(empty, status="empty_window", headline=headline), before)

    def _not_there(
        self, empty: Briefing, request: BriefingRequest, filters: Filters, gathered: Gathered, before: Before | None
    ) -> Briefing:
        """Nothing on the topic: in this stretch of time and of these sources, or in the whole library."""
        status: BriefingStatus = "unknown_topic"
        headline = f"The library has nothing on {empty.topic}."
        others = gathered.others
        if filters.article_ids:
            everywhere = self._planner.gathered(request, Filters())
            others = everywhere.others
            if found := len(everywhere.articles):
                status = "empty_window"
                articles = "1 article" if found == 1 else f"{found} articles"
                of = f" of {', '.join(empty.sources)}" if empty.sources else ""
                headline = (
                    f"Nothing on {empty.topic}{of} {_in_words(empty.window)}; the library has {articles} on it beside."
                )
        nearest = () if status != "unknown_topic" else self._nearest([article.title for article in others])
        briefing = replace(empty, status=status, headline=headline, nearest_topics=nearest)
        return self._with_withdrawn(briefing, before)

    def _nearest(self, titles: list[str]) -> tuple[str, ...]:
        """Topics that briefings were made of, then the titles of the nearest articles."""
        return tuple(dict.fromkeys([*self._store.topics(2), *titles]))[:_NEAREST]

    def _nothing_to_quote(self, empty: Briefing, today: date, before: Before | None) -> Briefing:
        """Of the articles no sentence can stand in a briefing, or all are of other days than the topic names."""
        headline = f"The articles on {empty.topic} have no sentence that could be quoted."
        if asked_dates(empty.topic, today):
            headline = (
                f"The articles near to {empty.topic} tell of other days, or have no sentence that could be quoted."
            )
        return self._with_withdrawn(replace(empty, status="unknown_topic", headline=headline), before)


def _revisions(gathered: Gathered) -> dict[str, str]:
    return {one.article.id: one.article.revision for one in gathered.articles}


def _in_words(window: Window) -> str:
    if window.since is not None and window.until is not None:
        return f"from {window.since} to {window.until}"
    if window.since is not None:
        return f"since {window.since}"
    return f"until {window.until}" if window.until is not None else "in this stretch of time"
