# SPDX-License-Identifier: Apache-2.0
"""Shares of a whole, with the interval that says how far they can be trusted."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `of`, with its score interval `low` to `high`; None where there is nothing to have a share of."""

    hits: int
    of: int
    low: float | None
    high: float | None

    @property
    def value(self) -> float | None:
        return self.hits / self.of if self.of else None


def wilson(hits: int, of: int, level: float = 0.95) -> Share:
    """A share with its score interval (E. B. Wilson, JASA 22, 1927), which holds for small numbers too (Brown, Cai, DasGupta 2001)."""
    if of == 0:
        return Share(0, 0, None, None)
    z, share = NormalDist().inv_cdf((1 + level) / 2), hits / of
    extra = z * z / of
    middle = (share + extra / 2) / (1 + extra)
    half = z * sqrt(share * (1 - share) / of + extra / of / 4) / (1 + extra)
    return Share(hits, of, max(0.0, middle - half), min(1.0, middle + half))
