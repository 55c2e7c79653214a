# SPDX-License-Identifier: Apache-2.0
"""What kind of day a day is, as counts follow it: its weekday, a holiday, or a weekend day that is worked to make up for one (调休)."""

from collections.abc import Callable, Sequence
from datetime import date
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray


class Kind(IntEnum):
    """What a calendar says of a day beyond its weekday."""

    ORDINARY = 0
    HOLIDAY = 1
    MADE_UP = 2


Calendar = Callable[[date], Kind]
"""Given in by whoever knows the country's holidays; it must know every day that it is asked about."""
KINDS = 9
"""Columns of `profile`: Monday to Sunday, holiday, made-up workday."""


def ordinary(day: date) -> Kind:
    """A calendar without holidays."""
    return Kind.ORDINARY


def columns(days: Sequence[date], calendar: Calendar) -> NDArray[np.int64]:
    """For each day 0 to 6 (Monday to Sunday), 7 on a holiday, 8 on a made-up workday."""
    kinds = [(day, calendar(day)) for day in days]
    return np.array([day.weekday() if kind is Kind.ORDINARY else 6 + kind for day, kind in kinds], np.int64)


def profile(counts: NDArray[np.float64], kinds: NDArray[np.int64], prior: float = 4.0) -> NDArray[np.float64]:
    """Factors by kind of day [KINDS] that a total (counts [days]) follows, their mean over the days 1.

    Each is shrunk by `prior` days towards what it is like: a weekday to the mean of workdays or weekends, a holiday to the weekend, a
    made-up workday to the workdays.
    """
    mean = max(float(counts.mean()), 1e-9) if len(counts) else 1.0
    work, rest = kinds < 5, (kinds == 5) | (kinds == 6)
    level = {True: _shrunk(counts[work], mean, prior), False: _shrunk(counts[rest], mean, prior)}
    like = [level[kind < 5 or kind == 8] for kind in range(KINDS)]
    return np.array([_shrunk(counts[kinds == kind], like[kind], prior) for kind in range(KINDS)]) / mean


def _shrunk(counts: NDArray[np.float64], towards: float, prior: float) -> float:
    return float((counts.sum() + prior * towards) / (len(counts) + prior))
