"""Parts that are made ready when they are needed, and what keeps the vector store in step."""

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from service.errors import IndexUnavailable, ModelUnavailable
from service.library.deferred import DeferredVectorIndex
from service.library.library import Library
from service.library.memory import InMemoryVectorIndex
from service.library.ports import VectorIndex
from service.library.reconciler import Reconciler
from service.library.upkeep import IndexUpkeep
from service.models.deferred import DeferredEmbedder
from service.models.hashing import HashingEmbedder


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with closing(Library(tmp_path / "library.sqlite3")) as opened:
        yield opened


def test_name_and_key_of_an_embedder_need_no_preparation() -> None:
    embedder = DeferredEmbedder(HashingEmbedder(), lambda: pytest.fail("was prepared"))
    assert (embedder.name, embedder.key) == ("hashing", HashingEmbedder().key)
    assert embedder.state == "idle"


def test_embedder_is_prepared_once_for_all_threads() -> None:
    prepared: list[int] = []
    embedder = DeferredEmbedder(HashingEmbedder(), lambda: prepared.append(1))
    threads = [threading.Thread(target=embedder.embed_query, args=("trees",)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert prepared == [1]
    assert (embedder.state, embedder.failure) == ("ready", None)


def test_embedding_waits_until_the_embedder_is_ready() -> None:
    may_go_on = threading.Event()
    embedder = DeferredEmbedder(HashingEmbedder(), lambda: may_go_on.wait() and None)
    embedder.start()
    assert embedder.state == "loading"
    may_go_on.set()
    assert embedder.embed_query("trees").shape == (embedder.dimension,)


def test_failed_preparation_is_raised_at_every_use_and_not_repeated() -> None:
    attempts: list[int] = []

    def fail() -> None:
        attempts.append(1)
        raise ModelUnavailable("the weights are gone")

    embedder = DeferredEmbedder(HashingEmbedder(), fail)
    embedder.wait()
    for _ in range(2):
        with pytest.raises(ModelUnavailable, match="the weights are gone"):
            embedder.embed_query("trees")
    assert attempts == [1]
    assert embedder.state == "failed"
    assert str(embedder.failure) == "the weights are gone"


def test_index_that_cannot_be_made_is_tried_again_at_the_next_use() -> None:
    answers: list[IndexUnavailable | VectorIndex] = [IndexUnavailable("not yet"), InMemoryVectorIndex()]

    def make() -> VectorIndex:
        answer = answers.pop(0)
        if isinstance(answer, IndexUnavailable):
            raise answer
        return answer

    index = DeferredVectorIndex(make)
    with pytest.raises(IndexUnavailable):
        index.count()
    assert index.count() == 0
    assert index.ids() == set()


def test_closing_an_index_that_was_never_needed_makes_none() -> None:
    DeferredVectorIndex(lambda: pytest.fail("was made")).close()


def test_upkeep_remembers_why_it_failed_until_it_succeeds(library: Library) -> None:
    away = [True]

    def make() -> VectorIndex:
        if away[0]:
            raise IndexUnavailable("nobody answers")
        return InMemoryVectorIndex()

    index = DeferredVectorIndex(make)
    upkeep = IndexUpkeep(library, index, Reconciler(library, index))
    upkeep.attempt()
    assert (upkeep.failure, upkeep.reached) == ("nobody answers", False)
    away[0] = False
    upkeep.attempt()
    assert (upkeep.failure, upkeep.reached) == (None, True)


def test_upkeep_outlives_what_nobody_expected(library: Library) -> None:
    def make() -> VectorIndex:
        raise ZeroDivisionError

    index = DeferredVectorIndex(make)
    upkeep = IndexUpkeep(library, index, Reconciler(library, index))
    upkeep.attempt()
    assert upkeep.failure == "unexpected ZeroDivisionError"


def test_upkeep_in_the_background_stops_when_told(library: Library) -> None:
    index = DeferredVectorIndex(InMemoryVectorIndex)
    upkeep = IndexUpkeep(library, index, Reconciler(library, index))
    upkeep.start()
    upkeep.stop(timeout_seconds=30)
    assert not [thread for thread in threading.enumerate() if thread.name == "index-upkeep"]
