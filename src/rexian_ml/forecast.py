# SPDX-License-Identifier: Apache-2.0
"""How many requests come, by hour or by day, with intervals.

The mean is a Poisson regression with a logarithmic link (P. McCullagh and J. Nelder, 1989) on the kind of day, Fourier waves of the hour (others on
days of rest) and, from a year and a half of history on, of the year; times a recent level with a gamma distribution that forgets (Harvey and
Fernandes 1989, as in `warn`). Spread is negative binomial; how it grows with the days ahead is measured on the history itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

import numpy as np
import scipy  # its parts load when they are used
from numpy.typing import NDArray

from rexian_ml.base import Estimator, NotFittedError
from rexian_ml.calendars import KINDS, Calendar, columns, ordinary
from rexian_ml.storage import pack, unpack

Numbers = NDArray[np.float64]
LEVELS = (0.025, 0.1, 0.5, 0.9, 0.975)
"""Quantiles given by default: the median and the intervals of 80 and 95 %."""
MEMORIES = (3.0, 7.0, 14.0, 30.0, 90.0)
"""Days that a level may remember; the one that predicts a week ahead best is taken."""
AHEAD = (1, 3, 7, 14)
"""Days ahead at which the spread is measured; between them it runs straight, after them on."""
BUSY_WAVES, REST_WAVES, YEAR_WAVES, YEAR_FROM = 8, 4, 3, 548
SEASON, CUT = 365.25, 4.0
NEVER = datetime(1, 1, 1)  # noqa: DTZ001 - times are local and without a zone


@dataclass(frozen=True, slots=True)
class Forecast:
    """`mean` [steps] and `quantiles` [steps, levels] of the counts from `start` on, one for each of `step`."""

    start: datetime
    step: timedelta
    levels: tuple[float, ...]
    mean: Numbers
    quantiles: Numbers

    def band(self, share: float) -> tuple[Numbers, Numbers]:
        """The interval that holds `share` of the counts; raises ValueError where its ends were not asked for."""
        low = [i for i, level in enumerate(self.levels) if np.isclose(level, (1 - share) / 2)]
        high = [i for i, level in enumerate(self.levels) if np.isclose(level, (1 + share) / 2)]
        if not (low and high):
            raise ValueError(f"no quantiles for {share:.0%}")
        return self.quantiles[:, low[0]], self.quantiles[:, high[0]]


@dataclass
class Forecaster(Estimator):
    """Learns from counts without gaps, one a step (`hours` in a step: 1 or 24), and predicts the steps that follow.

    `ridge` is the penalty of the regression (scikit-learn's alpha: on the mean deviance). Times are local and without a zone. `fit` raises ValueError for less
    than three weeks.
    """

    hours: int = 1
    ridge: float = 1e-3
    calendar: Calendar = ordinary
    start_: datetime = field(default=NEVER, init=False, repr=False)
    steps_: int = field(default=0, init=False, repr=False)
    weights_: Numbers = field(default_factory=lambda: np.zeros(0), init=False, repr=False)
    level_: float = field(default=1.0, init=False, repr=False)
    memory_: float = field(default=0.0, init=False, repr=False)
    spread_: Numbers = field(default_factory=lambda: np.zeros(len(AHEAD)), init=False, repr=False)

    def fit(self, start: datetime, counts: Sequence[int] | NDArray[Any]) -> Self:
        """`counts[i]` came in the step that begins `i` steps after `start`."""
        from sklearn.linear_model import PoissonRegressor  # for training alone, as in linear.py

        seen = np.asarray(counts, float)
        # The regression takes the logarithm of the mean, which must not be 0.
        seen = seen if seen.any() else seen + 1e-6
        a_day = 24 // self.hours
        if len(seen) < 21 * a_day:
            raise ValueError("Forecaster needs three weeks of counts.")
        self.start_, self.steps_ = start, len(seen)
        features = self._features(0, len(seen))
        for _ in range(2):
            model = PoissonRegressor(alpha=self.ridge, max_iter=1000).fit(features, seen)
            self.weights_ = np.r_[model.intercept_, model.coef_]
            mean = self._mean(features)
            seen = _cut(seen, mean)
        self.memory_ = min(
            MEMORIES,
            key=lambda days: _deviance(seen, mean * _ahead(_levels(seen, mean, days * a_day), 7 * a_day), 7 * a_day),
        )
        levels = _levels(seen, mean, self.memory_ * a_day)
        self.level_ = float(levels[-1])
        self.spread_ = np.maximum.accumulate(
            [_spread(seen, mean * _ahead(levels, days * a_day), days * a_day) for days in AHEAD]
        )
        return self

    def predict(self, steps: int, levels: Sequence[float] = LEVELS) -> Forecast:
        """The next `steps` steps; raises NotFittedError."""
        if not self.steps_:
            raise NotFittedError("Forecaster: call fit first.")
        mean = np.maximum(self._mean(self._features(self.steps_, steps)) * self.level_, 1e-9)
        days = (1 + np.arange(steps)) * self.hours / 24
        size = 1 / np.maximum(np.interp(days, AHEAD, self.spread_), 1e-6)
        quantiles = np.array([scipy.stats.nbinom.ppf(level, size, size / (size + mean)) for level in levels]).T
        step = timedelta(hours=self.hours)
        return Forecast(self.start_ + self.steps_ * step, step, tuple(levels), mean, quantiles)

    def _mean(self, features: Numbers) -> Numbers:
        return np.asarray(np.exp(np.clip(self.weights_[0] + features @ self.weights_[1:], -20, 20)))

    def _features(self, first: int, steps: int) -> Numbers:
        """Kind of day, waves of the hour and of the year [steps, features]."""
        times = [self.start_ + timedelta(hours=self.hours * (first + step)) for step in range(steps)]
        kinds = columns([one.date() for one in times], self.calendar)
        parts = [np.eye(KINDS)[kinds]]
        if self.hours < 24:
            hour = np.array([one.hour + one.minute / 60 for one in times]) / 24
            rest = np.isin(kinds, (5, 6, 7))[:, None]
            parts += [_waves(hour, BUSY_WAVES), _waves(hour, REST_WAVES) * rest]
        if self.steps_ * self.hours >= YEAR_FROM * 24:
            parts.append(_waves(np.array([one.timetuple().tm_yday for one in times]) / SEASON, YEAR_WAVES))
        return np.asarray(np.hstack(parts))

    def to_bytes(self) -> bytes:
        """What was learned; the calendar is the caller's and comes anew."""
        if not self.steps_:
            raise NotFittedError("Forecaster: call fit first.")
        head = {
            "what": "forecaster",
            "hours": self.hours,
            "ridge": self.ridge,
            "start": self.start_.isoformat(),
            "steps": self.steps_,
        }
        return pack({**head, "level": self.level_, "memory": self.memory_}, weights=self.weights_, spread=self.spread_)

    @classmethod
    def from_bytes(cls, content: bytes, calendar: Calendar = ordinary) -> Self:
        """The model that `to_bytes` wrote, with the calendar that it had."""
        head, arrays = unpack(content, "forecaster")
        model = cls(head["hours"], head["ridge"], calendar)
        model.start_, model.steps_ = datetime.fromisoformat(head["start"]), head["steps"]
        model.level_, model.memory_ = head["level"], head["memory"]
        model.weights_, model.spread_ = arrays["weights"], arrays["spread"]
        return model


def _cut(seen: Numbers, mean: Numbers) -> Numbers:
    """Outbreaks, more than CUT robust deviations above the mean, brought down to that: they will not come again on the same weekday."""
    off = (seen - mean) / np.sqrt(mean)
    return np.asarray(np.minimum(seen, mean + CUT * max(1.0, 1.4826 * float(np.median(np.abs(off)))) * np.sqrt(mean)))


def _waves(turn: Numbers, most: int) -> Numbers:
    """Sines and cosines of 1 to `most` times a turn (0 to 1) [steps, 2·most]."""
    angles = 2 * np.pi * turn[:, None] * np.arange(1, most + 1)
    return np.asarray(np.hstack([np.sin(angles), np.cos(angles)]))


def _levels(seen: Numbers, mean: Numbers, memory: float) -> Numbers:
    """The level before each step and after the last [steps + 1]: counts over means, both forgotten alike; it begins at 1 as if after a week."""
    keep = 1 - 1 / memory
    shape = rate = float(mean[: 7 * max(1, len(mean) // 28)].mean() * min(memory, 7))
    found = np.empty(len(seen) + 1)
    for step, (count, usual) in enumerate(zip(seen.tolist(), mean.tolist(), strict=True)):
        found[step] = shape / rate
        shape, rate = keep * shape + count, keep * rate + usual
    found[-1] = shape / rate
    return found


def _ahead(levels: Numbers, steps: int) -> Numbers:
    """For each step the level that was known `steps` before; 1 where nothing was."""
    return np.concatenate([np.ones(steps - 1), levels[: len(levels) - steps]])


def _deviance(seen: Numbers, mean: Numbers, skip: int) -> float:
    """The Poisson deviance without its part that does not depend on the mean, from step `skip` on."""
    return float((mean[skip:] - seen[skip:] * np.log(np.maximum(mean[skip:], 1e-12))).sum())


def _spread(seen: Numbers, mean: Numbers, skip: int) -> float:
    """Variance beyond Poisson over the squared mean, from step `skip` on."""
    seen, mean = seen[skip:], mean[skip:]
    return max(0.0, float(((seen - mean) ** 2 - mean).sum() / (mean**2).sum()))
