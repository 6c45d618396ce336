"""Where a claim in a sentence's own words departs from it."""

from __future__ import annotations

import pytest

from service.grounding.edits import NO_EDITS, edits
from service.text.sentence import read_sentence

SAID = "The ferry Astrid left Bergen before the storm on 8 June and carried 140 people to Stavanger."


def changed(claim, said=SAID, known=frozenset()):
    return edits(read_sentence(claim), read_sentence(said), known).changed


@pytest.mark.parametrize(
    ("claim", "pair"),
    [
        pytest.param(SAID.replace("before", "after"), ("after", "before"), id="order"),
        pytest.param(SAID.replace("8 June", "15 June"), ("15", "8"), id="day"),
        pytest.param(SAID.replace("8 June", "8 May"), ("May", "June"), id="month"),
        pytest.param(SAID.replace("and carried", "and did not carry"), ("did not carry", "carried"), id="denied"),
        pytest.param(SAID.replace("to Stavanger", "to Molde"), ("Molde", "Stavanger"), id="another_name"),
    ],
)
def test_what_stands_in_the_place_of_another_thing_is_told(claim, pair):
    assert changed(claim) == (pair,)


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        pytest.param(SAID, SAID, id="the_same"),
        pytest.param(SAID.replace("people", "passengers"), SAID, id="another_word_for_it"),
        pytest.param(SAID.replace("carried", "took"), SAID, id="another_verb"),
        pytest.param(
            "Four of the five boats that left Bergen on 8 June did not reach Stavanger.",
            "Only one of the five boats that left Bergen on 8 June reached Stavanger.",
            id="the_others_did",
        ),
        pytest.param(
            "The council of Bergen voted not to allow the ferry to leave on 8 June.",
            "The council of Bergen voted to forbid the ferry to leave on 8 June.",
            id="two_denials",
        ),
        pytest.param(
            "The crews of Norway and Sweden met in Bergen on 8 June.",
            "The crews of Sweden and Norway met in Bergen on 8 June.",
            id="one_and_the_other",
        ),
    ],
)
def test_what_says_the_same_is_no_change(claim, said):
    assert not changed(claim, said)


def test_two_names_in_each_others_place_are_told():
    said = "A single goal in extra time gave Norway victory over Chile in the final."
    assert changed("A single goal in extra time gave Chile victory over Norway in the final.", said)


def test_a_name_that_opens_a_sentence_is_one_where_the_article_says_so():
    said, claim = "Turkey had taken third place the day before.", "Tromso had taken third place the day before."
    assert not changed(claim, said)
    assert changed(claim, said, frozenset({"turkey"})) == (("Tromso", "Turkey"),)


def test_words_put_in_weigh_as_such_and_words_in_the_place_of_others_as_such():
    put_in = edits(read_sentence(SAID[:-1] + " after hackers had paralysed the switchboard."), read_sentence(SAID))
    replaced = edits(read_sentence(SAID.replace("storm", "funeral")), read_sentence(SAID))
    assert put_in.inserted > 1
    assert put_in.substituted == 0
    assert replaced.substituted > 0
    assert replaced.inserted == 0


def test_a_claim_in_other_words_is_not_compared():
    claim = read_sentence("Some 140 travellers reached Stavanger ahead of bad weather, not after it.")
    assert edits(claim, read_sentence(SAID)) == NO_EDITS
