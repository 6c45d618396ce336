"""The texts that a model may learn to tell what follows from, and what is made of them."""

from __future__ import annotations

import random

import pytest

from eval.entailment.pairs import CLOSE, FOLLOWS, loosened, read_pairs, varied
from service.errors import InputRejected


@pytest.fixture(scope="module")
def rows():
    return read_pairs()


def test_every_text_stands_once_and_has_claims_of_both_sorts(rows):
    assert len({row.text for row in rows}) == len(rows) > 1_500
    assert all({pair.follows for pair in row.pairs} == {True, False} for row in rows)


def test_no_claim_is_both_true_and_false_of_its_text(rows):
    for row in rows:
        true = {pair.claim for pair in row.pairs if pair.follows}
        assert not true & {pair.claim for pair in row.pairs if not pair.follows}


def test_each_text_is_used_with_what_stands_close_to_it(rows):
    kinds = {pair.kind for pair in varied(rows[:50], random.Random(1))}
    assert {FOLLOWS, CLOSE, "unrelated"} <= kinds


def test_what_goes_without_making_a_sentence_false_goes():
    chance = random.Random(4)
    found = {loosened("On Monday, all 3 trains were late, the operator said.", chance) for _ in range(80)}
    assert found == {
        "On Monday, all 3 trains were late, the operator said.",
        "All three trains were late, the operator said.",
        "The operator said all 3 trains were late.",
        "The operator said all three trains were late.",
    }


def test_a_line_that_is_none_is_named(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"text": "It rained.", "true": ["It was wet."]}\n')
    with pytest.raises(InputRejected, match=r"a\.jsonl:1"):
        read_pairs(tmp_path)
