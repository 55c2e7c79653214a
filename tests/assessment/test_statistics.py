# SPDX-License-Identifier: Apache-2.0
"""The small statistics against published values, other libraries and brute force."""

from itertools import product
from math import comb
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from rexian.assessment import statistics

P_VALUES = st.lists(st.floats(0.0001, 1), min_size=1, max_size=12)


@pytest.mark.parametrize(("count", "n"), [(0, 5), (5, 5), (3, 7), (60, 76), (1, 1000)])
def test_wilson_is_that_of_statsmodels(count: int, n: int) -> None:
    ours = statistics.wilson(count, n)
    low, high = proportion_confint(count, n, method="wilson")
    assert (ours.low, ours.high) == (pytest.approx(max(0, low), abs=1e-12), pytest.approx(min(1, high)))
    assert ours.value == count / n


def test_wilson_of_nobody_is_unknown() -> None:
    assert np.isnan(statistics.wilson(0, 0).low)


@pytest.mark.slow
@settings(deadline=None, max_examples=15)  # statsmodels collects garbage at each call
@given(P_VALUES)
def test_corrections_are_those_of_statsmodels(p: list[float]) -> None:
    np.testing.assert_allclose(statistics.holm(p), multipletests(p, method="holm")[1])
    np.testing.assert_allclose(statistics.benjamini_hochberg(p), multipletests(p, method="fdr_bh")[1])


def test_corrections_leave_out_what_is_unknown() -> None:
    assert statistics.holm([0.02, np.nan, 0.03])[[0, 2]].tolist() == [0.04, 0.04]
    assert np.isnan(statistics.benjamini_hochberg([0.02, np.nan])[1])


def exact_by_enumeration(table: list[list[int]]) -> float:
    """Freeman and Halton's p of a table of r x 2 by all tables with the same margins."""
    sizes, chosen = [sum(row) for row in table], sum(row[0] for row in table)
    law = {
        counts: np.prod([comb(size, count) for size, count in zip(sizes, counts, strict=True)])
        for counts in product(*(range(size + 1) for size in sizes))
        if sum(counts) == chosen
    }
    own = law[tuple(row[0] for row in table)]
    return float(sum(one for one in law.values() if one <= own) / sum(law.values()))


@pytest.mark.parametrize("table", [[[5, 0], [2, 4], [1, 6]], [[3, 1], [1, 3]], [[8, 1], [3, 3], [2, 7], [0, 2]]])
def test_the_exact_test_is_exact(table: list[list[int]]) -> None:
    found = statistics.independence(np.array(table))
    truth = exact_by_enumeration(table)
    assert found.method == "exact"
    assert found.p == pytest.approx(truth, abs=4 * np.sqrt(truth * (1 - truth) / statistics.DRAWS) + 1e-4)


def test_many_cities_take_chi_squared() -> None:
    found = statistics.independence(np.array([[50, 50], [80, 20]]))
    assert found.method == "chi2"
    assert found.p == pytest.approx(8.5e-6, rel=0.05)
    assert found.effect == pytest.approx(0.314, abs=0.001)


def test_a_table_without_difference_is_not_tested() -> None:
    assert statistics.independence(np.array([[5, 0], [7, 0]])).method == "none"


def test_kendall_leaves_out_missing_pairs() -> None:
    one = np.array([1, 2, 3, 4, 5, np.nan, 6.0])
    tau, p, n = statistics.kendall(one, np.array([1, 2, 3, 4, 6, 7, 5.0]))
    assert (tau.value, n) == (pytest.approx(13 / 15), 6)
    assert tau.low < tau.value < tau.high <= 1
    assert p < 0.05
    assert statistics.kendall(one, np.ones(7))[2] == 6


@pytest.mark.slow
def test_kendall_s_interval_covers() -> None:
    """95 % nominal; of 400 samples of 40 with a known tau at least 92 % hold it."""
    random = np.random.default_rng(5)
    truth = 2 / np.pi * np.arcsin(0.6)
    held = 0
    for _ in range(400):
        x, e = random.standard_normal((2, 40))
        tau, _, _ = statistics.kendall(x, 0.6 * x + 0.8 * e)
        held += tau.low <= truth <= tau.high
    assert held / 400 >= 0.92


def test_paired_differences() -> None:
    one = np.array([0.9, 0.8, 0.7, 0.9, 0.8, 0.95, np.nan])
    gap, p, n = statistics.paired(one, one - np.array([0.1, 0.2, 0.1, 0.3, 0.2, 0.1, 0.1]))
    assert (gap.value, n) == (pytest.approx(1 / 6), 6)
    assert p == pytest.approx(0.03125, abs=0.02)


@pytest.mark.slow
@settings(deadline=None)
@given(st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0, float("nan")]), min_size=0, max_size=30), st.randoms())
def test_scores_full_of_ties_and_holes_raise_no_warning(values: list[float], random: Random) -> None:
    other = list(values)
    random.shuffle(other)
    one, two = np.array(values, float), np.array(other, float)
    tau, p, n = statistics.kendall(one, two)
    assert n <= len(values)
    assert np.isnan(tau.value) or (-1 <= tau.value <= 1 and 0 <= p <= 1)
    _, p, _ = statistics.paired(one, two)
    assert np.isnan(p) or 0 <= p <= 1
