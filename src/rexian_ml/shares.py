# SPDX-License-Identifier: Apache-2.0
"""Shares of a whole, with the interval that says how far they can be trusted."""

from collections.abc import Sequence
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


@dataclass(frozen=True, slots=True)
class Paired:
    """Of the same `of` rows, how many the `one` got right and how many the `other`, with the interval of the difference one − other in shares."""

    of: int
    one: int
    other: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """The difference of the two shares."""
        return (self.one - self.other) / self.of if self.of else 0.0


def paired(one: Sequence[bool], other: Sequence[bool], level: float = 0.95) -> Paired:
    """Two that were asked the same: the interval by Wald with half a row added to each of the four cells (A. Agresti and Y. Min, Statistics in
    Medicine 24, 2005), which holds where they hardly ever differ. Raises ValueError for sequences of different length."""
    gained = sum(a and not b for a, b in zip(one, other, strict=True)) + 0.5
    lost = sum(b and not a for a, b in zip(one, other, strict=True)) + 0.5
    rows = len(one) + 2
    middle = (gained - lost) / rows
    half = NormalDist().inv_cdf((1 + level) / 2) * sqrt(gained + lost - (gained - lost) ** 2 / rows) / rows
    return Paired(len(one), sum(one), sum(other), middle - half, middle + half)
