"""What every vector index promises: Chroma in this process, its reader, Chroma behind HTTP, and the fake in memory."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from service.library.chroma import ChromaVectorIndex
from service.library.chroma_connections import EmbeddedChroma
from service.library.chroma_server import ChromaServer
from service.library.memory import InMemoryVectorIndex
from service.library.ports import Hit, Vector, VectorIndex, VectorRecord

DIMENSION = 32
KEYS = itertools.count()


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[ChromaServer]:
    started = ChromaServer(tmp_path_factory.mktemp("served") / "chroma")
    yield started
    started.stop()


class _OnlyRead(EmbeddedChroma):
    def server(self) -> Any:
        pytest.fail("the reader gave way to the whole of Chroma")


class _ReadByTheReader:
    """Every change by a Chroma of its own, closed again, so that every search is one of the reader."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._changed(ChromaVectorIndex.count)  # there is nothing to read before there is a collection

    def _changed(self, change: Callable[[ChromaVectorIndex], Any]) -> Any:
        with closing(ChromaVectorIndex(EmbeddedChroma(self._path), "k")) as index:
            return change(index)

    def upsert(self, records: Sequence[VectorRecord]) -> None:
        self._changed(lambda index: index.upsert(records))

    def delete(self, chunk_ids: Sequence[str]) -> None:
        self._changed(lambda index: index.delete(chunk_ids))

    def ids(self) -> set[str]:
        found: set[str] = self._changed(ChromaVectorIndex.ids)
        return found

    def reset(self) -> None:
        self._changed(ChromaVectorIndex.reset)

    def query(self, vector: Vector, k: int, article_ids: Sequence[str] | None = None) -> list[Hit]:
        with closing(ChromaVectorIndex(_OnlyRead(self._path), "k")) as index:
            return index.query(vector, k, article_ids)

    def count(self) -> int:
        with closing(ChromaVectorIndex(_OnlyRead(self._path), "k")) as index:
            return index.count()

    def close(self) -> None:
        """Nothing is held open."""


@pytest.fixture(params=["memory", "embedded", "reader", "http"])
def index(request, tmp_path) -> Iterator[VectorIndex]:
    made: VectorIndex
    if request.param == "memory":
        made = InMemoryVectorIndex()
    elif request.param == "embedded":
        made = ChromaVectorIndex.embedded(tmp_path / "chroma", "test-32-f32")
    elif request.param == "reader":
        made = _ReadByTheReader(tmp_path / "chroma")
    else:
        url = request.getfixturevalue("server").start()
        made = ChromaVectorIndex.over_http(url, f"test{next(KEYS)}-32-f32")
    yield made
    made.close()


def records_of(count: int, *, seed: int = 0, prefix: str = "chk_") -> list[VectorRecord]:
    """`count` random directions; three chunks an article."""
    vectors = np.random.default_rng(seed).standard_normal((count, DIMENSION)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return [VectorRecord(f"{prefix}{i:05d}", f"a{i // 3}", vector) for i, vector in enumerate(vectors)]


def nearest(records, vector, k):
    scores = {record.chunk_id: float(record.vector @ vector) for record in records}
    return sorted(scores, key=lambda chunk_id: (-scores[chunk_id], chunk_id))[:k], scores


def test_an_empty_index_answers_with_nothing(index):
    assert index.query(records_of(1)[0].vector, 5) == []
    assert index.query(records_of(1)[0].vector, 5, ["a0"]) == []
    assert (index.count(), index.ids()) == (0, set())


def test_it_finds_exactly_the_nearest_with_their_cosines_best_first(index):
    records = records_of(1_200)
    index.upsert(records)
    assert index.count() == 1_200
    for query in records_of(5, seed=1):
        expected, scores = nearest(records, query.vector, 20)
        hits = index.query(query.vector, 20)
        assert [hit.chunk_id for hit in hits] == expected
        assert [hit.score for hit in hits] == pytest.approx([scores[i] for i in expected], abs=1e-5)


def test_the_same_query_gives_the_same_hits(index):
    index.upsert(records_of(400))
    query = records_of(1, seed=2)[0].vector
    first = index.query(query, 30)
    assert all(index.query(query, 30) == first for _ in range(5))


def test_equal_scores_are_ordered_by_id(index):
    [record] = records_of(1)
    twins = [VectorRecord(f"chk_{i:02d}", f"a{i}", record.vector) for i in range(20)]
    index.upsert(list(reversed(twins)))
    assert [hit.chunk_id for hit in index.query(record.vector, 10)] == [twin.chunk_id for twin in twins[:10]]


def test_k_beyond_the_count_returns_all(index):
    records = records_of(30)
    index.upsert(records)
    assert len(index.query(records[0].vector, 10_000)) == 30
    assert index.query(records[0].vector, 0) == []


def test_a_limit_to_articles_is_exact(index):
    records = records_of(300)
    index.upsert(records)
    chosen = [f"a{i}" for i in range(0, 100, 7)]
    expected, _ = nearest([r for r in records if r.article_id in chosen], records_of(1, seed=3)[0].vector, 10)
    assert [hit.chunk_id for hit in index.query(records_of(1, seed=3)[0].vector, 10, chosen)] == expected


def test_thousands_of_article_ids_are_no_limit(index):
    records = records_of(300)
    index.upsert(records)
    query = records_of(1, seed=4)[0].vector
    many = [f"x{i}" for i in range(40_000)] + [f"a{i}" for i in range(50)] * 2
    expected, _ = nearest(records[:150], query, 25)
    assert [hit.chunk_id for hit in index.query(query, 25, many)] == expected


def test_no_article_allowed_is_not_all_allowed(index):
    index.upsert(records_of(10))
    assert index.query(records_of(1)[0].vector, 5, []) == []
    assert index.query(records_of(1)[0].vector, 5, ["unknown"]) == []


def test_an_upsert_replaces_and_may_be_repeated(index):
    first, second = records_of(2)
    for _ in range(2):
        index.upsert([first, second])
    moved = VectorRecord(first.chunk_id, "a9", -first.vector)
    index.upsert([first, moved])
    assert index.count() == 2
    [hit] = index.query(-first.vector, 5, ["a9"])
    assert (hit.chunk_id, hit.score) == (first.chunk_id, pytest.approx(1.0, abs=1e-5))


def test_a_deletion_may_be_repeated_and_may_name_strangers(index):
    records = records_of(500)
    index.upsert(records)
    gone = [record.chunk_id for record in records[:450]]
    index.delete([*gone, "chk_stranger", gone[0]])
    index.delete(gone)
    index.delete([])
    index.upsert([])
    assert index.ids() == {record.chunk_id for record in records[450:]}
    assert len(index.query(records[0].vector, 500)) == 50


def test_live_records_survive_many_changes(index):
    live: dict[str, VectorRecord] = {}
    for seed in range(12):
        for record in records_of(100, seed=seed, prefix=f"chk_{seed % 4}_"):
            live[record.chunk_id] = record
        index.upsert([record for chunk_id, record in live.items() if chunk_id.startswith(f"chk_{seed % 4}_")])
        gone = sorted(live)[seed::5]
        index.delete(gone)
        for chunk_id in gone:
            del live[chunk_id]
    assert index.ids() == set(live)
    query = records_of(1, seed=99)[0].vector
    assert {hit.chunk_id for hit in index.query(query, 10_000)} == set(live)
    assert [hit.chunk_id for hit in index.query(query, 15)] == nearest(live.values(), query, 15)[0]


def test_reset_empties_and_it_goes_on(index):
    records = records_of(50)
    index.upsert(records)
    index.reset()
    assert (index.count(), index.query(records[0].vector, 5)) == (0, [])
    index.upsert(records[:3])
    assert index.count() == 3


def test_a_zero_vector_is_no_error(index):
    zero = VectorRecord("chk_zero", "z", np.zeros(DIMENSION, dtype=np.float32))
    index.upsert([zero, *records_of(3)])
    assert len(index.query(records_of(1)[0].vector, 10)) == 4
    assert len(index.query(zero.vector, 10)) == 4


def test_ids_of_any_characters(index):
    [record] = records_of(1)
    strange = VectorRecord("chk_\"' Київ", 'a"\\$in/俄', record.vector)
    index.upsert([strange])
    assert [hit.chunk_id for hit in index.query(record.vector, 3, [strange.article_id])] == [strange.chunk_id]
    index.delete([strange.chunk_id])
    assert index.count() == 0
