"""Words: spans that slice exactly, and the tokens that are easily misread."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.text.words import is_stop_word, stem, tokens


def lowers(text: str) -> list[str]:
    return [token.lower for token in tokens(text)]


@given(st.text(max_size=300))
@example("İstanbul's ﬁne ²nd a.b.c' 1,2,3 G-20's 40km")
def test_any_text_gives_words_that_slice_it_in_order(text: str) -> None:
    position = 0
    for token in tokens(text):
        assert position <= token.start < token.end <= len(text)
        assert text[token.start : token.end] == token.text
        assert token.lower
        assert token.stem == stem(token.lower)
        position = token.end


@given(st.text(max_size=100))
def test_every_letter_and_digit_stands_in_a_word(text: str) -> None:
    covered = {i for token in tokens(text) for i in range(token.start, token.end)}
    assert all(i in covered for i, character in enumerate(text) if character.isalnum())


CASES = {
    "U.S. is the country, not the pronoun": ("the U.S. army", ["the", "usa", "army"]),
    "US is the country": ("the US army", ["the", "usa", "army"]),
    "a possessive country": ("the US's army and the US’s navy", ["the", "usa", "army", "and", "the", "usa", "navy"]),
    "us stays the pronoun": ("tell us more", ["tell", "us", "more"]),
    "the hyphen of G-20": ("the G-20 met", ["the", "g20", "met"]),
    "G20 without the hyphen": ("the G20 met", ["the", "g20", "met"]),
    "an aircraft type": ("an F-16 and a MiG-29", ["an", "f16", "and", "a", "mig29"]),
    "a possessive": ("Kyiv's mayor, the people’s vote", ["kyiv", "mayor", "the", "people", "vote"]),
    "dots of an acronym": ("the U.K. and the U.N.", ["the", "uk", "and", "the", "un"]),
    "thousands and decimals are one word": ("1,234.5 metres", ["1,234.5", "metres"]),
    "a range is two words": ("15-20 boats", ["15", "20", "boats"]),
    "a unit written to its number": ("a 40km road for $2.5bn", ["a", "40", "km", "road", "for", "2.5", "bn"]),
    "letters after a number that are no unit": ("the 15th in 3D", ["the", "15th", "in", "3d"]),
    "accents stay": ("Café Žižkov", ["café", "žižkov"]),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
def test_words_of(text: str, expected: list[str]) -> None:
    assert lowers(text) == expected


def test_downed_is_no_stop_word_though_down_is() -> None:
    assert is_stop_word("down")
    assert not is_stop_word("downed")


def test_a_capital_and_a_digit_are_told_from_the_text_as_written() -> None:
    capital, digits, small = tokens("Odesa 12 boats")
    assert (capital.capitalised, digits.numeric, small.capitalised) == (True, True, False)


def test_a_word_of_another_alphabet_is_its_own_stem() -> None:
    assert stem("київ") == "київ"
