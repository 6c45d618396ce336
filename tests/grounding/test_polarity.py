"""Denials, opposites, and what is only planned."""

from __future__ import annotations

import pytest

from service.grounding.polarity import polarity
from service.text.sentence import read_sentence


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        pytest.param("The committee did not approve the vaccine.", "The committee approved the vaccine.", id="not"),
        pytest.param("The committee approved the vaccine.", "The committee did not approve the vaccine.", id="had_not"),
        pytest.param("The company refused to recall the cars.", "The company recalled the cars.", id="refused"),
        pytest.param("The pad was built with a water system.", "The pad was built without a water system.", id="with"),
        pytest.param("Profits at the bank fell by a tenth.", "Profits at the bank rose by a tenth.", id="fell"),
        pytest.param("It was the lowest rate for a decade.", "It was the highest rate for a decade.", id="lowest"),
        pytest.param("The court acquitted him of fraud.", "The court convicted him of fraud.", id="court"),
        pytest.param("All the miners were well.", "Few of the miners were well.", id="all_and_few"),
        pytest.param("Many voters saw it as a warning.", "Few voters saw it as a warning.", id="many_and_few"),
        pytest.param("All of the sailors were Greek.", "All of the sailors were Greek except the cook.", id="except"),
    ],
)
def test_the_opposite_is_a_contradiction(claim, said):
    assert polarity(read_sentence(claim), read_sentence(said)).contradicted


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        pytest.param("Nobody was injured in the crash.", "No one was hurt in the crash.", id="both_deny"),
        pytest.param("The spire was destroyed.", "The city woke to a cathedral without its spire.", id="lost"),
        pytest.param("The rocket rose no higher than 39 kilometres.", "It rose to 39 kilometres.", id="no_higher"),
        pytest.param("Hundreds lost their lives.", "Hundreds died.", id="lives"),
        pytest.param("No coins are made by the mint.", "The mint no longer makes coins.", id="denied_elsewhere"),
        pytest.param("France was defeating Croatia.", "France was beating Croatia.", id="two_sides_of_one_word"),
        pytest.param("He denied the striker a goal.", "He kept the striker from a goal.", id="denied_him"),
        pytest.param("Prices slowed to 2 per cent.", "Prices rose 2 per cent, down from 3.", id="same_side_nearer"),
    ],
)
def test_other_words_are_no_contradiction(claim, said):
    assert not polarity(read_sentence(claim), read_sentence(said)).contradicted


@pytest.mark.parametrize(
    ("claim", "said", "surer"),
    [
        pytest.param("The firm closed two plants.", "The firm may have closed two plants.", True, id="may"),
        pytest.param("The firm dominated the market.", "They feared it would dominate the market.", True, id="feared"),
        pytest.param("The firm closed two plants.", "The firm had to close two plants.", False, id="had_to"),
        pytest.param("The firm may have closed two plants.", "The firm may have closed two plants.", False, id="both"),
    ],
)
def test_what_may_be_is_not_what_was(claim, said, surer):
    assert bool(polarity(read_sentence(claim), read_sentence(said)).surer) is surer
