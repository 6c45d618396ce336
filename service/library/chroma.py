"""The vector store in Chroma: one collection, cosine space, embedded in this process or behind HTTP."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from service.errors import IndexUnavailable
from service.library.chroma_connections import ChromaConnection, EmbeddedChroma, HttpChroma, NoReader
from service.library.chroma_reader import ChromaReader
from service.library.ports import Hit, Vector, VectorRecord

T = TypeVar("T")
Collection = Any
"""Chroma's class, whose annotations are narrower than what it takes; importing it takes most of a second."""

_BATCH_SIZE = 200
"""Records a call. Chroma is at its best with 50 to 250."""

_FILTER_SIZE = 5_000
"""Article ids a query. Each becomes a SQL variable inside Chroma, which fails beyond some 32,000."""

_SPARE = 16
"""Neighbours asked for beyond k, so that equal scores at the border are settled by id and not by the graph."""

_PAUSE_SECONDS = 0.2
"""Before another try: a server that was killed accepts connections, and resets them, until its last thread is gone."""

_HNSW = {"space": "cosine", "ef_construction": 200, "ef_search": 100, "max_neighbors": 32}
"""Cosine: Chroma's default, l2, loses live records after many changes. Among four thousand chunks the widths find
99.8 % of the thirty nearest. Twice the search width finds them all, takes half as long again, and ranks no claim
better."""


class ChromaVectorIndex:
    """A collection named after the model's key. Connects on first use and again after a failure; safe for threads."""

    def __init__(self, connection: ChromaConnection, key: str) -> None:
        self._connection = connection
        self._name = f"groundwire-{key}"
        self._found: tuple[object, Collection] | None = None
        self._lock = threading.Lock()

    @classmethod
    def embedded(cls, path: Path, key: str) -> ChromaVectorIndex:
        """In this process, in the folder `path`, which no other process may use meanwhile."""
        return cls(EmbeddedChroma(path), key)

    @classmethod
    def over_http(cls, url: str | Callable[[], str], key: str, *, timeout_seconds: float = 10.0) -> ChromaVectorIndex:
        """At a URL, or at the one that `url()` returns before each call (`ChromaServer.start`, which restarts it)."""
        return cls(HttpChroma(url, timeout_seconds), key)

    def upsert(self, records: Sequence[VectorRecord]) -> None:
        unique = list({record.chunk_id: record for record in records}.values())
        for start in range(0, len(unique), _BATCH_SIZE):
            self._call(partial(_upsert, unique[start : start + _BATCH_SIZE]))

    def delete(self, chunk_ids: Sequence[str]) -> None:
        unique = list(dict.fromkeys(chunk_ids))
        for start in range(0, len(unique), _BATCH_SIZE):
            self._call(partial(_delete, unique[start : start + _BATCH_SIZE]))

    def query(self, vector: Vector, k: int, article_ids: Sequence[str] | None = None) -> list[Hit]:
        if k <= 0:
            return []
        if article_ids is None:
            hits = self._nearest(vector, k, None)
        else:
            ids = sorted(set(article_ids))
            slices = [ids[start : start + _FILTER_SIZE] for start in range(0, len(ids), _FILTER_SIZE)]
            hits = [hit for some in slices for hit in self._nearest(vector, k, some)]
        return sorted(hits, key=lambda hit: (-hit.score, hit.chunk_id))[:k]

    def _nearest(self, vector: Vector, k: int, article_ids: list[str] | None) -> list[Hit]:
        where = None if article_ids is None else {"article_id": {"$in": article_ids}}
        result = self._read(
            lambda collection: collection.query(
                query_embeddings=[vector], n_results=k + _SPARE, where=where, include=["distances"]
            )
        )
        # Chroma's cosine distance is 1 - cosine.
        return [Hit(i, 1.0 - float(d)) for i, d in zip(result["ids"][0], result["distances"][0], strict=True)]

    def ids(self) -> set[str]:
        return set(self._call(lambda collection: collection.get(include=[]))["ids"])

    def count(self) -> int:
        return int(self._read(lambda collection: collection.count()))

    def reset(self) -> None:
        with self._lock:
            self._found = None
            self._connection.drop(self._name)
        self.count()

    def close(self) -> None:
        with self._lock:
            self._found = None
            self._connection.close()

    def _read(self, operation: Callable[[Collection | ChromaReader], T]) -> T:
        """The short way where there is one, else as any call. What is wrong with the store, only the latter says."""
        try:
            return self._connection.read(self._name, operation)
        except NoReader:
            return self._call(operation)

    def _call(self, operation: Callable[[Collection], T]) -> T:
        """Run it, and once more if the connection broke: all that is asked of the store can be repeated."""
        try:
            return self._connection.plainly(lambda: operation(self._collection()))
        except IndexUnavailable as error:
            if not self._connection.worth_another_try(error):
                raise
        time.sleep(_PAUSE_SECONDS)
        with self._lock:
            self._found = None
        return self._connection.plainly(lambda: operation(self._collection()))

    def _collection(self) -> Collection:
        server = self._connection.server()
        with self._lock:
            if self._found is None or self._found[0] is not server:
                from chromadb.api.models.Collection import Collection as ChromaCollection

                model = server.create_collection(
                    name=self._name, configuration={"hnsw": dict(_HNSW)}, get_or_create=True
                )
                self._found = (server, ChromaCollection(client=server, model=model, embedding_function=None))
            return self._found[1]


def _upsert(records: Sequence[VectorRecord], collection: Collection) -> None:
    collection.upsert(
        ids=[record.chunk_id for record in records],
        embeddings=[record.vector for record in records],
        metadatas=[{"article_id": record.article_id} for record in records],
    )


def _delete(chunk_ids: list[str], collection: Collection) -> None:
    collection.delete(ids=chunk_ids)
