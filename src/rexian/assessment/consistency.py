# SPDX-License-Identifier: Apache-2.0
"""Which whole numbers can stand behind published percentages: the GRIM test for shares, jointly over several.

Source: Brown and Heathers, "The GRIM Test", Social Psychological and Personality Science 8(4), 2017, for means of whole numbers; a
share of n respondents is the mean of n zeros and ones. Ties may have been rounded either way, so the interval is closed at both ends
(18.7 is allowed for 12 of 64 = 18.75).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from math import ceil, floor


@dataclass(frozen=True, slots=True)
class Share:
    """A published percentage with the decimals that it was printed with: `93.75`, `71`, `66`."""

    percent: Decimal

    @property
    def half(self) -> Decimal:
        """Half a unit of the last printed place."""
        return Decimal((0, (5,), int(self.percent.as_tuple().exponent) - 1))

    def counts(self, n: int) -> range:
        """The whole numbers of n respondents that give this percentage when rounded; empty when none does."""
        low = ceil(max(Decimal(0), self.percent - self.half) * n / 100)
        high = floor(min(Decimal(100), self.percent + self.half) * n / 100)
        return range(low, high + 1)


@dataclass(frozen=True, slots=True)
class Fit:
    """A denominator and the counts, one a share, that give the published percentages."""

    n: int
    counts: tuple[int, ...]


def share(text: str) -> Share:
    """A percentage as printed, with or without %; raises ValueError for anything that is not in 0..100."""
    try:
        value = Decimal(text.strip().removesuffix("%"))
    except InvalidOperation:
        raise ValueError(text) from None
    if not value.is_finite() or not 0 <= value <= 100 or int(value.as_tuple().exponent) > 0:
        raise ValueError(text)
    return Share(value)


def fits(shares: Sequence[Share], most: int, *, least: int = 1, partition: bool = False) -> list[Fit]:
    """Every n of least..most that can give all the shares; `partition`: they are all answers to one question and their counts sum to n."""
    found = []
    for n in range(least, most + 1):
        counts = _partition(shares, n) if partition else _nearest(shares, n)
        if counts is not None:
            found.append(Fit(n, counts))
    return found


def _nearest(shares: Sequence[Share], n: int) -> tuple[int, ...] | None:
    """For each share the count nearest to it, or None when one has none."""
    chosen = []
    for one in shares:
        counts = one.counts(n)
        if not counts:
            return None
        chosen.append(min(counts, key=lambda count: abs(Decimal(count) * 100 / n - one.percent)))
    return tuple(chosen)


def _partition(shares: Sequence[Share], n: int) -> tuple[int, ...] | None:
    """Counts that sum to n: from the lowest allowed, raised from the left until the sum is reached."""
    ranges = [one.counts(n) for one in shares]
    if not all(ranges):
        return None
    counts = [one.start for one in ranges]
    for place, one in enumerate(ranges):
        counts[place] += min(n - sum(counts), len(one) - 1) if sum(counts) <= n else 0
    return tuple(counts) if sum(counts) == n else None


def largest_joint(shares: Sequence[Share], most: int) -> tuple[tuple[int, ...], list[Fit]]:
    """The largest subset (places) that one n can give, and its fits; of subsets of one size that with the largest n."""
    able = {n: tuple(place for place, one in enumerate(shares) if one.counts(n)) for n in range(1, most + 1)}
    best = max(able, key=lambda n: (len(able[n]), n), default=0)
    places = able.get(best, ())
    return places, fits([shares[place] for place in places], most) if places else []
