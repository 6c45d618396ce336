"""Turns: one at a time, urgent first."""

from __future__ import annotations

import threading

import pytest

from service.models.turns import Turns


def test_an_urgent_caller_goes_before_a_patient_one_that_came_earlier() -> None:
    turns = Turns()
    order: list[str] = []

    def want(name: str, *, urgent: bool) -> threading.Thread:
        def run() -> None:
            with turns.take(urgent=urgent):
                order.append(name)

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    with turns.take():
        patient = want("batch", urgent=False)
        question = want("question", urgent=True)
        while not turns.urgent_waiting:
            question.join(0.001)
        assert order == []
    for thread in (patient, question):
        thread.join(10)
    assert order == ["question", "batch"]


def test_a_turn_ends_when_its_work_fails() -> None:
    turns = Turns()
    with pytest.raises(RuntimeError), turns.take():
        raise RuntimeError
    with turns.take():
        pass


def test_there_are_as_many_turns_as_places() -> None:
    turns = Turns(places=2)
    third = threading.Event()

    def take() -> None:
        with turns.take():
            third.set()

    with turns.take():
        with turns.take():
            thread = threading.Thread(target=take)
            thread.start()
            assert not third.wait(0.05)
        assert third.wait(10)
    thread.join(10)
