"""Whole sentences, and the trees that decide on them."""

from __future__ import annotations

import pytest

from service.grounding.premise import Premise
from service.grounding.sentences import BETTER, OF_MEANING, OF_WORDS, WORSE, of_meaning, of_words
from service.grounding.trees import Trees, shipped
from service.grounding.weighing import weigh
from service.text.sentence import read_sentence

TEXT = "The ferry Astrid left Bergen on 8 June. It carried 140 people to Stavanger."


def values(make_context, *claims):
    context = make_context(TEXT)
    found = [weigh(read_sentence(claim), Premise(context, (at,), at)) for claim, at in claims]
    return dict(zip(OF_WORDS, of_words(read_sentence(" and ".join(c for c, _ in claims)), found), strict=True))


def test_the_least_and_the_most_of_the_claims_stand_side_by_side(make_context):
    found = values(make_context, ("The ferry Astrid left Bergen on 8 June", 0), ("hackers paralysed a switchboard", 1))
    assert found["most own_coverage"] == 1
    assert found["least own_coverage"] == 0
    assert found["claims"] == 2


def test_meanings_are_the_least_of_the_claims():
    words = (0.0,) * len(OF_WORDS)
    states = [tuple(float(i) for i in range(8)), (0.5,) * 8]
    assert of_meaning(words, states)[len(OF_WORDS) :] == (0.0, *(0.5,) * 7)


def test_what_only_worsens_or_betters_is_a_feature():
    assert set(OF_MEANING) >= WORSE | BETTER


@pytest.mark.parametrize(("value", "odds"), [(0.2, 1.0), (0.5, 1.0), (0.6, -2.0)])
def test_a_tree_goes_left_up_to_its_value(value, odds):
    tree = [[0, 0.5, 1, 2], [-1, 1.0, 0, 0], [-1, -2.0, 0, 0]]
    trees = Trees.of({"bias": 0.0, "trees": [tree], "supported": 0.5, "partly": 0.4})
    assert (trees.probability([value]) > 0.5) is (odds > 0)


def test_the_trees_that_ship_ask_what_there_is_and_end():
    trees = shipped()
    assert 0 < trees.partly < trees.supported < 1
    for tree in trees.trees:
        for number, (column, _, left, right) in enumerate(tree):
            assert -1 <= column < len(OF_MEANING)
            assert column < 0 or number < min(left, right) <= max(left, right) < len(tree)
