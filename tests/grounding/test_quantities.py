"""Figures of a claim among those of a sentence."""

from __future__ import annotations

import pytest

from service.grounding.quantities import match, quantities
from service.text.sentence import read_sentence


@pytest.mark.parametrize(
    ("claim", "said", "expected"),
    [
        pytest.param("430 homes were flooded.", "The flood reached 430 houses.", "same", id="a_synonym"),
        pytest.param("Four hundred homes were flooded.", "400 homes were flooded.", "same", id="in_words"),
        pytest.param("It cost 2.4 million euros.", "The bill was 2,400,000 euros.", "same", id="scaled"),
        pytest.param("About 430 homes were flooded.", "433 homes were flooded.", "same", id="rounded"),
        pytest.param("About 430 homes were flooded.", "580 homes were flooded.", "other_value", id="not_rounded"),
        pytest.param("More than 400 homes were flooded.", "433 homes were flooded.", "same", id="more_than"),
        pytest.param("More than 400 homes were flooded.", "380 homes were flooded.", "other_value", id="not_more"),
        pytest.param("Nearly 16,000 people died.", "15,900 people died.", "same", id="nearly"),
        pytest.param("Dozens of homes were flooded.", "63 homes were flooded.", "same", id="vague"),
        pytest.param("Dozens of homes were flooded.", "630 homes were flooded.", "other_value", id="too_vague"),
        pytest.param("24 homes were flooded.", "Dozens of homes were flooded.", "other_value", id="too_exact"),
        pytest.param(
            "18 trams were hit.", "The storm hit 430 trams and 18 buses.", "other_thing", id="of_the_other_thing"
        ),
        pytest.param(
            "430 people were killed.", "12 people were killed and 430 homes burnt.", "other_thing", id="of_no_people"
        ),
        pytest.param("The toll rose to 64 lives.", "64 people died.", "loose", id="another_name_for_it"),
        pytest.param("He scored after 18 minutes.", "He scored in the 18th minute.", "same", id="ordinal"),
        pytest.param("The two towers stand.", "Both towers stand.", "same", id="both"),
        pytest.param("On day three of the talks it rained.", "It rained on the third day.", "same", id="day_three"),
        pytest.param("On day three of the talks it rained.", "It was the third storm.", "none", id="third_of_others"),
        pytest.param("Fewer than ten trams ran.", "Eight trams ran.", "same", id="fewer_than"),
        pytest.param("Fewer than ten trams ran.", "Twelve trams ran.", "other_value", id="more_than_that"),
        pytest.param("It took 48 hours.", "It took two days.", "same", id="hours_for_days"),
        pytest.param("It took 48 hours.", "It took three days.", "none", id="other_days"),
        pytest.param("It was late by 24 hours.", "It was put back a day.", "same", id="a_day"),
        pytest.param("It was late by 24 hours.", "Forty trams run a day.", "none", id="a_rate"),
        pytest.param("12 people died.", "The museum opened in spring.", "none", id="nowhere"),
    ],
)
def test_a_figure_is_said_of_the_same_thing(claim, said, expected):
    quantity = quantities(read_sentence(claim))[0]
    assert match(quantity, read_sentence(said)) == expected


def test_one_is_mostly_no_figure():
    assert quantities(read_sentence("One of them said that no one was hurt.")) == ()
