"""Queries embedded together, and remembered."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import numpy as np
import pytest

from service.models.ports import Vector
from service.models.queries import QUERIES_AT_ONCE, Pass, QueryCollector


class Desk:
    """Embeds a text as its length, one call at a time, and keeps what each call was given."""

    def __init__(self) -> None:
        self.busy = threading.Lock()
        self.calls: list[list[str]] = []
        self.done: list[list[str]] = []
        self.ready = False
        self.before: Callable[[Sequence[str]], None] = lambda texts: None

    @contextmanager
    def turn(self) -> Iterator[str]:
        with self.busy:
            yield "model"

    def begin(self, model: str, texts: Sequence[str]) -> Pass:
        assert model == "model"
        self.calls.append(list(texts))
        self.before(texts)
        return Pass(lambda: self.ready, lambda: self.finished(texts))

    def finished(self, texts: Sequence[str]) -> Vector:
        self.done.append(list(texts))
        return np.array([[len(text), 1.0] for text in texts], dtype=np.float32)

    def ask_at_once(self, queries: QueryCollector[str], texts: Sequence[str]) -> list[Vector]:
        with ThreadPoolExecutor(len(texts)) as pool:
            with self.busy:
                answers = [pool.submit(queries.vector, text) for text in texts]
                while len(queries._waiting) < len(texts):
                    time.sleep(0.001)
            return [answer.result(10) for answer in answers]


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_those_who_wait_are_embedded_in_one_pass_and_each_gets_its_own(desk: Desk) -> None:
    texts = ["a" * length for length in range(1, 9)]
    answers = desk.ask_at_once(QueryCollector(desk.turn, desk.begin), texts)
    assert [answer[0] for answer in answers] == [len(text) for text in texts]
    assert [sorted(call) for call in desk.calls] == [texts]


def test_no_pass_takes_more_than_it_may(desk: Desk) -> None:
    texts = ["a" * length for length in range(1, QUERIES_AT_ONCE + 9)]
    answers = desk.ask_at_once(QueryCollector(desk.turn, desk.begin), texts)
    assert [answer[0] for answer in answers] == [len(text) for text in texts]
    assert sorted(map(len, desk.calls)) == [8, QUERIES_AT_ONCE]


def test_the_same_words_are_embedded_once(desk: Desk) -> None:
    queries = QueryCollector(desk.turn, desk.begin)
    desk.ask_at_once(queries, ["same"] * 4)
    queries.vector("same")
    assert desk.calls == [["same"]]


def test_the_longest_unused_is_forgotten_first(desk: Desk) -> None:
    queries = QueryCollector(desk.turn, desk.begin, cached=2)
    for text in ("a", "b", "a", "c", "a", "b"):
        queries.vector(text)
    assert desk.calls == [["a"], ["b"], ["c"], ["b"]]


def test_without_a_cache_nothing_is_remembered(desk: Desk) -> None:
    queries = QueryCollector(desk.turn, desk.begin, cached=0)
    queries.vector("a")
    queries.vector("a")
    assert desk.calls == [["a"], ["a"]]


def test_a_remembered_vector_cannot_be_changed(desk: Desk) -> None:
    vector = QueryCollector(desk.turn, desk.begin).vector("a")
    with pytest.raises(ValueError, match="read-only"):
        vector[0] = 7.0


def test_a_failure_is_everyones_and_not_remembered(desk: Desk) -> None:
    queries = QueryCollector(desk.turn, desk.begin)

    def fail(texts: Sequence[str]) -> None:
        desk.before = lambda texts: None
        raise RuntimeError("no")

    desk.before = fail
    with pytest.raises(RuntimeError, match="no"):
        queries.vector("a")
    assert queries.vector("a")[0] == 1.0


def test_a_failure_reaches_all_who_waited_and_nobody_after_them(desk: Desk) -> None:
    queries = QueryCollector(desk.turn, desk.begin)

    def fail(texts: Sequence[str]) -> None:
        desk.before = lambda texts: None
        raise RuntimeError("no")

    desk.before = fail
    texts = ["a" * length for length in range(1, QUERIES_AT_ONCE + 5)]
    with pytest.raises(RuntimeError, match="no"):
        desk.ask_at_once(queries, texts)
    assert [queries.vector(text)[0] for text in texts] == [len(text) for text in texts]


def test_steps_are_taken_between_begin_and_end(desk: Desk) -> None:
    seen: list[tuple[int, int]] = []

    def steps() -> Iterator[None]:
        for _ in range(3):
            seen.append((len(desk.calls), len(desk.done)))
            yield

    QueryCollector(desk.turn, desk.begin).vector("a", steps())
    assert seen == [(1, 0)] * 3


def test_once_the_vector_is_there_the_steps_that_are_left_are_left(desk: Desk) -> None:
    def steps() -> Iterator[str]:
        yield "first"
        desk.ready = True
        yield "second"
        yield "third"

    work = steps()
    QueryCollector(desk.turn, desk.begin).vector("a", work)
    assert list(work) == ["third"]


def test_for_a_remembered_query_no_step_is_taken(desk: Desk) -> None:
    queries = QueryCollector(desk.turn, desk.begin)
    queries.vector("a")
    work = iter(["first"])
    queries.vector("a", work)
    assert list(work) == ["first"]


def test_failing_is_the_affair_of_whose_step_it_was(desk: Desk) -> None:
    queries = QueryCollector(desk.turn, desk.begin)

    def failing() -> Iterator[None]:
        raise KeyError("no")
        yield

    texts = ["a" * length for length in range(1, QUERIES_AT_ONCE + 5)]
    with ThreadPoolExecutor(len(texts)) as pool:
        with desk.busy:
            answers = [pool.submit(queries.vector, texts[0])]
            while not queries._waiting:
                time.sleep(0.001)
            answers += [pool.submit(queries.vector, text, failing() if text == "aa" else None) for text in texts[1:]]
            while len(queries._waiting) < len(texts):
                time.sleep(0.001)
        with pytest.raises(KeyError):
            answers[1].result(10)
        assert [answers[i].result(10)[0] for i in range(len(texts)) if i != 1] == [len(t) for t in texts if t != "aa"]


def test_whoever_leads_and_fails_meanwhile_leaves_the_others_their_vectors(desk: Desk) -> None:
    queries = QueryCollector(desk.turn, desk.begin)

    def failing() -> Iterator[None]:
        raise KeyError("no")
        yield

    with pytest.raises(KeyError):
        queries.vector("a", failing())
    assert queries.vector("a")[0] == 1.0
    assert desk.calls == [["a"]]


def test_nobody_waits_for_what_another_does_meanwhile(desk: Desk) -> None:
    queries = QueryCollector(desk.turn, desk.begin)
    others: list[Future[Vector]] = []
    taken: list[str] = []

    def waiting() -> Iterator[None]:
        taken.append("step")
        others[0].result(10)
        yield

    with ThreadPoolExecutor(2) as pool:
        with desk.busy:
            leader = pool.submit(queries.vector, "a", waiting())
            while not queries._waiting:
                time.sleep(0.001)
            others.append(pool.submit(queries.vector, "bb"))
            while len(queries._waiting) < 2:
                time.sleep(0.001)
        assert [leader.result(10)[0], others[0].result(10)[0]] == [1.0, 2.0]
    assert taken == []
