"""Whether a sentence holds the kind of thing a question asks for."""

from __future__ import annotations

from datetime import date

import pytest

from service.answering.kinds import match_kind
from service.answering.reading import read_question


@pytest.fixture
def kind(make_context):
    """The match of the last sentence of a text."""

    def match(question, text, **fields):
        context = make_context(text, **fields)
        last = len(context.spans) - 1
        return match_kind(read_question(question, date(2025, 11, 20)), context.reading(last), context, last)

    return match


@pytest.mark.parametrize(
    ("question", "there", "not_there"),
    [
        pytest.param("How many drones fell?", "It took 12 drones.", "It took 12 missiles.", id="counted_noun"),
        pytest.param("How many drones fell?", "Some 430 strike drones fell.", "Drones fell.", id="no_figure"),
        pytest.param("How many people died?", "Nine civilians died.", "Nine boats sank.", id="synonym_of_people"),
        pytest.param("What did the bridge cost, what was the price?", "It cost $4m.", "It took 4 years.", id="money"),
        pytest.param("How much did it cost?", "They paid 48 million crowns.", "It took 48 men.", id="any_currency"),
        pytest.param(
            "What percentage was lost?", "Some 40 percent was lost.", "Some 40 boats were lost.", id="percent"
        ),
        pytest.param("How far is the plant?", "It lies 15 km away.", "It lies 15 hours away.", id="distance"),
        pytest.param("How long did it last?", "It lasted 15 hours.", "It ran 15 boats.", id="duration"),
        pytest.param("When did it fall?", "It fell on 8 November.", "It fell into the sea.", id="date"),
        pytest.param("What year did it fall?", "It fell in 1987.", "It fell on 8 November.", id="year"),
        pytest.param("When was it built?", "It was built in 1856.", "It was built of brick.", id="year_long_past"),
        pytest.param("What sport does she play?", "She plays ice hockey.", "She was born in Oslo.", id="class"),
        pytest.param("What was the death toll?", "The fire killed 15 people.", "It took 15 hours.", id="toll"),
        pytest.param("What is the population?", "It had a population of 681.", "It has 681 lakes.", id="population"),
        pytest.param("What is the length of the river?", "It is 98 km long.", "It has 98 bends.", id="length"),
        pytest.param("Who is the artist of it?", "It is an album by Ida Holm.", "It was loved.", id="maker"),
        pytest.param("At what time did it fall?", "It fell at dawn.", "It fell on 8 November.", id="time_of_day"),
        pytest.param("Who fell?", "At dawn Edmund Hillary fell.", "At dawn a boat fell.", id="person"),
        pytest.param("Which city was hit?", "The bombs fell in Coventry.", "The bombs fell late.", id="place"),
        pytest.param("Why did it fall?", "It fell because of rust.", "A boat sank.", id="reason"),
    ],
)
def test_what_is_asked_for_is_told_from_what_is_not(kind, question, there, not_there):
    assert kind(question, there).degree >= 0.6
    assert kind(question, not_there).degree <= 0.35


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        pytest.param("Of the 458 drones, how many drones fell?", "There were 458 drones.", id="figure"),
        pytest.param("Who did Edmund Hillary meet?", "Then Edmund Hillary left.", id="name"),
        pytest.param("Which French town was hit?", "Bombs fell in France.", id="demonym"),
    ],
)
def test_what_the_question_gives_is_no_answer_to_it(kind, question, sentence):
    assert kind(question, sentence).degree <= 0.35


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        pytest.param(
            "Who is the new commander of the fleet?",
            "A new commander of the fleet has been appointed by President Roosevelt.",
            id="the_president_who_appoints_the_commander_is_not_the_commander",
        ),
        pytest.param(
            "Who is the mayor of Dresden?",
            "The mayor of Dresden said that he had met Konrad Adenauer.",
            id="whom_the_mayor_met_is_not_the_mayor",
        ),
    ],
)
def test_another_bearer_than_of_the_role_asked_for_is_excluded(kind, question, sentence):
    assert kind(question, sentence).excluded


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("Mayor Konrad Adenauer of Cologne spoke.", id="role_before_name"),
        pytest.param("Konrad Adenauer, the mayor of Cologne, spoke.", id="role_after_name"),
        pytest.param("The mayor of Cologne, Konrad Adenauer, spoke.", id="place_between"),
    ],
)
def test_the_holder_of_a_role_is_whose_name_stands_beside_it(kind, sentence):
    match = kind("Who is the mayor of Cologne?", sentence)
    assert not match.excluded
    assert match.degree >= 0.6


def test_what_looks_like_the_answer_is_marked_in_the_sentence(kind):
    sentence = "Of 458 drones 406 drones fell."
    ((start, end),) = kind("Of 458 drones, how many drones fell?", sentence).spans
    assert sentence[start:end] == "406"


def test_a_pronoun_stands_for_the_person_before(kind):
    text = "Edmund Hillary reached the summit. He wept there."
    assert kind("Who wept there?", text).degree >= 0.6


def test_a_capital_that_begins_a_sentence_makes_no_person(kind):
    assert kind("Who fell?", "Boats fell.").degree < 0.35
