# SPDX-License-Identifier: Apache-2.0
"""Small statistics that hold for few cities: intervals, exact tests, corrections for many tests, rank correlation. Arrays in, dataclasses out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy  # its parts load when they are used
from numpy.typing import NDArray

from rexian_ml import shares

Array = NDArray[np.float64]
LEVEL = 0.95
DRAWS = 9_999
"""Tables drawn for an exact test: a p-value of 0.05 is then known to about 0.004."""
EXPECTED = 5.0
"""Cochran's rule: chi-squared holds where no expected count is below 5."""


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate and its 95 % interval; NaN where there is nothing to estimate from."""

    value: float
    low: float
    high: float


def wilson(count: int, n: int) -> Interval:
    """A share and its score interval (`rexian_ml.shares`)."""
    if n == 0:
        return Interval(np.nan, np.nan, np.nan)
    share = shares.wilson(count, n, LEVEL)
    return Interval(count / n, float(share.low or 0), float(share.high or 0))


@dataclass(frozen=True, slots=True)
class Test:
    """A test of independence in a table: `method` is `exact` (Monte Carlo) or `chi2`; `effect` is Cramér's V, 0..1; NaN: not testable."""

    __test__ = False  # not a test of pytest

    p: float
    method: str
    effect: float


def independence(table: NDArray[np.int64], seed: int = 0) -> Test:
    """Whether rows and columns of counts are independent.

    Chi-squared where all expected counts reach 5 (Cochran 1954), else Fisher, Freeman and Halton's exact test (Freeman, Halton 1951) by
    tables drawn with both margins fixed (Patefield 1981): the share of tables at most as probable, (b + 1) / (draws + 1).
    """
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    if min(table.shape) < 2:
        return Test(np.nan, "none", np.nan)
    total = table.sum()
    chi2 = scipy.stats.chi2_contingency(table, correction=False)
    effect = float(np.sqrt(chi2.statistic / total / (min(table.shape) - 1)))
    if chi2.expected_freq.min() >= EXPECTED:
        return Test(float(chi2.pvalue), "chi2", effect)
    return Test(_exact(table, seed), "exact", effect)


def _exact(table: NDArray[np.int64], seed: int) -> float:
    law = scipy.stats.random_table(table.sum(axis=1), table.sum(axis=0), seed=seed)
    observed = law.logpmf(table)
    drawn = law.logpmf(law.rvs(DRAWS))
    return float((1 + np.sum(drawn <= observed + 1e-7)) / (DRAWS + 1))


def holm(p: Sequence[float]) -> Array:
    """Adjusted p-values that hold the family-wise error (Holm 1979); NaN stays NaN and is not counted."""
    values, order = _ordered(p)
    values[order] = np.minimum(1, np.maximum.accumulate(values[order] * np.arange(len(order), 0, -1)))
    return values


def benjamini_hochberg(p: Sequence[float]) -> Array:
    """Adjusted p-values that hold the false discovery rate (Benjamini, Hochberg 1995); NaN stays NaN and is not counted."""
    values, order = _ordered(p)
    raised = values[order] * len(order) / np.arange(1, len(order) + 1)
    values[order] = np.minimum(1, np.minimum.accumulate(raised[::-1])[::-1])
    return values


def _ordered(p: Sequence[float]) -> tuple[Array, NDArray[np.int64]]:
    """The p-values, and the places of the known ones from the least."""
    values = np.array(p, np.float64)
    known = np.flatnonzero(~np.isnan(values))
    return values, known[np.argsort(values[known], kind="stable")]


def kendall(one: Array, other: Array) -> tuple[Interval, float, int]:
    """Kendall's tau-b over the pairs that both have, its 95 % interval, the p-value and the number of pairs.

    Interval on Fisher's z with variance 0.437 / (n - 4): Fieller, Hartley, Pearson 1957; Bonett, Wright, Psychometrika 65, 2000.
    """
    both = ~np.isnan(one) & ~np.isnan(other)
    n = int(both.sum())
    if n < 5 or np.ptp(one[both]) == 0 or np.ptp(other[both]) == 0:
        return Interval(np.nan, np.nan, np.nan), np.nan, n
    found = scipy.stats.kendalltau(one[both], other[both])
    tau = float(found.statistic)
    z = np.arctanh(np.clip(tau, -0.999999, 0.999999))
    half = scipy.stats.norm.ppf((1 + LEVEL) / 2) * np.sqrt(0.437 / (n - 4))
    return Interval(tau, float(np.tanh(z - half)), float(np.tanh(z + half))), float(found.pvalue), n


def mean_interval(values: Array) -> tuple[Interval, int]:
    """The mean with its t interval and the number of values that are known."""
    known = values[~np.isnan(values)]
    n = len(known)
    if n < 2:
        return Interval(float(known[0]) if n else np.nan, np.nan, np.nan), n
    middle = float(known.mean())
    half = float(scipy.stats.t.ppf((1 + LEVEL) / 2, n - 1) * known.std(ddof=1) / np.sqrt(n))
    return Interval(middle, middle - half, middle + half), n


def paired(one: Array, other: Array) -> tuple[Interval, float, int]:
    """The mean difference over the pairs that both have, its interval, and the p-value of Wilcoxon's signed ranks (1945)."""
    gap = one - other
    interval, n = mean_interval(gap)
    known = gap[~np.isnan(gap)]
    p = float(scipy.stats.wilcoxon(known).pvalue) if n >= 6 and np.any(known != 0) else np.nan
    return interval, p, n
