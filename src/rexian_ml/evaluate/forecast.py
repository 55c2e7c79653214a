# SPDX-License-Identifier: Apache-2.0
"""Forecasts from many origins, beside the same hour of last week and, where statsmodels is installed, exponential smoothing (ETS)."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from chinese_calendar import get_holiday_detail
from numpy.typing import NDArray
from scipy.stats import norm

from rexian_ml.calendars import Calendar, Kind
from rexian_ml.evaluate.bootstrap import mean_interval
from rexian_ml.evaluate.section import Figure, Section
from rexian_ml.evaluate.sources import moment, read
from rexian_ml.evaluate.tables import dots
from rexian_ml.evaluate.warn import american
from rexian_ml.forecast import LEVELS, Forecaster

Numbers = NDArray[np.float64]
Method = Callable[["Series", int], Numbers]
"""From a series' beginning up to a step: quantiles [horizon, LEVELS] of what follows."""


@dataclass(frozen=True)
class Series:
    """Counts from `start`, one each `hours`; `season` steps make a week; forecasts of `horizon` steps begin at each of `origins`."""

    name: str
    start: datetime
    hours: int
    counts: Numbers
    calendar: Calendar
    horizon: int
    origins: range

    @property
    def season(self) -> int:
        return 168 // self.hours


def chinese(day: date) -> Kind:
    """The State Council's holidays and made-up workdays."""
    off, name = get_holiday_detail(day)
    if name is None:
        return Kind.ORDINARY
    return Kind.HOLIDAY if off else Kind.MADE_UP


def measure(data: Path) -> Section | None:
    """All figures of the forecast, or None without the data."""
    if (rows := read(data, "boston311_2011.csv.gz")) is None:
        return None
    times = [moment(row["open_dt"]) for row in rows]
    series = [
        _series("Boston by hour", times, 1, american, 168, range(28 * 24, 44 * 24 + 1, 24)),
        _series("Boston by day", times, 24, american, 7, range(28, 45)),
    ]
    if (rows := read(data, "messages_dated_votes.csv.gz")) is not None:
        times = [one for row in rows if (one := moment(row["留言时间"])).year == 2019]
        series.append(_series("messages by day", times, 24, chinese, 14, range(120, 351, 7)))
    methods, word = _methods()
    figures = [figure for one in series for name, method in methods.items() for figure in _figures(one, name, method)]
    return Section(
        "forecast",
        "Volume by hour and by day",
        "boston311_2011, messages_dated_votes",
        "rolling origins, each method learned anew at each; MASE: mean absolute error of the median over that of the same step a week "
        f"before, on what was learned from; pinball loss over the quantiles {', '.join(map(str, LEVELS))}; intervals over origins. {word}",
        tuple(figures),
        {
            "mase": dots(
                [one for one in figures if one.name.endswith("MASE")],
                "Error beside that of the same step last week (MASE)",
            )
        },
    )


def _methods() -> tuple[dict[str, Method], str]:
    own: dict[str, Method] = {"ours": _ours, "last week": _naive}
    if find_spec("statsmodels") is None:
        return own, "statsmodels is not installed: no ETS."
    return {**own, "ETS": _ets}, "ETS is statsmodels', on square roots."


def _series(name: str, times: list[datetime], hours: int, calendar: Calendar, horizon: int, origins: range) -> Series:
    start = min(times).replace(hour=0, minute=0, second=0)
    places = [int((one - start) / timedelta(hours=hours)) for one in times]
    return Series(name, start, hours, np.bincount(places).astype(float), calendar, horizon, origins)


def _ours(series: Series, origin: int) -> Numbers:
    model = Forecaster(hours=series.hours, calendar=series.calendar).fit(series.start, series.counts[:origin])
    return model.predict(series.horizon).quantiles


def _naive(series: Series, origin: int) -> Numbers:
    """The same step of last week, spread as past weeks differed from the week before."""
    seen, season = series.counts[:origin], series.season
    last = np.resize(seen[-season:], series.horizon)
    gaps = np.quantile(seen[season:] - seen[:-season], LEVELS)
    gaps[LEVELS.index(0.5)] = 0
    return np.asarray(np.maximum(last[:, None] + gaps, 0))


def _ets(series: Series, origin: int) -> Numbers:
    """Additive errors and weekly season on square roots, without trend; quantiles of its normal, squared.

    The variance h steps ahead is σ²(1 + Σ_{j<h} c_j²) with c_j = α, plus γ where j is a whole season (R. J. Hyndman et al. 2008, table 6.1).
    """
    ets = import_module("statsmodels.tsa.exponential_smoothing.ets")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        roots, season = np.sqrt(series.counts[:origin]), series.season
        model = ets.ETSModel(
            roots, error="add", seasonal="add", seasonal_periods=season, initialization_method="heuristic"
        )
        found = model.fit(disp=False)
    steps = np.arange(1, series.horizon)
    weights = found.smoothing_level + found.smoothing_seasonal * (steps % season == 0)
    variance = np.var(found.resid[season:]) * (1 + np.r_[0, np.cumsum(weights**2)])
    told = np.asarray(found.forecast(series.horizon))[:, None] + np.sqrt(variance)[:, None] * norm.ppf(LEVELS)
    return np.asarray(np.maximum(told, 0) ** 2)


def _figures(series: Series, name: str, method: Method) -> list[Figure]:
    rows = np.array([_judge(series, origin, method) for origin in series.origins])
    titles = ("MASE", "pinball loss", "in the 80 % interval", "in the 95 % interval")
    aims = ("below 1", "", "0.80", "0.95")
    return [
        Figure(
            f"{series.name}, {name}: {title}",
            float(rows[:, place].mean()),
            *mean_interval(rows[:, place]),
            len(rows),
            aim=aim,
        )
        for place, (title, aim) in enumerate(zip(titles, aims, strict=True))
    ]


def _judge(series: Series, origin: int, method: Method) -> list[float]:
    """MASE, pinball loss and the two coverages at one origin."""
    told = method(series, origin)
    came = series.counts[origin : origin + series.horizon]
    told = told[: len(came)]
    seen = series.counts[:origin]
    scale = np.abs(seen[series.season :] - seen[: -series.season]).mean()
    off = came[:, None] - told
    pinball = np.maximum(np.array(LEVELS) * off, (np.array(LEVELS) - 1) * off).mean()
    inside = [((came >= told[:, low]) & (came <= told[:, high])).mean() for low, high in ((1, 3), (0, 4))]
    return [float(np.abs(off[:, 2]).mean() / scale), float(pinball), *map(float, inside)]
