# SPDX-License-Identifier: Apache-2.0
"""A 95 % interval by resampling, seeded."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray


def interval(
    values: NDArray[Any], statistic: Callable[[NDArray[Any]], float] = np.mean, n: int = 1000, seed: int = 0
) -> tuple[float, float]:
    """Percentiles 2.5 and 97.5 of `statistic` over `n` samples of the rows with replacement."""
    random = np.random.default_rng(seed)
    found = [float(statistic(values[random.integers(0, len(values), len(values))])) for _ in range(n)]
    low, high = np.percentile(found, [2.5, 97.5])
    return float(low), float(high)
