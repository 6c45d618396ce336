"""How well a term of a question is met by a sentence."""

from __future__ import annotations

from datetime import date

import pytest

from service.answering.matching import DERIVED, SYNONYM, TermMatcher, match_term
from service.answering.reading import read_question
from service.text.sentence import read_sentence


def terms_of(question):
    return read_question(question, date(2025, 11, 20)).terms


def degree(question, sentence, word):
    term = next(t for t in terms_of(question) if word in t.words or (t.name and word in t.name.parts))
    return match_term(term, read_sentence(sentence)).degree


@pytest.mark.parametrize(
    ("word", "sentence", "expected"),
    [
        pytest.param("cranes", "One crane fell.", 1.0, id="same_stem"),
        pytest.param("killed", "Nine people died.", SYNONYM, id="synonym"),
        pytest.param("producers", "The production went on.", DERIVED, id="derived"),
        pytest.param("cranes", "The roof fell.", 0.0, id="another_word"),
        pytest.param("interest", "The international body met.", 0.0, id="a_common_beginning_is_no_derivation"),
        pytest.param("killed", "", 0.0, id="empty_sentence"),
    ],
)
def test_words(word, sentence, expected):
    assert degree(f"the {word} there", sentence, word) == expected


@pytest.mark.parametrize(
    ("asked", "said", "expected"),
    [
        pytest.param("Edmund Hillary", "Edmund Hillary spoke.", 1.0, id="whole"),
        pytest.param("Edmund Hillary", "In 1960 Hillary spoke.", 1.0, id="family_name_said"),
        pytest.param("Hillary", "Edmund Hillary spoke.", 1.0, id="family_name_asked"),
        pytest.param("Volodymyr Zelenskyy", "In 2025 Zelensky spoke.", 1.0, id="another_spelling"),
        pytest.param("President Zelensky", "In 2025 Zelensky spoke.", 1.0, id="with_a_role"),
        pytest.param("France", "The French army left.", 1.0, id="demonym"),
        pytest.param("International Energy Agency", "The IEA said so.", 1.0, id="acronym_said"),
        pytest.param("IEA", "The International Energy Agency said so.", 1.0, id="acronym_asked"),
        pytest.param("Austria", "The Australian army left.", 0.0, id="austria_is_not_australia"),
        pytest.param("Niger", "The Nigerian army left.", 0.0, id="niger_is_not_nigeria"),
        pytest.param("Edmund Hillary", "Tenzing Norgay spoke.", 0.0, id="another_person"),
    ],
)
def test_names(asked, said, expected):
    assert degree(f"When did {asked} leave?", said, asked.split()[-1].lower()) == expected


@pytest.mark.parametrize(
    ("asked", "said", "at_most"),
    [
        pytest.param("George Bush", "In 2000 Jeb Bush spoke.", 0.25, id="same_family_name_other_first_name"),
        pytest.param("Vladimir Putin", "In 2000 Vladimir spoke.", 0.5, id="first_name_only"),
    ],
)
def test_names_of_others(asked, said, at_most):
    assert degree(f"When did {asked} leave?", said, asked.split()[-1].lower()) <= at_most


@pytest.mark.parametrize(
    ("asked", "said", "met"),
    [
        pytest.param("45", "Of forty-five missiles nine fell.", True, id="digits_asked_words_said"),
        pytest.param("seventeen", "All 17 fell.", True, id="words_asked_digits_said"),
        pytest.param("1,200", "Some 1200 fell.", True, id="thousands_comma"),
        pytest.param("45", "All 450 fell.", False, id="a_longer_figure"),
        pytest.param("45", "All 4.5 fell.", False, id="a_decimal"),
        pytest.param("45", "All fell.", False, id="none"),
    ],
)
def test_numbers(asked, said, met):
    term = next(t for t in terms_of(f"Which city did the {asked} missiles hit?") if t.number is not None)
    assert match_term(term, read_sentence(said)).degree == float(met)


def test_the_position_of_a_match_is_the_word_that_matched():
    (term,) = [t for t in terms_of("Where did the cranes go?") if "cranes" in t.words]
    assert match_term(term, read_sentence("At dawn one crane fell.")).position == 3


def test_a_remembered_match_is_the_same_match():
    terms = terms_of("Where did the cranes go?")
    matcher, sentence = TermMatcher(terms), read_sentence("At dawn one crane fell.")
    for number, term in enumerate(terms):
        assert matcher.matches(sentence)[number] == matcher.matches(sentence)[number] == match_term(term, sentence)
