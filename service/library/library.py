"""The library: articles, chunks, vectors and words in one SQLite file, and the outbox that feeds the vector store."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from service.library import (
    checking,
    copies,
    dating,
    filtering,
    lexical,
    likeness,
    outbox,
    reading,
    signatures,
    writing,
)
from service.library.connections import Connections
from service.library.copies import Fellow, Holder
from service.library.filtering import Scope
from service.library.likeness import StoredVectors
from service.library.outbox import OutboxEntry
from service.library.ports import ArticlePage, Hit, IndexedArticle, LibrarySize, Vector, VectorRecord
from service.library.signatures import Signature
from service.text.dating import ArticleDates
from service.text.intervals import DateMention, Interval
from service.types import Article, Carrier, Chunk, Filters

_FREQUENCIES_KEPT = 50_000
"""Words whose number of chunks is remembered until the next change: a few megabytes."""


class Library:
    """The truth. A change is on disk when its call returns; reads go on beside it and see it whole or not at all.

    Safe to use from many threads. Every method may raise LibraryUnusable, or LibraryBusy when another process writes.
    """

    def __init__(self, path: Path) -> None:
        """Open the SQLite file at `path`, or create it with its folder.

        Raises LibraryUnusable when it cannot be written, is no library, is damaged or comes from a newer groundwire.
        """
        self._connections = Connections(path)
        self._generation = 0
        self._inside = threading.local()
        self._known_fingerprint: tuple[int, str] | None = None
        self._known_frequencies: tuple[int, dict[str, int]] = (0, {})
        self._known_sources: tuple[int, tuple[str, ...]] | None = None
        self._known_chunks: tuple[int, int] | None = None

    def close(self) -> None:
        self._connections.close()

    # Writing: one transaction each.

    def put(self, batch: Sequence[IndexedArticle]) -> None:
        """Store new articles and new revisions, all or none. Old revisions stay readable.

        The same revision again replaces the metadata, and the chunks where other ones are given. Copies of an article
        whose text changes stay what they were: the oldest exact one takes over its chunks. Raises ValueError for chunks
        that do not fit their article, NotFound for a copy whose original has changed.
        """
        for indexed in batch:
            writing.require_consistent(indexed)
        with self._changing() as connection:
            for indexed in batch:
                writing.put_article(connection, indexed)

    def update_metadata(self, article: Article) -> None:
        """New title, source, dates and so on for the article's current revision. Raises NotFound for any other."""
        with self._changing() as connection:
            writing.set_metadata(connection, article)

    def delete(self, article_id: str) -> Article | None:
        """Remove an article and all its revisions. Its oldest copy becomes the original. Returns what was removed."""
        with self._changing() as connection:
            article = reading.article(connection, article_id, None)
            if article is not None:
                writing.delete_article(connection, article_id)
        return article

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        """A write after which the fingerprint may be another: also one that was interrupted just after its commit."""
        try:
            with self._connections.writing() as connection:
                yield connection
        finally:
            self._generation += 1

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All that this thread reads inside comes from one state of the library."""
        outer = getattr(self._inside, "generation", None)
        # Looked at first: what is then read may be newer and taken for stale too soon, never for fresh too long.
        self._inside.generation = self._seen
        try:
            with self._connections.snapshot():
                yield
        finally:
            self._inside.generation = outer

    @property
    def _seen(self) -> int:
        """The generation that reads of this thread see at least."""
        inside = getattr(self._inside, "generation", None)
        return self._generation if inside is None else int(inside)

    # Articles.

    def article(self, article_id: str, revision: str | None = None) -> Article | None:
        """The current revision, or the one asked for: with its own text, and the metadata of today."""
        with self._connections.reading() as connection:
            return reading.article(connection, article_id, revision)

    def articles_by_id(self, ids: Iterable[str]) -> dict[str, Article]:
        with self._connections.reading() as connection:
            return reading.articles_by_id(connection, ids)

    def articles(self, limit: int, cursor: str | None = None) -> ArticlePage:
        """In order of arrival. Raises InputRejected for a cursor that no page gave."""
        with self._connections.reading() as connection:
            return reading.articles(connection, limit, cursor)

    def holder_of(self, revision: str) -> Holder | None:
        """The article that has the chunks of the text with this revision."""
        with self._connections.reading() as connection:
            return copies.holder_of(connection, revision)

    def near_holders(self, signature: Signature, text: str) -> list[Holder]:
        """The articles that this text is a near copy of, oldest first."""
        with self._connections.reading() as connection:
            return signatures.near_holders(connection, signature, text)

    def carriers(self, article_id: str, passage: str | None = None) -> tuple[Carrier, ...]:
        """Other articles with the same text, oldest first; given a passage, also near copies that say just that."""
        with self._connections.reading() as connection:
            return tuple(copies.carriers(connection, article_id, passage))

    def allowed_articles(self, filters: Filters) -> tuple[list[str] | None, int]:
        """Ids that pass (`None`: no limit) and how many were left out for having no date. InputRejected: a bad date."""
        with self._connections.reading() as connection:
            return filtering.allowed_articles(connection, filters)

    def articles_between(self, first: float | None, last: float | None, sources: Sequence[str] = ()) -> list[str]:
        """Ids of the articles published, or else taken in, in this stretch: seconds since 1970, both ends inclusive."""
        with self._connections.reading() as connection:
            return filtering.articles_between(connection, first, last, sources)

    def scope(self, filters: Filters) -> Scope:
        """The same with regard to exact copies, whose chunks are another article's. InputRejected: a bad date."""
        with self._connections.reading() as connection:
            return filtering.scope_of(connection, filters)

    def fellows(self, article_ids: Iterable[str]) -> dict[str, list[Fellow]]:
        """The other articles of each one's cluster of copies, oldest first; those that have none are left out."""
        with self._connections.reading() as connection:
            return copies.fellows(connection, article_ids)

    def sources(self) -> tuple[str, ...]:
        """Each source there is, folded as filters fold it."""
        generation, known = self._seen, self._known_sources
        if known is not None and known[0] == generation:
            return known[1]
        with self._connections.reading() as connection:
            sources = tuple(copies.sources(connection))
        self._known_sources = (generation, sources)
        return sources

    def carried_by(self, chunk_ids: Iterable[str], sources: Iterable[str]) -> dict[str, list[str]]:
        """Of these chunks the ones whose text an article of these folded sources has: chunk id to article ids."""
        with self._connections.reading() as connection:
            return copies.carried_by(connection, chunk_ids, sources)

    # Chunks and their vectors. Ids that the library does not hold are left out.

    def chunks(self, chunk_ids: Sequence[str]) -> dict[str, Chunk]:
        with self._connections.reading() as connection:
            return reading.chunks(connection, chunk_ids)

    def article_chunks(self, article_id: str) -> list[Chunk]:
        """Of the current revision, in order; none for a copy."""
        with self._connections.reading() as connection:
            return reading.article_chunks(connection, article_id)

    def chunk_vectors(self, chunk_ids: Sequence[str]) -> dict[str, Vector]:
        """Shape (d,) each, float32, L2-normalised."""
        return {record.chunk_id: record.vector for record in self.vector_records(chunk_ids)}

    def sentence_vectors(self, chunk_ids: Sequence[str]) -> dict[str, Vector]:
        """Shape (sentences, d) each, float32, L2-normalised, in the order of the chunk's sentences."""
        with self._connections.reading() as connection:
            return reading.sentence_vectors(connection, chunk_ids)

    def stored_vectors(self, chunk_ids: Sequence[str]) -> StoredVectors:
        """To tell how like a query's vector each chunk and its best sentence are."""
        with self._connections.reading() as connection:
            return likeness.stored_vectors(connection, chunk_ids)

    def vector_records(self, chunk_ids: Sequence[str]) -> list[VectorRecord]:
        """The chunks as the vector store takes them."""
        with self._connections.reading() as connection:
            return reading.vector_records(connection, chunk_ids)

    # Dates: what the sentences say, with offsets in the article.

    def chunk_dates(self, chunk_ids: Sequence[str]) -> dict[str, tuple[DateMention, ...]]:
        """In order; a chunk that names no day is left out."""
        with self._connections.reading() as connection:
            return dating.chunk_dates(connection, chunk_ids)

    def event_dates(self, article_ids: Iterable[str]) -> dict[str, tuple[Interval, ...]]:
        """When the main event of each article was, as its lead says; one whose lead names no day is left out."""
        with self._connections.reading() as connection:
            return dating.event_dates(connection, article_ids)

    def article_dates(self, article_id: str) -> ArticleDates:
        """Of the current revision; empty for a copy that has no chunks of its own."""
        with self._connections.reading() as connection:
            return dating.article_dates(connection, article_id)

    def chunk_count(self) -> int:
        """0 when there is nothing to search. Counted once between two changes."""
        generation, known = self._seen, self._known_chunks
        if known is not None and known[0] == generation:
            return known[1]
        count = self.size().chunks
        self._known_chunks = (generation, count)
        return count

    def all_chunk_ids(self) -> set[str]:
        with self._connections.reading() as connection:
            return reading.all_chunk_ids(connection)

    # Words.

    def lexical(self, terms: Sequence[str], k: int, article_ids: Sequence[str] | None = None) -> list[Hit]:
        """The k best chunks with any of the terms; bm25, higher is better, ties by chunk id. Terms are never syntax."""
        with self._connections.reading() as connection:
            return lexical.search(connection, terms, k, article_ids)

    def document_frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        """In how many chunks (or their titles) each term stands, stemmed like the index."""
        seen = self._seen
        generation, known = self._known_frequencies
        if generation != seen or len(known) > _FREQUENCIES_KEPT:
            known = {}
            self._known_frequencies = (seen, known)
        new = [term for term in terms if term not in known]
        if new:
            with self._connections.reading() as connection:
                known.update(lexical.document_frequencies(connection, new))
        return {term: known[term] for term in terms}

    # The whole.

    def size(self) -> LibrarySize:
        with self._connections.reading() as connection:
            return reading.size(connection)

    def fingerprint(self) -> str:
        """Hash over all (article id, revision): the same content has the same one, in whatever order it came."""
        generation, known = self._seen, self._known_fingerprint
        if known is not None and known[0] == generation:
            return known[1]
        with self._connections.reading() as connection:
            fingerprint = reading.fingerprint(connection)
        self._known_fingerprint = (generation, fingerprint)
        return fingerprint

    def model_key(self) -> str | None:
        """Which embedder made the vectors; `None` until one is named."""
        with self._connections.reading() as connection:
            row = connection.execute("SELECT value FROM meta WHERE name = 'model_key'").fetchone()
        return None if row is None else str(row[0])

    def set_model_key(self, key: str) -> None:
        with self._connections.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO meta (name, value) VALUES ('model_key', ?)", (key,))

    def check(self) -> list[str]:
        """What is wrong, in one line each; empty when all is well. Reads everything."""
        with self._connections.writing() as connection:
            return checking.problems(connection)

    def rebuild_lexical_index(self) -> None:
        """Make the index of words anew from the chunks."""
        with self._connections.writing() as connection:
            connection.execute("INSERT INTO chunk_terms (chunk_terms) VALUES ('rebuild')")

    # The outbox.

    def pending(self, limit: int) -> list[OutboxEntry]:
        """Changes that the vector store has not taken, oldest first; the last one of a chunk wins."""
        with self._connections.reading() as connection:
            return outbox.pending(connection, limit)

    def pending_ids(self) -> set[str]:
        with self._connections.reading() as connection:
            return outbox.pending_ids(connection)

    def settle(self, sequences: Sequence[int]) -> None:
        """The vector store has taken these changes."""
        with self._connections.writing() as connection:
            outbox.settle(connection, sequences)

    def requeue_all(self) -> None:
        """Send every chunk to the vector store again."""
        with self._connections.writing() as connection:
            outbox.requeue_all(connection)
