"""Whether a sentence has a name, in whatever form."""

from __future__ import annotations

import pytest

from service.grounding.naming import claimed_names, says_name
from service.text.sentence import read_sentence


@pytest.mark.parametrize(
    ("claim", "said", "expected"),
    [
        pytest.param(
            "The UN Development Programme paid.", "The United Nations Development Programme paid.", True, id="short"
        ),
        pytest.param(
            "The United Nations Development Programme paid.", "The UN Development Programme paid.", True, id="full"
        ),
        pytest.param("The United States agreed.", "US negotiators agreed.", True, id="us"),
        pytest.param("The United States agreed.", "They told us that they agreed.", False, id="a_pronoun"),
        pytest.param(
            "The UN Development Programme paid.", "The United Nations Refugee Agency paid.", False, id="other_body"
        ),
        pytest.param("Later the Croats won.", "Later Croatia won.", True, id="people_of_it"),
        pytest.param("Later the Argentines won.", "Later Argentina won.", True, id="more_people_of_it"),
        pytest.param("Later the Austrians won.", "Later Australia won.", False, id="other_people"),
    ],
)
def test_a_name_is_said(claim, said, expected):
    (name,) = claimed_names(read_sentence(claim))
    assert says_name(name, read_sentence(said)) is expected


@pytest.mark.parametrize(
    ("claim", "parts"),
    [
        pytest.param("Breaking Ukrainian resistance is the aim.", [("ukrainian",)], id="verb_that_opens"),
        pytest.param("Everybody on board was unhurt.", [], id="anyone"),
    ],
)
def test_the_capital_of_a_sentences_first_word_is_no_name(claim, parts):
    assert [name.parts for name in claimed_names(read_sentence(claim))] == parts
