"""The vector store is told beside the ingest, and of everything before the ingest ends."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from service.errors import LibraryUnusable
from service.ingest.embedding import CHUNKS_AT_ONCE
from service.ingest.incoming import IncomingArticle

Desk = Any
"""As in conftest.py."""


def articles(count: int) -> list[IncomingArticle]:
    return [
        IncomingArticle(f"Ferry {n}", f"The ferry number {n} left pier {n * 7}.", f"news/{n}.txt", id=f"a{n}")
        for n in range(count)
    ]


def test_the_next_batch_is_embedded_while_the_vector_store_still_takes_the_last(desk: Desk) -> None:
    second_batch = threading.Event()

    def embedding(_: object) -> None:
        if len(desk.embedder.calls) == 2:
            second_batch.set()

    desk.embedder.before = embedding
    waited: list[bool] = []
    desk.index.before = lambda: waited.append(second_batch.wait(20))
    desk.ingest(*articles(CHUNKS_AT_ONCE + 1))
    assert waited[0]
    desk.check()


def test_everything_has_reached_the_vector_store_when_the_ingest_returns(desk: Desk) -> None:
    desk.ingest(*articles(3 * CHUNKS_AT_ONCE + 5))
    desk.check()


def test_a_library_that_fails_while_the_store_is_told_ends_the_ingest(desk: Desk) -> None:
    def fail() -> None:
        raise LibraryUnusable("the disk is full: make room and try again")

    desk.index.before = fail
    with pytest.raises(LibraryUnusable, match="make room"):
        desk.ingest(*articles(2))
    desk.index.before = lambda: None
    desk.ingest(*articles(2))
    desk.check()
