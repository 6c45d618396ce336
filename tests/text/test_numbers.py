"""Numbers in digits and in words: the same value, the right span, one number where there is one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.text.numbers import is_ordinal, numbers
from service.text.words import tokens

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()


def spelled(value: int, joiner: str, hyphen: str) -> str:
    """A whole number below a trillion in words: joiner stands after a hundred, hyphen in "forty-two"."""
    for scale, name in ((10**9, "billion"), (10**6, "million"), (10**3, "thousand")):
        if value >= scale:
            rest = f" {spelled(value % scale, joiner, hyphen)}" if value % scale else ""
            return f"{spelled(value // scale, joiner, hyphen)} {name}{rest}"
    if value >= 100:
        rest = f"{joiner}{spelled(value % 100, joiner, hyphen)}" if value % 100 else ""
        return f"{_SMALL[value // 100]} hundred{rest}"
    if value < 20:
        return _SMALL[value]
    return _TENS[value // 10 - 2] + (f"{hyphen}{_SMALL[value % 10]}" if value % 10 else "")


def read(text: str) -> list[tuple[str, float]]:
    return [(text[n.start : n.end], n.value) for n in numbers(tokens(text))]


@given(st.integers(0, 10**12 - 1), st.sampled_from([" and ", " "]), st.sampled_from(["-", " "]))
def test_a_number_in_words_and_in_digits_agrees(value: int, joiner: str, hyphen: str) -> None:
    words = spelled(value, joiner, hyphen)
    assert read(words) == [(words, value)]
    assert read(str(value)) == [(str(value), value)]
    assert read(f"{value:,}") == [(f"{value:,}", value)]


@given(st.text(max_size=200))
def test_any_text_gives_numbers_that_lie_inside_and_do_not_overlap(text: str) -> None:
    words = tokens(text)
    position = 0
    for number in numbers(words):
        assert position <= number.start < number.end <= len(text)
        assert (words[number.first].start, words[number.last].end) == (number.start, number.end)
        position = number.end


CASES = {
    "a decimal with a scale": ("2.5 million homes", [("2.5 million", 2.5e6)]),
    "a scale written to the number": ("$400bn", [("400bn", 4e11)]),
    "a decimal comma": ("2,5 metres", [("2,5", 2.5)]),
    "a scale that opens": ("a hundred thousand homes", [("hundred thousand", 1e5)]),
    "a million alone": ("a million homes", [("million", 1e6)]),
    "half a million": ("half a million homes", [("half a million", 5e5)]),
    "half without a scale": ("half a house", []),
    "dozens counted": ("two dozen boats", [("two dozen", 24)]),
    "and between two numbers": ("nine and ten", [("nine", 9), ("ten", 10)]),
    "digits after a scale": ("5 million 200 boats", [("5 million", 5e6), ("200", 200)]),
    "a comma parts two numbers": ("a hundred, twenty of them new", [("hundred", 100), ("twenty", 20)]),
    "an ordinal is no number": ("the 15th and the third", []),
    "a list of digits is no number": ("1,2,3", []),
    "a scale abbreviation alone": ("bn", []),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
def test_numbers_of(text: str, expected: list[tuple[str, float]]) -> None:
    assert read(text) == expected


VAGUE = {
    "dozens": "dozens of boats",
    "hundreds of thousands": "hundreds of thousands of homes",
    "tens of thousands": "tens of thousands of homes",
    "several hundred": "several hundred boats",
}


@pytest.mark.parametrize("text", VAGUE.values(), ids=VAGUE.keys())
def test_a_number_without_an_exact_value_is_one_vague_number(text: str) -> None:
    assert [n.vague for n in numbers(tokens(text))] == [True]


def test_an_exact_number_is_not_vague() -> None:
    assert [n.vague for n in numbers(tokens("two hundred boats"))] == [False]


@pytest.mark.parametrize(("word", "expected"), [("1st", True), ("22nd", True), ("15", False), ("best", False)])
def test_ordinals_in_digits(word: str, expected: bool) -> None:
    assert is_ordinal(word) is expected
