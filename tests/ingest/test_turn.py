"""Writers take turns in the order in which they came, and a long ingest lets others in."""

from __future__ import annotations

import threading
import time
from typing import Any

from service.ingest.embedding import CHUNKS_AT_ONCE
from service.ingest.incoming import IncomingArticle
from service.ingest.turn import WritersTurn

Desk = Any
"""As in conftest.py."""


def ferry(name: str) -> IncomingArticle:
    return IncomingArticle(f"Ferry {name}", f"The ferry {name} left the pier at dawn.", f"{name}.txt", id=name)


def until(condition: Any) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_first_come_first_served() -> None:
    turn, order, threads = WritersTurn(), list[int](), list[threading.Thread]()

    def write(number: int) -> None:
        with turn:
            order.append(number)

    turn.take()
    for number in range(5):
        assert turn.wanted is (number > 0)
        threads.append(threading.Thread(target=write, args=(number,)))
        threads[-1].start()
        until(lambda: len(turn._queue) == len(threads) + 1)
    turn.give_back()
    for thread in threads:
        thread.join(20)
    assert order == [0, 1, 2, 3, 4]
    assert not turn.wanted


def test_a_long_ingest_lets_another_writer_in_before_it_ends(desk: Desk) -> None:
    others = [threading.Thread(target=lambda: desk.pipeline.run([ferry("other")]))]
    turn = desk.pipeline._turn

    def start_other(_: object) -> None:
        if len(desk.embedder.calls) == 1:
            others[0].start()
            until(lambda: turn.wanted)

    desk.embedder.before = start_other
    desk.ingest(*(ferry(f"own-{number}") for number in range(6 * CHUNKS_AT_ONCE)))
    others[0].join(20)
    order = [article.id for article in desk.library.articles(10_000).articles]
    assert order.index("other") < order.index(f"own-{6 * CHUNKS_AT_ONCE - 1}")
    desk.check()
