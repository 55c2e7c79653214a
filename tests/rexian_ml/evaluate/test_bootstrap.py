# SPDX-License-Identifier: Apache-2.0
"""Intervals hold what they promise."""

import numpy as np
import pytest

from rexian_ml.evaluate.bootstrap import interval, mean_interval


def test_near_the_normal_interval_for_a_mean() -> None:
    values = np.random.default_rng(0).normal(3, 2, 2000)
    low, high = mean_interval(values)
    half = 1.96 * values.std() / np.sqrt(2000)
    assert low == pytest.approx(values.mean() - half, abs=0.02)
    assert high == pytest.approx(values.mean() + half, abs=0.02)


@pytest.mark.slow
def test_covers_the_truth_about_as_often_as_it_says() -> None:
    draw = np.random.default_rng(1)
    hits = 0
    for seed in range(150):
        low, high = mean_interval(draw.random(60) < 0.3, seed=seed)
        hits += low <= 0.3 <= high
    assert 0.88 <= hits / 150 <= 0.99


def test_the_same_seed_gives_the_same_interval() -> None:
    values = np.random.default_rng(0).random(50)
    assert mean_interval(values, seed=4) == mean_interval(values, seed=4) != mean_interval(values, seed=5)


def test_any_statistic_of_rows() -> None:
    values = np.arange(101.0)
    low, high = interval(lambda rows: float(np.median(values[rows])), 101, rounds=300)
    assert 30 < low < 50 < high < 70


def test_no_rows() -> None:
    with pytest.raises(ValueError, match="no rows"):
        mean_interval(np.zeros(0))
