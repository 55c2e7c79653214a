# SPDX-License-Identifier: Apache-2.0
"""Which shifts cover the agents that each interval needs: G. B. Dantzig's set covering ("A comment on Edie's traffic delays", 1954) as an integer program."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

SECONDS = 20.0
"""How long the solver may look; then the best found so far counts."""


@dataclass(frozen=True, slots=True)
class Shift:
    """A pattern of work: `on[t]` is True where its agent answers in interval t; `cost` is what one agent of it costs, `most` how many may work it."""

    name: str
    on: tuple[bool, ...]
    cost: float
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Roster:
    """How many agents work each shift, who is then on duty in each interval, how many are missing there, and the cost."""

    agents: dict[str, int]
    on_duty: tuple[int, ...]
    missing: tuple[int, ...]
    cost: float


def shift(
    name: str, intervals: int, start: int, length: int, breaks: Sequence[int] = (), cost: float | None = None
) -> Shift:
    """A shift of `length` intervals from `start` in a day of `intervals`, past midnight going round; `breaks` are places within it.

    Without a cost, one for each interval present, breaks included. Raises ValueError for a break outside the shift.
    """
    if not 0 < length <= intervals or any(not 0 <= pause < length for pause in breaks):
        raise ValueError("a shift is within one day and its breaks are within the shift")
    at_work = {(start + step) % intervals for step in range(length) if step not in set(breaks)}
    return Shift(name, tuple(place in at_work for place in range(intervals)), float(length) if cost is None else cost)


def cover(needs: Sequence[int], shifts: Sequence[Shift], staff: int | None = None) -> Roster:
    """The cheapest shifts that put at least `needs[t]` agents on duty in each interval.

    Where they cannot (too few `staff` or too narrow limits), as few agents as possible are missing over all intervals, and the
    cheapest such roster counts. Raises ValueError where shifts and needs differ in length, RuntimeError where the solver gives up.
    """
    if not shifts or any(len(one.on) != len(needs) for one in shifts):
        raise ValueError("each shift covers as many intervals as there are needs")
    wanted = np.array(needs, float)
    table = np.array([one.on for one in shifts], float).T
    counts = _solve(table, wanted, shifts, np.inf if staff is None else staff)
    on_duty = table @ counts
    return Roster(
        {one.name: int(n) for one, n in zip(shifts, counts, strict=True) if n},
        tuple(int(n) for n in on_duty),
        tuple(int(n) for n in np.maximum(wanted - on_duty, 0)),
        float(sum(one.cost * n for one, n in zip(shifts, counts, strict=True))),
    )


def _solve(
    table: NDArray[np.float64], wanted: NDArray[np.float64], shifts: Sequence[Shift], staff: float
) -> NDArray[np.float64]:
    """Minimises cost·x + penalty·m with table·x + m ≥ wanted, Σx ≤ staff; m, the missing, costs more than any roster that would fill it
    (without a limit one more agent fills a gap; within one, all of them may have to change places)."""
    costs = np.array([one.cost for one in shifts])
    penalty = 1 + costs.max() * (2 if np.isinf(staff) else max(staff, 2))
    many = float(wanted.max(initial=0))
    tops = [many if one.most is None else min(one.most, many) for one in shifts]
    result = milp(
        np.r_[costs, np.full(len(wanted), penalty)],
        constraints=[
            LinearConstraint(np.hstack([table, np.eye(len(wanted))]), lb=wanted),
            LinearConstraint(np.r_[np.ones(len(shifts)), np.zeros(len(wanted))][None], ub=staff),
        ],
        bounds=Bounds(0, np.r_[tops, wanted]),
        integrality=np.ones(len(shifts) + len(wanted)),
        options={"time_limit": SECONDS, "mip_rel_gap": 0},
    )
    if result.x is None:
        raise RuntimeError(f"no roster found: {result.message}")
    return np.asarray(np.round(result.x[: len(shifts)]))
