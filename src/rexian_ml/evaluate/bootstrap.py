# SPDX-License-Identifier: Apache-2.0
"""How far a figure would move with other rows of the same kind: the percentile bootstrap (Efron and Tibshirani 1993, chapter 13)."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

ROUNDS = 1000
LEVEL = 0.95


def interval(
    statistic: Callable[[NDArray[np.int64]], float], n: int, *, rounds: int = ROUNDS, seed: int = 0
) -> tuple[float, float]:
    """The 95 % interval of `statistic`, which is given the places of n rows drawn with replacement from n; raises ValueError for n = 0."""
    if n < 1:
        raise ValueError("no rows to draw from")
    draw = np.random.default_rng(seed)
    values = [statistic(draw.integers(0, n, n)) for _ in range(rounds)]
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def mean_interval(values: NDArray[np.floating] | NDArray[np.bool_], *, seed: int = 0) -> tuple[float, float]:
    """The interval of the mean of one value a row."""
    held = np.asarray(values, np.float64)
    return interval(lambda rows: float(held[rows].mean()), len(held), seed=seed)
