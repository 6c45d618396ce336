"""Leaks, confidence with a model's word for it, and the budget of what a model is shown."""

from __future__ import annotations

from itertools import pairwise

import pytest

from service.answering.leaks import Leaks
from service.answering.shipping import chosen
from service.answering.showing import showing
from service.answering.vouching import declined, vouched


class TestLeaks:
    TOLD = "You write answers for a news desk, only from the numbered evidence that comes with it."

    def test_seven_words_of_what_was_told_are_a_leak_whatever_the_case(self):
        assert Leaks([self.TOLD]).found_in(
            "Well: ANSWERS for a news desk, only from the evidence.".replace("the ev", "the numbered ev")
        )

    def test_fewer_are_not(self):
        assert not Leaks([self.TOLD]).found_in("They write answers for a news desk in Rome.")

    def test_a_secret_is_one_wherever_it_stands(self):
        assert Leaks([], ["ab12cd"]).found_in("evidence-AB12CD ends")
        assert not Leaks([], [""]).found_in("anything")


class TestConfidence:
    @pytest.mark.parametrize("confidence", [0.01, 0.3, 0.5, 0.9, 0.999])
    def test_a_model_that_answers_raises_it_and_one_that_declines_lowers_it(self, confidence):
        assert 0 < declined(confidence) < confidence < vouched(confidence) < 1

    def test_what_is_certain_stays_so_and_the_order_stays(self):
        assert (vouched(0.0), vouched(1.0), declined(0.0), declined(1.0)) == (0.0, 1.0, 0.0, 1.0)
        grid = [i / 20 for i in range(21)]
        assert all(vouched(a) < vouched(b) and declined(a) < declined(b) for a, b in pairwise(grid))


class TestShowing:
    @pytest.fixture
    def gathered(self, newsroom, eager):
        from service.answering.extractive import ExtractiveAnswerer
        from service.types import Question

        for i in range(6):
            newsroom.add(**{f"a{i}": f"Storm number {i} tore down {i + 3} cranes in harbour {i}. " * 3})
        extractive = ExtractiveAnswerer(newsroom.library, newsroom.retriever, model=eager)
        return extractive, extractive.gather(Question("How many cranes did the storms tear down?"))

    def shown(self, gathered, budget):
        extractive, found = gathered
        return showing(found.candidates.question, found.evidence, extractive.context, len, budget)

    def test_as_many_chunks_are_shown_as_fit_and_one_in_any_case(self, gathered):
        _, found = gathered
        everything = self.shown(gathered, 1_000_000)
        assert len(everything.chunks) == len(found.evidence) > 2
        two = self.shown(gathered, len(everything.rendered([1, 2])))
        assert [c.number for c in two.chunks] == [1, 2]
        assert [c.evidence for c in two.chunks] == list(found.evidence[:2])
        assert len(self.shown(gathered, 1).chunks) == 1

    def test_numbers_that_name_nothing_name_no_source(self, gathered):
        shown = self.shown(gathered, 1_000_000)
        assert shown.sources([0, -1, 99]) == ()
        assert shown.sources([2, 2]) == (shown.chunks[1].source,)

    def test_the_mark_is_one_that_no_article_has(self, newsroom, eager):
        from service.answering.extractive import ExtractiveAnswerer
        from service.types import Question

        newsroom.add(a="The storm ^ tore ¬ down nine cranes.")
        extractive = ExtractiveAnswerer(newsroom.library, newsroom.retriever, model=eager)
        found = extractive.gather(Question("How many cranes did the storm tear down?"))
        shown = self.shown((extractive, found), 1_000)
        assert shown.mark not in "^¬"
        assert f"{shown.mark}down{shown.mark}nine{shown.mark}cranes." in shown.rendered()


def test_choosing_looks_only_at_what_stands_before():
    """What has been told of an answer must stand in it, whatever becomes of the sentences behind."""
    from service.answering.checking import Checked
    from service.answering.drafting import DraftedSentence
    from service.grounding.sources import SentenceCheck

    def checked(text, refused):
        return Checked(DraftedSentence(text), SentenceCheck(text, "not_supported", 0.0, ()), refused)

    items = [
        checked("Rome burned.", None),
        checked("Paris burned.", "wrong"),
        checked("They slept through it.", None),
        checked("Rome burned!", None),
        checked("Oslo froze.", None),
        checked("They slept there.", None),
    ]
    for most in (1, 2, 3):
        whole = chosen(items, most)
        assert sum(item.refused is None for item in whole) == most
        for n in range(len(items)):
            assert chosen(items[:n], most) == whole[:n]
    assert [item.refused is None for item in chosen(items, 9)] == [True, False, False, False, True, True]
