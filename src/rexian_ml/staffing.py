# SPDX-License-Identifier: Apache-2.0
"""How many agents an interval needs: Erlang C, and Erlang A where callers lose patience.

Calls come as a Poisson stream, are handled in exponential time and wait in one line; with `patience` a waiting caller hangs up after an
exponential time. Sources: A. K. Erlang (1917); C. Palm (1957), for Erlang A in the notation of A. Mandelbaum and S. Zeltyn, "Service
engineering in action: the Palm/Erlang-A queue" (2007): P(wait) by the function A(x, y) = 1 + Σ_j y^j / ((x+1)···(x+j)) with x = Nμ/θ, y = λ/θ, and
the offered wait's density on t > 0, P(wait) · Nμ/A · exp(λ(1−e^(−θt))/θ − Nμt). Aim of a hotline: answered within 15 s (GB/T 33358-2016).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, logsumexp

WITHIN = 15.0
"""Seconds in which GB/T 33358-2016 wants a call answered."""
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(400)


@dataclass(frozen=True, slots=True)
class Demand:
    """`calls` in `interval` seconds, each handled in `handle` seconds (talk and after-work) on average; a caller waits `patience` seconds
    on average before hanging up, or for ever (None). Raises ValueError for what cannot be."""

    calls: float
    handle: float
    interval: float = 3600.0
    patience: float | None = None

    def __post_init__(self) -> None:
        if not (self.calls >= 0 and self.handle > 0 and self.interval > 0) or (self.patience or 1) <= 0:
            raise ValueError("calls from 0 up; handle, interval and patience above 0")

    @property
    def erlangs(self) -> float:
        """The offered load: agents busy on average if nobody waited."""
        return self.calls * self.handle / self.interval


@dataclass(frozen=True, slots=True)
class Service:
    """What callers meet and agents bear. Shares of all calls; `wait` is the mean wait in seconds of all callers, those who hang up
    included (infinite where the line only grows); `occupancy` is the share of time that an agent is busy."""

    agents: int
    answered: float
    delayed: float
    abandoned: float
    wait: float
    occupancy: float


def blocking(erlangs: float, agents: int) -> float:
    """Erlang B: the chance that all agents are busy where nobody waits.

    B(n) = aB(n−1) / (n + aB(n−1)): all terms positive, so it holds for many thousands of erlangs.
    """
    chance = 1.0
    for n in range(1, agents + 1):
        chance = erlangs * chance / (n + erlangs * chance)
    return chance


def delay(erlangs: float, agents: int) -> float:
    """Erlang C: the chance to wait, C = B / (1 − ρ(1−B)); 1 where agents are not enough."""
    if erlangs >= agents:
        return 1.0 if erlangs else 0.0
    chance = blocking(erlangs, agents)
    return chance / (1 - erlangs / agents * (1 - chance))


def service(demand: Demand, agents: int, within: float = WITHIN) -> Service:
    """What `agents` give: by Erlang A where the demand has a patience, else by Erlang C; `answered` is the share within `within` seconds."""
    if agents < 0 or within < 0:
        raise ValueError("agents and within are from 0 up")
    if demand.calls == 0:
        return Service(agents, 1.0, 0.0, 0.0, 0.0, 0.0)
    if demand.patience is None:
        return _patient(demand, agents, within)
    return _impatient(demand, agents, within, demand.patience)


def _patient(demand: Demand, agents: int, within: float) -> Service:
    load = demand.erlangs
    if load >= agents:
        return Service(agents, 0.0, 1.0, 0.0, float("inf"), 1.0)
    waits, rate = delay(load, agents), (agents - load) / demand.handle
    return Service(agents, 1 - waits * float(np.exp(-rate * within)), waits, 0.0, waits / rate, load / agents)


def _impatient(demand: Demand, agents: int, within: float, patience: float) -> Service:
    if agents == 0:
        return Service(0, 0.0, 1.0, 1.0, patience, 0.0)
    arrivals, capacity = demand.calls / demand.interval, agents / demand.handle
    log_a = _log_a(capacity * patience, arrivals * patience)
    chance = blocking(demand.erlangs, agents)
    # P(wait) = AB / (1 + (A−1)B), with the fraction turned round because A may be beyond any float.
    waits = float(1 / (1 + (1 - chance) / chance * np.exp(-log_a))) if chance else 0.0
    busy = capacity / arrivals
    lost = min(1.0, max(0.0, waits * (busy * float(np.exp(-log_a)) + 1 - busy)))
    # Of those who wait: the offered wait is v ≤ within, and the patience is longer than v.
    soon = waits * _served_by(within, arrivals, capacity, patience, log_a)
    return Service(
        agents, min(1.0, 1 - waits + soon), waits, lost, lost * patience, demand.erlangs * (1 - lost) / agents
    )


def _log_a(x: float, y: float) -> float:
    """ln A(x, y), summed in logarithms until what is left is below a float's last digit."""
    steps = np.arange(int(max(0.0, y - x) + 12 * np.sqrt(x + y) + 200))
    return float(logsumexp(steps * np.log(y) - gammaln(x + steps + 1) + gammaln(x + 1)))


def _served_by(end: float, arrivals: float, capacity: float, patience: float, log_a: float) -> float:
    """∫_0^end of the offered wait's density (given a wait) times the chance to be still there: Gauss-Legendre on the part that counts."""
    # Past the time when half the capacity outruns those still patient, the density falls at least with capacity/2.
    end = min(end, patience * max(0.0, np.log(2 * arrivals / capacity)) + 90 / capacity)
    if (excess := capacity - arrivals + 1 / patience) > 0:
        end = min(end, 45 / excess)
    times = end / 2 * (_NODES + 1)
    heights = arrivals * patience * -np.expm1(-times / patience) - (capacity + 1 / patience) * times
    return float(end / 2 * (_WEIGHTS @ np.exp(heights + np.log(capacity) - log_a)))


def fewest(
    demand: Demand,
    *,
    answered: float = 0.8,
    within: float = WITHIN,
    busiest: float = 0.9,
    lost: float = 1.0,
) -> int:
    """The fewest agents that answer the share `answered` within `within` seconds, are busy at most `busiest` of the time and
    lose at most the share `lost`. Raises ValueError for aims that no number reaches."""
    if not (0 <= answered < 1 and 0 < busiest <= 1 and 0 < lost <= 1):
        raise ValueError("answered from 0 to below 1, busiest and lost above 0 to 1")

    def enough(agents: int) -> bool:
        found = service(demand, agents, within)
        return found.answered >= answered and found.occupancy <= busiest and found.abandoned <= lost

    return _first(enough)


def _first(enough: Callable[[int], bool]) -> int:
    """The smallest number that is enough, where every larger one is."""
    high = 1
    while not enough(high):
        high *= 2
    low = high // 2
    if low == 0:
        return 0 if enough(0) else 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def needs(demands: NDArray[np.float64], handle: float, interval: float, patience: float | None = None) -> list[int]:
    """The agents for each interval's calls, by `fewest` with its usual aims; for a whole day's or week's forecast."""
    return [fewest(Demand(float(calls), handle, interval, patience)) for calls in demands]
