"""A sentence as its claims."""

from __future__ import annotations

import pytest

from service.grounding.claims import claims_of
from service.text.sentence import read_sentence


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        pytest.param(
            "The river burst its banks on 3 May and flooded 430 homes, while 12 people were killed upstream.",
            ["The river burst its banks on 3 May", "flooded 430 homes", "12 people were killed upstream."],
            id="three_clauses",
        ),
        pytest.param(
            "The club sold two strikers and nine defenders, but 32 players stayed.",
            ["The club sold two strikers and nine defenders", "32 players stayed."],
            id="a_list_is_no_clause",
        ),
        pytest.param(
            "The queue lasted three and a half days.", ["The queue lasted three and a half days."], id="a_number"
        ),
        pytest.param(
            'She said "we lost and they won" and left.', ['She said "we lost and they won" and left.'], id="a_quote"
        ),
        pytest.param("Rain.", ["Rain."], id="one_word"),
    ],
)
def test_it_is_cut_between_clauses_alone(sentence, expected):
    assert [claim.text for claim in claims_of(read_sentence(sentence))] == expected


def test_a_clause_without_a_subject_takes_over_the_first_ones():
    _, second = claims_of(
        read_sentence("The mayor, who was elected in 2019, resigned on Friday and was arrested later.")
    )
    assert second.reading.text == "The mayor was arrested later."
