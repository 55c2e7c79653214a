# SPDX-License-Identifier: Apache-2.0
"""Rates of small groups, each drawn towards that of the wider group around it by as much as proved right.

A group of n with h hits has the rate (h + m p) / (n + m), where p is the rate of the group around it: the mean of a beta-binomial with
prior weight m. Each level's m is the one under which every row is best told by all others (leave-one-out log loss, empirical Bayes after
Efron and Morris 1975).
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

STRENGTHS = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)
SMALL = 1e-6

Chain = tuple[Hashable, ...]
"""The groups that a row belongs to, the widest first; a group equal to the one before it says nothing new."""


@dataclass(frozen=True, slots=True)
class Rate:
    """The rate of a group, how many rows it had and how many of them hit, and which group it was."""

    value: float
    seen: int
    hits: int
    group: Hashable


@dataclass
class Rates:
    """The rates of all groups seen; `first` is the rate of everything before any row, `weight` what that counts for."""

    first: float
    weight: float
    known: dict[Hashable, Rate] = field(default_factory=dict)
    strengths: tuple[float, ...] = ()

    def learn(self, rows: Iterable[tuple[Chain, bool, int]]) -> None:
        """From rows of equal chains: the groups, whether it hit, and how many such rows."""
        held = list(rows)
        self.known, self.strengths = {}, ()
        if not held:
            return
        hit = np.array([hit for _, hit, _ in held], np.float64)
        count = np.array([count for _, _, count in held], np.float64)
        above, wide = np.full(len(held), self.first), np.full(len(held), np.inf)
        for level in range(len(held[0][0])):
            above, wide = self._level([chain[: level + 1] for chain, _, _ in held], hit, count, above, wide)

    def _level(
        self,
        chains: Sequence[Chain],
        hit: NDArray[np.float64],
        count: NDArray[np.float64],
        above: NDArray[np.float64],
        wide: NDArray[np.float64],
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Learns one level given each row's rate one level up, itself left out, and that group's size; returns the same one level down.

        A group of the same rows as the one around it tells nothing new: to draw it again would count its rows twice.
        """
        index: dict[Hashable, int] = {}
        place = np.array([index.setdefault(chain[-1], len(index)) for chain in chains])
        seen = np.bincount(place, count).astype(np.float64)
        hits = np.bincount(place, count * hit).astype(np.float64)
        new = seen[place] < wide

        def left_out(strength: float) -> NDArray[np.float64]:
            return np.asarray((hits[place] - hit + strength * above) / (seen[place] - 1 + strength), np.float64)

        choices = STRENGTHS if len(self.strengths) else (self.weight,)
        best = min(choices, key=lambda one: _loss(left_out(one)[new], hit[new], count[new]))
        self.strengths += (best,)
        for chain, fresh in dict(zip(chains, new.tolist(), strict=True)).items():
            at = index[chain[-1]]
            self._keep(chain, seen[at], hits[at], best if fresh else np.inf)
        return np.where(new, left_out(best), above), seen[place]

    def _keep(self, chain: Chain, seen: float, hits: float, strength: float) -> None:
        """The rate of a chain's last group; an infinite strength leaves it at that of the group around."""
        if chain[-1] in self.known:
            return
        wider = self.known[chain[-2]].value if len(chain) > 1 else self.first
        value = wider if np.isinf(strength) else (hits + strength * wider) / (seen + strength)
        self.known[chain[-1]] = Rate(float(value), int(seen), int(hits), chain[-1])

    def of(self, chain: Chain) -> Rate:
        """The rate of the smallest group of a chain that was seen."""
        return next((self.known[one] for one in reversed(chain) if one in self.known), Rate(self.first, 0, 0, None))


def _loss(rate: NDArray[np.float64], hit: NDArray[np.float64], count: NDArray[np.float64]) -> float:
    """The log loss of rates for what came."""
    if not len(rate):
        return 0.0
    told = np.clip(np.where(hit > 0, rate, 1 - rate), SMALL, 1)
    return float(-(count * np.log(told)).sum())


def widening(*groups: Hashable) -> Chain:
    """Groups as a chain of tuples, each with all before it; a part that is "" repeats the group before."""
    chain: list[tuple[Hashable, ...]] = [()]
    for group in groups:
        chain.append((*chain[-1], group) if group != "" else chain[-1])
    return tuple(chain)
