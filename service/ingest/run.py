"""One ingest from its first article to its last."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypeVar

from service.errors import GroundwireError, InputRejected, LibraryUnusable
from service.ingest.ahead import Embedded, EmbeddingAhead
from service.ingest.batch import Batch, Entry
from service.ingest.dating import dates_of
from service.ingest.duplicates import Decision, decide
from service.ingest.fields import normalised
from service.ingest.identity import Identities
from service.ingest.incoming import IncomingArticle
from service.ingest.report import Tally
from service.ingest.shown import one_line
from service.ingest.titles import title_of
from service.ingest.turn import WritersTurn
from service.library.library import Library
from service.library.ports import IndexedArticle
from service.models.ports import Embedder
from service.text.chunking import ChunkingOptions, chunk_article
from service.text.clean import CLEANER, clean
from service.types import Article, Chunk, IngestFailure

Result = TypeVar("Result")

_AHEAD = 1
"""Batches that wait for the embedding of another: with one, the model never waits for us."""
_log = logging.getLogger("groundwire.ingest")


@dataclass(frozen=True, slots=True)
class Parts:
    library: Library
    embedder: Embedder
    chunking: ChunkingOptions
    clock: Callable[[], datetime]


class IngestRun:
    """One batch is embedded while the next is gathered and the one before is committed.

    Holds the writers' turn from the first decision that is not committed until all are; when others wait, it lets them
    in at the next commit.
    """

    def __init__(
        self, parts: Parts, tally: Tally, turn: WritersTurn, ahead: EmbeddingAhead, pass_on: Callable[[], None]
    ) -> None:
        self._parts = parts
        self._tally = tally
        self._turn = turn
        self._has_turn = False
        self._ahead = ahead
        self._pass_on = pass_on
        self._identities = Identities()
        self._batch = Batch()
        self._flights: deque[tuple[list[Entry], Embedded]] = deque()
        self._failed: set[str | None] = set()

    def take(self, item: IncomingArticle | IngestFailure) -> None:
        """Decide about one item; commits when enough has come together."""
        if isinstance(item, IngestFailure):
            self._tally.fail(item.origin, item.error)
            self._tally.reading(item.origin)
            return
        try:
            article = self._article(item)
            self._take_turn()
            self._store(article, item.where)
        except InputRejected as rejected:
            self._tally.fail(item.where, str(rejected))
        if self._batch.full:
            self._launch()
            if len(self._flights) > _AHEAD:
                self._land()
                if self._turn.wanted:
                    self._commit()
        elif not self._batch.entries:
            self.abandon()
        self._tally.reading(item.where)

    def finish(self) -> None:
        self._commit()

    def abandon(self) -> None:
        """Forget what is not committed, and let others write."""
        for _, embedded in self._flights:
            embedded.cancel()
        self._flights.clear()
        self._batch = Batch()
        if self._has_turn:
            self._has_turn = False
            self._turn.give_back()

    def _take_turn(self) -> None:
        if not self._has_turn:
            self._turn.take()
            self._has_turn = True

    def _article(self, incoming: IncomingArticle) -> Article:
        """Raises InputRejected for a wrong field, an id that was there before, or a text of nothing."""
        incoming = normalised(incoming)
        text = _or_rejected("cleaned", lambda: clean(incoming.text, markdown=incoming.markdown))
        if not text.strip():
            raise InputRejected("has no text once it is cleaned: write the article into it, or remove it")
        title = incoming.title or title_of(text, incoming.origin, incoming.language)
        return Article(
            id=self._identities.assign(incoming, title),
            title=title,
            text=text,
            raw_text=incoming.text,
            origin=incoming.origin,
            cleaner=CLEANER,
            ingested_at=self._parts.clock().astimezone(UTC).isoformat(timespec="seconds"),
            source=incoming.source,
            url=incoming.url,
            published_at=incoming.published_at,
            language=incoming.language,
            tags=incoming.tags,
        )

    def _store(self, article: Article, where: str) -> None:
        library = self._parts.library
        decision = self._decide(article)
        if self._batch.unsettles(decision):
            self._commit()
            self._take_turn()
            decision = self._decide(article)
        decided = decision.article
        if decision.outcome == "unchanged":
            self._tally.saved(decision.outcome, decided, self._chunk_count(decided))
        elif decision.outcome == "metadata":
            library.update_metadata(decided)
            self._tally.saved(decision.outcome, decided, self._chunk_count(decided))
        else:
            chunks = () if decision.outcome == "copy" else self._chunks(decided)
            dates = _or_rejected("read for its dates", lambda: dates_of(decided, chunks))
            self._batch.add(Entry(decision, chunks, where, dates))

    def _decide(self, article: Article) -> Decision:
        with self._parts.library.snapshot():
            return decide(self._parts.library, article, self._batch)

    def _chunk_count(self, article: Article) -> int:
        return len(self._parts.library.article_chunks(article.id))

    def _chunks(self, article: Article) -> Sequence[Chunk]:
        chunks = _or_rejected("cut into chunks", lambda: chunk_article(article, self._parts.chunking))
        if not chunks:
            raise InputRejected("has no sentence in it: write the article into it, or remove it")
        return chunks

    def _launch(self) -> None:
        """Begin to embed what has gathered."""
        entries = self._batch.launch()
        if entries:
            if any(entry.chunks for entry in entries):
                self._claim_model()
            self._flights.append((entries, self._ahead.start(entries)))

    def _land(self) -> None:
        """Commit and count the oldest of what is being embedded, and tell the vector store."""
        entries, embedded = self._flights.popleft()
        ready, orphans = self._sorted_out(entries, embedded.result())
        if ready:
            self._put(ready)
        self._batch = self._batch.land(len(entries))
        self._pass_on()
        for entry in orphans:
            self._store(replace(entry.decision.article, duplicate_of=None), entry.where)

    def _commit(self) -> None:
        """Everything that is decided, and let others write."""
        while self._batch.entries:
            self._launch()
            self._land()
        self.abandon()

    def _sorted_out(
        self, entries: Sequence[Entry], results: Sequence[IndexedArticle | InputRejected]
    ) -> tuple[list[tuple[Decision, IndexedArticle]], list[Entry]]:
        """What is ready to be put, and the near copies of articles that failed: about these the decision is open."""
        ready: list[tuple[Decision, IndexedArticle]] = []
        orphans: list[Entry] = []
        for entry, result in zip(entries, results, strict=True):
            if isinstance(result, InputRejected):
                self._tally.fail(entry.where, str(result))
                self._failed.add(entry.decision.article.id)
            elif entry.decision.article.duplicate_of in self._failed:
                orphans.append(entry)
            else:
                indexed = replace(result, signature=entry.decision.signature, dates=entry.dates)
                ready.append((entry.decision, indexed))
        return ready, orphans

    def _put(self, ready: Sequence[tuple[Decision, IndexedArticle]]) -> None:
        articles = [indexed for _, indexed in ready]
        try:
            self._parts.library.put(articles)
        except KeyboardInterrupt:
            # It may have come just after the commit, while the disk was waited for: what is saved is counted.
            if self._parts.library.article(articles[0].article.id) == articles[0].article:
                self._count(ready)
            raise
        self._count(ready)

    def _count(self, ready: Sequence[tuple[Decision, IndexedArticle]]) -> None:
        for decision, indexed in ready:
            self._tally.saved(decision.outcome, indexed.article, len(indexed.chunks))

    def _claim_model(self) -> None:
        """Vectors of two models do not compare, so a library has those of one. Raises LibraryUnusable for another."""
        library, key = self._parts.library, self._parts.embedder.key
        held = library.model_key()
        if held == key:
            return
        if held is not None and library.size().chunks:
            raise LibraryUnusable(
                f"the library's vectors were made by {held}, not by {key}: set GROUNDWIRE_EMBEDDING_MODEL to the model "
                "it was built with, or GROUNDWIRE_DATA_DIR to another directory"
            )
        library.set_model_key(key)


def _or_rejected(what: str, step: Callable[[], Result]) -> Result:
    """One article that a pure step stumbles over must not end the run for the others."""
    try:
        return step()
    except GroundwireError:
        raise
    except Exception as error:
        _log.debug("an article could not be %s", what, exc_info=True)
        raise InputRejected(f"could not be {what} ({one_line(error)}): leave it out, the rest goes on") from error
