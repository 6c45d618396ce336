"""Intervals that hold what they promise, and tests that see a difference only where there is one."""

from __future__ import annotations

import numpy as np
import pytest

from eval.harness.statistics import holm, mean_interval, paired, statistic_interval
from eval.selective import area


def test_shares_that_are_all_one_still_have_an_interval():
    interval = mean_interval([1.0] * 20)
    assert interval.mean == 1.0
    assert interval.low == pytest.approx(0.839, abs=0.001)


def test_one_value_has_no_interval():
    assert (mean_interval([0.4]).low, mean_interval([0.4]).high) == (None, None)


def test_an_interval_holds_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(1)
    held = 0
    for _ in range(200):
        interval = mean_interval(list(rng.beta(2, 1, size=60)))
        held += interval.low <= 2 / 3 <= interval.high
    assert 0.90 <= held / 200 <= 0.99


def test_the_same_values_have_the_same_interval():
    values = [0.1, 0.5, 0.5, 0.9]
    assert mean_interval(values) == mean_interval(values)


def test_what_is_no_mean_is_drawn_with_its_flags():
    confidences = np.linspace(0.05, 0.95, 40)
    interval = statistic_interval(area, confidences, confidences > 0.5)
    assert interval.low < interval.mean < interval.high


def test_nothing_that_differs_is_no_difference():
    same = paired([1.0, 0.0, 0.5], [1.0, 0.0, 0.5])
    assert (same.difference, same.low, same.high, same.p_worse, same.p_differs) == (0, 0, 0, 1, 1)


def test_few_differences_are_tested_exactly():
    found = paired([1.0] * 10, [0.0] * 3 + [1.0] * 7)
    assert found.p_worse == 1 / 8
    assert (found.cases_worse, found.cases_better) == (3, 0)


def test_many_differences_one_way_are_no_chance():
    found = paired([1.0] * 40, [0.0] * 20 + [1.0] * 20)
    assert found.p_worse < 0.001
    assert found.high < 0


def test_as_many_better_as_worse_are_chance():
    before, after = [1.0] * 20 + [0.0] * 20, [0.0] * 20 + [1.0] * 20
    assert paired(before, after).p_differs > 0.5


def test_where_lower_is_better_a_rise_is_worse():
    rise = paired([0.1] * 12, [0.4] * 12, higher_is_better=False)
    assert rise.p_worse < 0.001
    assert rise.cases_worse == 12
    assert paired([0.1] * 12, [0.4] * 12).p_worse > 0.9


def test_chance_alone_is_called_worse_as_seldom_as_promised():
    rng = np.random.default_rng(2)
    called = sum(paired(list(rng.random(30)), list(rng.random(30))).p_worse < 0.05 for _ in range(100))
    assert called <= 11


def test_holm_corrects_each_for_how_many_are_left_and_keeps_the_order():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == [1.0, 1.0]
    assert holm([]) == []
