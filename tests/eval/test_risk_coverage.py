"""Risk, coverage and calibration of confidences that are known."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from eval.curve import svg
from eval.fitting import Outcome, platt
from eval.risk_coverage import PICTURE, point, table
from eval.selective import area, calibration_error, curve

CONFIDENCES = np.array([0.9, 0.2, 0.7, 0.4])
RIGHTS = np.array([True, False, False, True])


def test_the_curve_goes_from_the_surest_answer_to_all():
    coverage, risk = curve(CONFIDENCES, RIGHTS)
    assert coverage.tolist() == [0.25, 0.5, 0.75, 1.0]
    assert risk.tolist() == pytest.approx([0, 1 / 2, 1 / 3, 1 / 2])


def test_the_area_is_the_mean_risk_and_least_in_the_perfect_order():
    assert area(CONFIDENCES, RIGHTS) == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)
    assert area(RIGHTS.astype(float), RIGHTS) < area(CONFIDENCES, RIGHTS) < area(1 - RIGHTS.astype(float), RIGHTS)


def test_a_threshold_answers_what_is_as_sure():
    at = point(CONFIDENCES, RIGHTS, 0.7)
    assert (at.answered, at.wrong, at.coverage, at.risk) == (2, 1, 0.5, 0.5)
    assert point(CONFIDENCES, RIGHTS, 0.95).risk == 0.0


def test_confidences_that_hold_have_no_calibration_error():
    confidences = np.full(100, 0.75)
    rights = np.arange(100) < 75
    assert calibration_error(confidences, rights) == pytest.approx(0.0)
    assert calibration_error(np.ones(100), rights) == pytest.approx(0.25)


def test_scaling_makes_surer_log_odds_more_probable():
    slope, offset = platt([Outcome(float(k % 5), k % 5 > 1 or k % 7 == 0) for k in range(100)])
    assert slope > 0 > offset


def test_the_table_names_each_threshold_and_sums_up():
    lines = table(CONFIDENCES, RIGHTS).splitlines()
    assert [line.split()[0] for line in lines[1:-1]] == [f"0.{k}" for k in range(1, 10)]
    assert "4 questions" in lines[-1]


@pytest.mark.parametrize("picture", ["drawn", "shipped"])
def test_the_picture_is_whole_and_fetches_nothing(picture):
    text = svg({"all <1>": curve(np.linspace(0, 1, 40), np.arange(40) % 3 == 0)}, (0.5, 0.3), 0.5)
    text = text if picture == "drawn" else PICTURE.read_text(encoding="utf-8")
    root = ET.fromstring(text)
    assert root.tag.endswith("svg")
    assert any(element.tag.endswith("polyline") for element in root.iter())
    assert [fetching for fetching in ("href", "<script", "url(") if fetching in text] == []


def test_of_equally_sure_answers_none_comes_first():
    sure = np.array([0.5, 0.5, 0.5, 0.5])
    assert area(sure, np.array([True, True, False, False])) == area(sure, np.array([False, False, True, True])) == 0.5
