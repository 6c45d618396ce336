"""Work beside one's own: done once, by another thread if that is free, and what it raises is heard of."""

from __future__ import annotations

import threading

import pytest

from service.retrieval.beside import Beside


def test_it_is_done_by_another_thread() -> None:
    assert Beside("test").begin(threading.get_ident)() != threading.get_ident()


def test_while_the_other_thread_is_busy_it_is_done_when_it_is_asked_for() -> None:
    beside, go_on = Beside("test"), threading.Event()
    first = beside.begin(lambda: go_on.wait(10))
    second = beside.begin(threading.get_ident)
    assert second() == threading.get_ident()
    go_on.set()
    assert first()


@pytest.mark.parametrize("times", [1, 3])
def test_what_it_raises_is_raised_and_the_thread_is_free_again(times: int) -> None:
    beside = Beside("test")
    for _ in range(times):
        with pytest.raises(ZeroDivisionError):
            beside.begin(lambda: 1 // 0)()
    assert beside.begin(threading.get_ident)() != threading.get_ident()
