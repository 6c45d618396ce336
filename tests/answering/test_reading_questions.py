"""What a question asks for, read off its wording."""

from __future__ import annotations

from datetime import date

import pytest

from service.answering.expected import Expected, expected_answer
from service.answering.reading import read_question

TODAY = date(2025, 11, 20)


def read(text):
    return read_question(text, TODAY)


def term_words(question):
    return [" ".join(term.words) for term in question.terms]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How many drones were shot down?", Expected.QUANTITY),
        ("Of the 653 drones, how many were shot down?", Expected.QUANTITY),
        ("number of missiles in the Nov 14 strike on Kyiv", Expected.QUANTITY),
        ("What is the number of killed civilians?", Expected.QUANTITY),
        ("What is the death toll?", Expected.QUANTITY),
        ("death toll of the landslide", Expected.QUANTITY),
        ("What was the magnitude of the earthquake?", Expected.QUANTITY),
        ("What was the score of the final?", Expected.QUANTITY),
        ("By how much did the rate rise?", Expected.QUANTITY),
        ("How high were the waves?", Expected.QUANTITY),
        ("How much did the bridge cost?", Expected.MONEY),
        ("How much money was stolen?", Expected.MONEY),
        ("How many dollars did the city lose?", Expected.MONEY),
        ("What was the price of the tunnel?", Expected.MONEY),
        ("How far is the plant from the city?", Expected.DISTANCE),
        ("How tall is the tower?", Expected.DISTANCE),
        ("How many kilometres of track were laid?", Expected.DISTANCE),
        ("How long did the blackout last?", Expected.DURATION),
        ("How old is the president?", Expected.DURATION),
        ("How many days did the siege last?", Expected.DURATION),
        ("What percentage of homes lost power?", Expected.PERCENT),
        ("How many percent of the votes were counted?", Expected.PERCENT),
        ("When did the talks begin?", Expected.DATE),
        ("What year was the treaty signed?", Expected.DATE),
        ("On which day was Kyiv attacked?", Expected.DATE),
        ("Since when has the mayor been in office?", Expected.DATE),
        ("How long ago did the talks begin?", Expected.DATE),
        ("What time did the eruption begin?", Expected.DATE),
        ("Who is the mayor of Kharkiv?", Expected.PERSON),
        ("who led the delegation", Expected.PERSON),
        ("Which minister resigned?", Expected.PERSON),
        ("Whose house burned down?", Expected.PERSON),
        ("Name of the commander", Expected.PERSON),
        ("Where did the ferry sink?", Expected.PLACE),
        ("Which city was hit?", Expected.PLACE),
        ("In what region is the refinery?", Expected.PLACE),
        ("Which central bank raised rates?", Expected.ORGANISATION),
        ("What agency issued the warning?", Expected.ORGANISATION),
        ("Which newspaper reported it first?", Expected.ORGANISATION),
        ("Why did the talks fail?", Expected.REASON),
        ("What caused the fire?", Expected.REASON),
        ("What was the reason for the delay?", Expected.REASON),
        ("Did the dam hold?", Expected.YES_NO),
        ("Has Russia refused to negotiate?", Expected.YES_NO),
        ("How did the miners get out?", Expected.THING),
        ("What was found under the ice?", Expected.THING),
        ("", Expected.THING),
    ],
)
def test_expected_kind(question, expected):
    assert expected_answer(question) is expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        pytest.param("Which sectors suffer when prices rise?", Expected.THING, id="the_first_question_word_decides"),
        pytest.param("What is the WHO's estimate?", Expected.THING, id="the_health_body_is_not_who"),
        pytest.param("What did the spokesman say?", Expected.THING, id="who_did_it_is_not_what_is_asked"),
        pytest.param("What does the region export?", Expected.THING, id="where_it_is_is_not_what_is_asked"),
        pytest.param("HOW MANY DRONES WERE SHOT DOWN", Expected.QUANTITY, id="capitals"),
        pytest.param("  how   many\n drones?", Expected.QUANTITY, id="spaces"),
    ],
)
def test_expected_kind_traps(question, expected):
    assert expected_answer(question) is expected


@pytest.mark.parametrize(
    ("question", "counted"),
    [
        pytest.param("How many drones were shot down?", ["drones"], id="noun_after_how_many"),
        pytest.param("How many power plants were struck?", ["power", "plants"], id="compound"),
        pytest.param("number of missiles in the strike on Kyiv", ["missiles"], id="number_of"),
        pytest.param("How many Russian soldiers surrendered?", ["soldiers"], id="not_the_nationality"),
        pytest.param("How many Conservatives rebelled?", ["conservatives"], id="a_name_when_there_is_no_noun"),
        pytest.param("How many of the 45 missiles got through?", ["missiles"], id="not_the_figure"),
        pytest.param("Of the 653 drones, how many were shot down?", ["drones"], id="noun_before_how_many"),
        pytest.param("How many goals did they score?", ["goals"], id="not_the_verb"),
        pytest.param("Who is the mayor?", [], id="nothing_is_counted"),
    ],
)
def test_counted_noun(question, counted):
    reading = read(question)
    assert [" ".join(reading.terms[i].words) for i in reading.counted] == counted


@pytest.mark.parametrize(
    ("question", "dates"),
    [
        pytest.param("How many died on 8 November 2025?", ["2025-11-08"], id="day_with_year"),
        pytest.param("How many died on November 8?", ["--11-08"], id="day_without_year"),
        pytest.param("What happened in March 2024?", ["2024-03-01/2024-03-31"], id="month"),
        pytest.param("Who won in 2022?", ["2022-01-01/2022-12-31"], id="year"),
        pytest.param("How many goals in the 2022 tournament?", ["2022-01-01/2022-12-31"], id="year_as_a_word_like_any"),
        pytest.param("2022 World Cup winner?", ["2022-01-01/2022-12-31"], id="year_first"),
        pytest.param("Who paid $2022 for it?", [], id="an_amount_is_no_year"),
        pytest.param("Were 2,022 people hurt?", [], id="a_count_is_no_year"),
        pytest.param("Did 2022% come true?", [], id="a_percentage_is_no_year"),
        pytest.param("What happened yesterday?", ["2025-11-19"], id="relative"),
        pytest.param("What happened on Monday?", [], id="a_bare_weekday_is_no_date"),
        pytest.param("Who marched in front?", [], id="a_verb_is_no_month"),
        pytest.param("What may happen next?", [], id="may"),
    ],
)
def test_dates(question, dates):
    assert [m.interval.iso() for m in read(question).dates] == dates


def test_a_numeric_date_keeps_both_readings():
    assert {m.interval.iso() for m in read("What happened on 08/11/2025?").dates} == {"2025-11-08", "2025-08-11"}


def test_dates_are_no_terms():
    assert term_words(read("How many drones fell on 8 November 2025?")) == ["drones", "fell"]


def test_a_name_is_one_term_and_carries_more_than_other_words():
    terms = read("When did Edmund Hillary reach the summit?").terms
    assert [t.name.parts for t in terms if t.name] == [("edmund", "hillary")]
    assert max(terms, key=lambda t: t.factor).name is not None


def test_a_capital_that_begins_the_question_makes_no_name():
    assert [t for t in read("Drones fell where?").terms if t.name] == []


def test_a_figure_in_the_question_is_a_term_with_its_value():
    assert [t.number for t in read("Which city was hit by seventeen missiles?").terms if t.number] == [17.0]


def test_words_that_questions_are_made_of_are_no_terms():
    assert term_words(read("According to the article, what is the exact number of cranes mentioned?")) == ["cranes"]


@pytest.mark.parametrize("text", ["", "   ", "?!", "who", "🏗️", "起重机何时倒塌?", "\x00", "a" * 5000, "of " * 500])
def test_no_wording_is_too_odd_to_read(text):
    assert read(text).text == text
