"""Who did what to whom."""

from __future__ import annotations

import pytest

from service.grounding.pairing import mispaired, other_rank
from service.grounding.roles import roles
from service.text.sentence import read_sentence


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        pytest.param("Lyon beat Porto in the final.", "Porto beat Lyon in the final.", id="active"),
        pytest.param("Lyon was beaten by Porto.", "Lyon beat Porto.", id="passive"),
        pytest.param("Porto beat Lyon.", "Lyon are champions after beating Porto.", id="participle"),
        pytest.param("The ship sailed from Oslo to Hull.", "The ship sailed from Hull to Oslo.", id="from_and_to"),
        pytest.param("The union praised Erik Dahl.", "Erik Dahl, the minister, praised the union.", id="aside"),
        pytest.param("NASA built it with help from Esa.", "It was built by Esa with help from NASA.", id="agent"),
    ],
)
def test_changed_places_are_noticed(claim, said):
    found = roles(read_sentence(claim), read_sentence(said))
    assert found.swapped or found.other_actor


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        pytest.param("Porto was beaten by Lyon.", "Lyon beat Porto.", id="passive"),
        pytest.param("Lyon beat Porto.", "Porto lost to Lyon.", id="converse_verbs"),
        pytest.param("The bridge was closed by the council.", "The council shut the bridge.", id="synonym"),
        pytest.param("From Hull the ship sailed to Oslo.", "The ship sailed from Hull to Oslo.", id="order"),
        pytest.param("Dahl, elected in May, resigned.", "Dahl resigned.", id="aside"),
    ],
)
def test_the_same_in_another_order_is_no_change(claim, said):
    found = roles(read_sentence(claim), read_sentence(said))
    assert not found.swapped
    assert not found.other_actor


@pytest.mark.parametrize(
    ("claim", "wrong"),
    [
        pytest.param("Anna Berg, 63, is the oldest.", False, id="right"),
        pytest.param("The youngest of them is Anna Berg.", True, id="rank"),
        pytest.param("Lena Voss is 63.", True, id="figure"),
    ],
)
def test_what_stands_beside_something_else_does_not_go_together(claim, wrong):
    said = read_sentence("The youngest of the crew, Lena Voss, is 19; the oldest, Anna Berg, is 63.")
    assert bool(mispaired(read_sentence(claim), said)) is wrong


def test_the_names_of_a_list_all_go_with_its_figure():
    said = read_sentence("Only five members backed it: Ann Low, Bo Park, Cy Reed, Di Stone and Ed Trent.")
    assert not mispaired(read_sentence("Di Stone was one of five members who backed it."), said)


def test_another_rank_is_noticed():
    claim, said = map(read_sentence, ("He was the first man to win twice.", "He was the third man to win twice."))
    assert other_rank(claim, said) == ("first",)
