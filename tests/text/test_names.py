"""Names: where they begin and end, what they name, and when two spellings are one name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.text.names import Name, acronym, names, same_name
from service.text.words import tokens

_PARTS = st.text(alphabet="abcdeinorsty", min_size=1, max_size=12)


def read(text: str) -> list[Name]:
    return names(text, tokens(text))


def said(text: str) -> list[str]:
    return [text[n.start : n.end] for n in read(text)]


@given(
    st.one_of(
        st.text(max_size=200),
        st.lists(
            st.sampled_from(
                ["The", "Ever", "Given", "of", "U.S.", "Friday", "-", ". ", "Kyiv's", "“", "I", "ǅ", "bank"]
            ),
            max_size=10,
        ).map(" ".join),
    )
)
def test_any_text_gives_names_that_lie_inside_in_order(text: str) -> None:
    words = tokens(text)
    position = 0
    for name in names(text, words):
        assert position <= name.start < name.end <= len(text)
        assert (words[name.first].start, words[name.last].end) == (name.start, name.end)
        assert name.parts
        position = name.end


CASES = {
    "a name that opens with a common word": ("They refloated the Ever Given today.", ["Ever Given"]),
    "the article is not part of it": ("The Ever Given is afloat.", ["Ever Given"]),
    "the first word of a sentence before a name": ("When Russia agreed, talks began.", ["Russia"]),
    "a name with of": ("He joined the Bank of England then.", ["Bank of England"]),
    "the possessive ends a name": ("They read Kyiv's Independent Square plan.", ["Kyiv's", "Independent Square"]),
    "the country with dots": ("He left the U.S. for good.", ["U.S"]),
    "a weekday and a month are none": ("They met on Friday in November.", []),
    "a weekday ends a name": ("They saw Paris Friday night.", ["Paris"]),
    "the pronoun I": ("Then I left.", []),
    "a common first word alone": ("The boats left.", []),
    "a comma parts two names": ("They saw Paris, London and Rome.", ["Paris", "London", "Rome"]),
    "a hyphenated name that opens like a month": ("They saw Mar-a-Lago.", ["Mar-a-Lago"]),
    "a hyphenated name with a small word": ("They saw Port-au-Prince.", ["Port-au-Prince"]),
    "a way from one place to another": ("They took the Paris-to-Rome train.", ["Paris", "Rome"]),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
def test_names_of(text: str, expected: list[str]) -> None:
    assert [name for name in said(text) if name != "They"] == expected


def test_the_capital_of_a_sentences_first_word_proves_nothing() -> None:
    assert [n.initial for n in read("Boats left Odesa.")] == [True, False]


def test_an_acronym_is_a_name_even_at_the_beginning() -> None:
    assert [n.initial for n in read("NATO met.")] == [False]


KINDS = {
    "an organisation by its noun": ("It joined the International Energy Agency then.", "organisation"),
    "a place by its noun": ("They crossed the Black Sea then.", "place"),
    "a place by its preposition": ("They met in Odesa then.", "place"),
    "a place by the region of": ("They left the region of Kursk then.", "place"),
    "a person by a role": ("They met President Zelensky then.", "person"),
    "a person by speech": ("Then Zelensky said no.", "person"),
    "a person by two names": ("They met Volodymyr Zelensky then.", "person"),
    "unknown": ("They bought Bitcoin then.", "other"),
}


@pytest.mark.parametrize(("text", "kind"), KINDS.values(), ids=KINDS.keys())
def test_kind_of(text: str, kind: str) -> None:
    assert [n.kind for n in read(text) if not n.initial] == [kind]


SAME = {
    "a demonym": ("ukraine", "ukrainian"),
    "demonyms in the plural": ("ukraine", "ukrainians"),
    "a demonym after one letter more": ("kenya", "kenyan"),
    "a demonym after a stripped vowel": ("mexico", "mexican"),
    "a demonym in -ese": ("japan", "japanese"),
    "a demonym in -i": ("israel", "israelis"),
    "an irregular demonym": ("france", "french"),
    "an irregular demonym of another first letter": ("netherlands", "dutch"),
    "another spelling": ("zelensky", "zelenskyy"),
}


@pytest.mark.parametrize(("a", "b"), SAME.values(), ids=SAME.keys())
def test_one_name(a: str, b: str) -> None:
    assert same_name(a, b)


DIFFERENT = {
    "two countries that look alike": ("austria", "australia"),
    "their people": ("austrian", "australian"),
    "one and the other's people": ("austria", "australian"),
    "a demonym that belongs to the neighbour": ("niger", "nigerian"),
    "short names one letter apart": ("iran", "iraq"),
    "a name inside another word": ("china", "chinatown"),
    "unlike names": ("kyiv", "moscow"),
}


@pytest.mark.parametrize(("a", "b"), DIFFERENT.values(), ids=DIFFERENT.keys())
def test_two_names(a: str, b: str) -> None:
    assert not same_name(a, b)


@given(_PARTS, _PARTS)
def test_being_one_name_is_symmetric(a: str, b: str) -> None:
    assert same_name(a, b) == same_name(b, a)
    assert same_name(a, a)


def test_an_acronym_needs_two_words() -> None:
    assert acronym(("international", "energy", "agency")) == "iea"
    assert acronym(("agency",)) is None
