# SPDX-License-Identifier: Apache-2.0
"""Shares with their intervals."""

from collections.abc import Sequence

import numpy as np

from rexian_ml.evaluate.section import Figure

DRAWS = 1000


def share(name: str, hits: Sequence[bool], *, aim: str = "", note: str = "") -> Figure:
    """The share of hits with its 95 % bootstrap interval (1,000 draws, fixed seed); `hits` must not be empty.

    Drawing n hits again is drawing a binomial number of them, so no rows are copied.
    """
    value, n = float(np.mean(hits)), len(hits)
    drawn = np.random.default_rng(0).binomial(n, value, DRAWS) / n
    low, high = np.quantile(drawn, (0.025, 0.975))
    return Figure(name, value, float(low), float(high), n, aim=aim, note=note)
