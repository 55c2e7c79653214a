# SPDX-License-Identifier: Apache-2.0
"""Rising trends in small, seasonal counts, with the false alarms over all series together held at a set rate.

Each series has a level with a gamma distribution (shape a, rate b) that forgets: a ← δa + y, b ← δb + e, where y is the day's count and e
what the kind of day makes of it (A. C. Harvey and C. Fernandes, "Time series models for count or qualitative observations", 1989). So
a count over the last w days is negative binomial, with the mean (a/b)·Σe of the level w days ago and the variance of level, Poisson and
the series' own dispersion. The chance of as many or more is calibrated on the past of all series (its tail as a power law, B. M. Hill
1975), and the threshold is the one at which the chances of all counts that would alarm sum to the set rate (after R. E. Tarone 1990:
a series too small to alarm at all takes nothing of it).
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, btdtria

from rexian_ml.base import Estimator, NotFittedError
from rexian_ml.calendars import KINDS, Calendar, columns, ordinary, profile
from rexian_ml.panels import Panel
from rexian_ml.storage import pack, unpack

Numbers = NDArray[np.float64]
OWN, DISPERSION, DAYS, TAIL = 200.0, 25.0, 10.0, 20.0
"""How much the pool of all series weighs against one: in counts for the profile, in squared counts and in days for dispersion; in exceedances for the tail."""
EDGE, FLOOR, CELLS, SOME = 0.02, 1e-4, 200_000, 4_000
"""Where the tail begins, and where it is no longer looked into; how many past chances it is learned from; how many series the threshold is found on."""
BURN = 7
"""Days before a level is trusted."""
CLIP, ROUNDS = 4.0, 6
"""A count further than this many standard deviations above its mean moves the level no more than that: an outbreak is not the normal."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """A series above what is usual: `count` in the last `window` days up to `day`, `expected` in them, and the calibrated chance of so many."""

    series: str
    day: date
    window: int
    count: int
    expected: float
    chance: float


@dataclass(frozen=True, slots=True)
class _Predicted:
    """The negative binomial of a window's count by series [windows, series]: its size, its odds μ/(r+μ), and what was counted."""

    size: Numbers
    odds: Numbers
    mean: Numbers
    counted: Numbers

    def chance(self, more: int = 0) -> Numbers:
        """P(count + more or more): the regularised beta function I_odds(y, r)."""
        y = self.counted + more
        return np.where(y > 0, betainc(np.maximum(y, 1), self.size, self.odds), 1.0)

    def some(self, step: int) -> "_Predicted":
        return _Predicted(*(part[:, ::step] for part in (self.size, self.odds, self.mean, self.counted)))


@dataclass
class TrendWarner(Estimator):
    """Learns what is usual from a panel of past days, then looks at a new day. `rate` is how many false alarms a day are borne over all series
    and windows (1/7: one a week); `memory` how many days a level remembers; `fewest` below how many messages nothing is an alarm.

    Fit it anew each day: a year of 50,000 series is seconds. Needs 2 * BURN + longest window days, else ValueError.
    """

    rate: float = 1 / 7
    memory: float = 28.0
    windows: tuple[int, ...] = (1, 3, 7)
    fewest: int = 3
    calendar: Calendar = ordinary
    seed: int = 0
    names_: tuple[str, ...] = field(default=(), init=False, repr=False)
    last_: date = field(default=date.min, init=False, repr=False)
    factors_: Numbers = field(default_factory=lambda: np.zeros((KINDS, 0)), init=False, repr=False)
    dispersion_: Numbers = field(default_factory=lambda: np.zeros(0), init=False, repr=False)
    levels_: Numbers = field(default_factory=lambda: np.zeros((0, 2, 0)), init=False, repr=False)
    recent_: Numbers = field(default_factory=lambda: np.zeros((0, 0)), init=False, repr=False)
    tails_: Numbers = field(default_factory=lambda: np.zeros((0, 2)), init=False, repr=False)

    def fit(self, panel: Panel) -> Self:
        """Learns profile, level and dispersion of each series, and how far the chances may be trusted."""
        longest = max(self.windows)
        if len(panel.days) < 2 * BURN + longest:
            raise ValueError(f"TrendWarner needs {2 * BURN + longest} days, not {len(panel.days)}.")
        if not panel.names:
            raise ValueError("TrendWarner needs a series.")
        counts = panel.counts.astype(float)
        kinds = columns(panel.days, self.calendar)
        self.names_, self.last_ = panel.names, panel.days[-1]
        self.factors_ = _profiles(counts, kinds)
        exposure = self.factors_[kinds]
        levels = self._levels(counts, exposure, None)
        quiet = slice(BURN, len(counts) - longest)
        self.dispersion_ = _dispersion(counts[quiet], exposure[quiet], levels[quiet])
        levels = self._levels(counts, exposure, self.dispersion_)
        self.tails_ = self._tails(counts, exposure, levels)
        self.levels_, self.recent_ = levels[-longest:], counts[len(counts) - longest + 1 :]
        return self

    def _levels(self, counts: Numbers, exposure: Numbers, dispersion: Numbers | None) -> Numbers:
        """Shape a and rate b before each day and after the last [days + 1, 2, series]; with a dispersion, outbreaks are clipped."""
        keep = 1 - 1 / self.memory
        early = counts[: 2 * BURN].sum(0) + counts.mean()
        level = np.array([np.full(counts.shape[1], 0.5), 0.5 * (2 * BURN + 1) / np.maximum(early, 1e-3)])
        found = np.empty((len(counts) + 1, *level.shape))
        for day, (count, e) in enumerate(zip(counts, exposure, strict=True)):
            found[day] = level
            if dispersion is not None:
                mean = level[0] / level[1] * e
                count = np.minimum(count, mean + CLIP * np.sqrt(mean + mean**2 * (1 / level[0] + dispersion)) + 1)
            level = keep * level + np.array([count, e])
        found[-1] = level
        return found

    def _tails(self, counts: Numbers, exposure: Numbers, levels: Numbers) -> Numbers:
        """For each window the share of past chances below EDGE, over EDGE, and the power by which they go on falling [windows, 2]."""
        random = np.random.default_rng(self.seed)
        days = range(2 * BURN + max(self.windows) - 1, len(counts))
        step = 1 + len(days) * counts.shape[1] // CELLS
        chances = []
        for day in days:
            told = self._predict(levels[: day + 1], counts[: day + 1], exposure[: day + 1]).some(step)
            high, low = told.chance(), told.chance(1)
            chances.append(low + random.random(high.shape) * (high - low))
        return np.array([_tail(np.concatenate(ones)) for ones in zip(*chances, strict=True)]).reshape(-1, 2)

    def _predict(self, levels: Numbers, counts: Numbers, exposure: Numbers) -> _Predicted:
        """Each window up to the last of the days given; `levels` are those before each of these days."""
        rows = [self._window(width, levels, counts, exposure) for width in self.windows]
        return _Predicted(*np.array(rows).transpose(1, 0, 2))

    def _window(self, width: int, levels: Numbers, counts: Numbers, exposure: Numbers) -> Numbers:
        shape, rate = levels[-width]
        e = exposure[-width:]
        total = e.sum(0)
        mean = shape / rate * total
        size = 1 / (1 / shape + self.dispersion_ * (e**2).sum(0) / total**2)
        return np.array([size, mean / (size + mean), mean, counts[-width:].sum(0)])

    def _today(self, counts: NDArray[np.int32]) -> _Predicted:
        if not self.names_:
            raise NotFittedError("TrendWarner: call fit first.")
        if counts.shape != (len(self.names_),):
            raise ValueError("one count for each series learned")
        days = [self.last_ + timedelta(step) for step in range(2 - max(self.windows), 2)]
        exposure = self.factors_[columns(days, self.calendar)]
        return self._predict(self.levels_, np.vstack([self.recent_, counts]), exposure)

    def chances(self, counts: NDArray[np.int32]) -> Numbers:
        """The calibrated chance of as many as `counts` [series] or more on the day after the last learned [windows, series]."""
        return _calibrated(self._today(counts).chance(), self.tails_)

    def look(self, counts: NDArray[np.int32]) -> list[Alarm]:
        """The alarms of the day after the last learned, least likely first; a series alarms once, by its least likely window."""
        told = self._today(counts)
        chances = _calibrated(told.chance(), self.tails_)
        rising = (told.counted >= self.fewest) & (counts > told.mean[0] / self.windows[0])
        chances = np.where(rising, chances, 1.0)
        best = chances.argmin(0)
        limit = self._threshold(told)
        found = np.flatnonzero(chances.min(0) <= limit)
        alarms = [self._alarm(told, chances, int(best[column]), int(column)) for column in found]
        return sorted(alarms, key=lambda one: (one.chance, one.series))

    def _alarm(self, told: _Predicted, chances: Numbers, window: int, column: int) -> Alarm:
        place = window, column
        return Alarm(
            self.names_[column],
            self.last_ + timedelta(1),
            self.windows[window],
            int(told.counted[place]),
            float(told.mean[place]),
            float(chances[place]),
        )

    def _threshold(self, told: _Predicted) -> float:
        """The largest chance at which all counts that would alarm are together as likely as `rate`; found by halving its logarithm."""
        step = 1 + len(self.names_) // SOME
        some = told.some(step)
        low = np.log(self.rate / told.size.size)
        high = min(0.0, low + np.log(1000))
        for _ in range(9):
            middle = (low + high) / 2
            low, high = (middle, high) if self._spent(some, np.exp(middle)) * step <= self.rate else (low, middle)
        return float(np.exp(low))

    def _spent(self, told: _Predicted, limit: float) -> float:
        """What the smallest counts that alarm at a limit are likely to be reached by, summed over windows and series."""
        raw = _raw(limit, self.tails_)
        fewest = np.maximum(np.ceil(btdtria(raw, told.size, told.odds)), self.fewest)
        reached = betainc(fewest, told.size, told.odds)
        return float(_calibrated(reached, self.tails_).sum())

    def to_bytes(self) -> bytes:
        """What was learned; the calendar is the caller's and comes anew."""
        if not self.names_:
            raise NotFittedError("TrendWarner: call fit first.")
        head = {
            "what": "trend warner",
            "names": self.names_,
            "last": self.last_.isoformat(),
            "own": [self.rate, self.memory, self.fewest, self.seed],
        }
        arrays = {
            "factors": self.factors_,
            "dispersion": self.dispersion_,
            "levels": self.levels_,
            "recent": self.recent_,
        }
        return pack({**head, "windows": self.windows}, tails=self.tails_, **arrays)

    @classmethod
    def from_bytes(cls, content: bytes, calendar: Calendar = ordinary) -> Self:
        """The model that `to_bytes` wrote, with the calendar that it had."""
        head, arrays = unpack(content, "trend warner")
        rate, memory, fewest, seed = head["own"]
        model = cls(rate, memory, tuple(head["windows"]), fewest, calendar, seed)
        model.names_, model.last_ = tuple(head["names"]), date.fromisoformat(head["last"])
        for name, array in arrays.items():
            setattr(model, f"{name}_", array)
        return model


def _profiles(counts: Numbers, kinds: NDArray[np.int64]) -> Numbers:
    """Factors [KINDS, series]: those of the sum of all series, and each series' own as far as its counts speak for them."""
    pool = profile(counts.sum(1), kinds)
    by_kind = np.array([counts[kinds == kind].sum(0) for kind in range(KINDS)])
    days = np.array([(kinds == kind).sum() for kind in range(KINDS)])
    usual = counts.mean(0) * (pool * days)[:, None]
    own: Numbers = pool[:, None] * (by_kind + OWN) / (usual + OWN)
    factors: Numbers = np.maximum(own / np.maximum(own[kinds].mean(0), 1e-9), 1e-3)
    return factors


def _dispersion(counts: Numbers, exposure: Numbers, levels: Numbers) -> Numbers:
    """Variance beyond Poisson and level, over the squared mean [series]: by moments, shrunk to that of all series.

    Squares are cut off at CLIP standard deviations, which are found anew until the dispersion stands: a lone outbreak of the past is not to be the
    measure of the next, but a series that comes in heaps is to be known as such.
    """
    mean = levels[:, 0] / levels[:, 1] * exposure
    plain = mean + mean**2 / levels[:, 0]
    squares = (mean**2).sum(0)
    prior = DISPERSION + DAYS * squares / len(mean)
    dispersion = np.zeros(counts.shape[1])
    for _ in range(ROUNDS):
        most = (CLIP * np.sqrt(plain + dispersion * mean**2) + 1) ** 2
        extra = (np.minimum((counts - mean) ** 2, most) - plain).sum(0)
        pool = max(float(extra.sum() / max(squares.sum(), 1e-9)), 1e-3)
        dispersion = np.maximum((extra + prior * pool) / (squares + prior), 1e-3)
    return dispersion


def _tail(chances: Numbers) -> tuple[float, float]:
    """The tail of chances that should be uniform: P(p ≤ t) = share·EDGE·(t/EDGE)^power for t ≤ EDGE; both 1 where all is right.

    Chances below FLOOR count only as below it (Hill's estimate, censored): real outbreaks of the past are not to say how chance behaves.
    """
    beyond = chances[chances < EDGE]
    share = (len(beyond) + TAIL) / (len(chances) * EDGE + TAIL)
    within = int((beyond >= FLOOR).sum())
    power = (within + TAIL) / (float(np.log(EDGE / np.maximum(beyond, FLOOR)).sum()) + TAIL)
    return float(share), min(1.0, float(power))


def _calibrated(chances: Numbers, tails: Numbers) -> Numbers:
    """Chances [windows, series] as the past says that they are."""
    share, power = tails.T[:, :, None]
    return np.where(chances < EDGE, np.minimum(1.0, share * EDGE) * (chances / EDGE) ** power, chances)


def _raw(limit: float, tails: Numbers) -> Numbers:
    """The uncalibrated chance [windows, 1] whose calibrated one is `limit`."""
    share, power = tails.T[:, :, None]
    raw: Numbers = np.minimum(EDGE, EDGE * (limit / (share * EDGE)) ** (1 / power))
    return raw
