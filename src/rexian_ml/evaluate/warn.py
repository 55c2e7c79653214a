# SPDX-License-Identifier: Apache-2.0
"""Early warning on Boston's 311 requests: is the rate of false alarms held, and what share of surges that we put in is found, how soon,
beside EWMA and Farrington's test at the same number of alarms."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rexian_ml.calendars import Calendar, Kind, columns, ordinary, profile
from rexian_ml.evaluate import rivals
from rexian_ml.evaluate.bootstrap import mean_interval
from rexian_ml.evaluate.section import Figure, Section
from rexian_ml.evaluate.sources import joined, moment, read
from rexian_ml.evaluate.tables import dots
from rexian_ml.panels import Panel, panel, words_of
from rexian_ml.warn import TrendWarner

Numbers = NDArray[np.float64]
FIRST, QUIET = 28, 7
"""Days learned from before the first one looked at; days without an alarm after which the next is a new one."""
FEWEST, TOGETHER, REPEATS = 25, 4, 40
"""Counts that a Boston series has at least; surges put in at once; how often for each shape and size."""
A_WEEK, CALM = 1.0, 12
"""False alarms a week over all series at which the methods are compared, and the shuffled cities that they are counted in."""
SHAPES = {"one day": np.array([1.0]), "five days": np.full(5, 0.6), "rising for seven days": np.linspace(0.15, 1, 7)}
SIZES = (3.0, 5.0, 8.0)
"""A surge's height on its highest day, in standard deviations of the series."""
CUT = 3.0
"""Robust deviations above the usual from which a day of the data counts as an outbreak."""
INDEPENDENCE_DAY = date(2011, 7, 4)


def american(day: date) -> Kind:
    """The one federal holiday of the Boston data."""
    return Kind.HOLIDAY if day == INDEPENDENCE_DAY else Kind.ORDINARY


def measure(data: Path) -> Section | None:
    """All figures of early warning, or None without the data."""
    if (rows := read(data, "boston311_2011.csv.gz")) is None:
        return None
    city = panel(((moment(row["open_dt"]).date(), _names(row)) for row in rows), fewest=FEWEST)
    figures = [*_held(city, american, "Boston"), *_compared(city)]
    if (rows := read(data, "messages_dated_votes.csv.gz")) is not None:
        figures += _held(_messages(rows), ordinary, "messages")
    return Section(
        "warn",
        "Rising trends in small, seasonal counts",
        "boston311_2011, messages_dated_votes",
        f"{len(city.names)} series of types, areas and both in Boston ({FEWEST} requests or more), looked at daily from day {FIRST + 1}, "
        f"learned anew each day; with outbreaks cut off and days shuffled within each weekday every alarm is false; surges put into "
        f"{TOGETHER} series of such a city at a time, {REPEATS} times a shape and size; every method at {A_WEEK:g} false alarm a week",
        tuple(figures),
        {"found": dots([one for one in figures if ": found, " in one.name], "Surges found at one false alarm a week")},
    )


def _names(row: dict[str, str]) -> list[str]:
    kind, area = f"type:{row['type']}", f"area:{row['neighborhood']}"
    return [kind, area, f"{kind} {area}"]


def _messages(rows: list[dict[str, str]]) -> Panel:
    """Areas and words of the messages of 2019, the year that the source covers."""

    def counted() -> Iterator[tuple[date, set[str]]]:
        for row in rows:
            if (day := moment(row["留言时间"]).date()).year == 2019:
                text = joined(row["留言主题"] + row["留言详情"])
                yield day, words_of(text) | {f"area:{area}" for area in re.findall(r"[A-Z]\d+[区县市]", text)}

    return panel(counted(), fewest=60)


def _held(city: Panel, calendar: Calendar, name: str) -> list[Figure]:
    """Alarms a week at the usual setting of one false alarm a week: on the data as they are, and with their days shuffled."""
    weeks = (len(city.days) - FIRST) / 7
    real = _alarms(city, calendar)
    shuffled = [_alarms(_shuffle(city, calendar, seed), calendar) for seed in range(8 if weeks < 10 else 1)]
    false = [n / weeks for n in shuffled]
    low, high = mean_interval(np.array(false)) if len(false) > 1 else (None, None)
    n = len(city.names)
    return [
        Figure(f"{name}: alarms a week", real / weeks, n=n, note="real surges and false alarms"),
        Figure(f"{name}: false alarms a week, days shuffled", float(np.mean(false)), low, high, n, aim="≤ 1"),
    ]


def _alarms(city: Panel, calendar: Calendar) -> int:
    """New alarms over all days looked at."""
    last: dict[str, int] = {}
    new = 0
    for day in range(FIRST, len(city.days)):
        for alarm in TrendWarner(calendar=calendar).fit(_until(city, day)).look(city.counts[day]):
            new += day - last.get(alarm.series, -QUIET - 1) > QUIET
            last[alarm.series] = day
    return new


def _until(city: Panel, day: int) -> Panel:
    """The quarter of a year before a day."""
    start = max(0, day - 91)
    return Panel(city.days[start:day], city.names, city.counts[start:day])


def _shuffle(city: Panel, calendar: Calendar, seed: int) -> Panel:
    """The same city without a surge or trend: outbreaks cut off, then each series' days in another order, each kind of day among itself."""
    random = np.random.default_rng(seed)
    kinds = columns(city.days, calendar)
    counts = _cut(city.counts, kinds)
    for kind in np.unique(kinds):
        places = np.flatnonzero(kinds == kind)
        counts[places] = random.permuted(counts[places], axis=0)
    return replace(city, counts=counts)


def _cut(counts: NDArray[np.int32], kinds: NDArray[np.int64]) -> NDArray[np.int32]:
    """What is more than CUT robust deviations above the series' usual for the kind of day is brought down to that."""
    day = profile(counts.sum(1).astype(float), kinds)[kinds][:, None]
    usual = day * np.median(counts / day, 0).clip(counts.mean(0) / 4)
    off = (counts - usual) / np.sqrt(usual)
    spread = np.maximum(1, 1.4826 * np.median(np.abs(off), 0))
    most = np.ceil(usual + CUT * spread * np.sqrt(usual))
    return np.asarray(np.minimum(counts, most), np.int32)


# The comparison.

Scorer = Callable[[Panel], Numbers]


def _ours(city: Panel) -> Numbers:
    past = _until(city, len(city.days) - 1)
    return np.asarray(TrendWarner(calendar=american).fit(past).chances(city.counts[-1]).min(0))


def _rival(score: Callable[[Numbers, NDArray[np.int64]], Numbers]) -> Scorer:
    return lambda city: score(city.counts.astype(float), columns(city.days, american))


METHODS: dict[str, Scorer] = {"ours": _ours, "EWMA": _rival(rivals.ewma), "Farrington": _rival(rivals.farrington)}


def _up_to(city: Panel, day: int) -> Panel:
    """With the day itself, which a method looks at."""
    return Panel(city.days[: day + 1], city.names, city.counts[: day + 1])


def _limit(scores: Numbers) -> float:
    """The score at which a method raises A_WEEK new alarms a week [cities, days, series]."""
    wanted = A_WEEK * scores.shape[0] * scores.shape[1] / 7
    for limit in np.sort(scores.ravel()):
        if sum(_new(city <= limit) for city in scores) > wanted:
            return float(np.nextafter(limit, -np.inf))
    return float(scores.max())


def _new(alarmed: NDArray[np.bool_]) -> int:
    """Alarms with none of the same series in the QUIET days before."""
    return sum(int((alarmed[day] & ~alarmed[max(0, day - QUIET) : day].any(0)).sum()) for day in range(len(alarmed)))


@dataclass(frozen=True)
class Surge:
    """Where and when something was put in, and after how many days each method saw it (nan: never)."""

    shape: str
    size: float
    seen: dict[str, float]


def _compared(city: Panel) -> list[Figure]:
    """Each method's limit from CALM shuffled cities; then surges in one more of these each time."""
    calm = [_shuffle(city, american, seed) for seed in range(CALM)]
    scores = {
        name: np.array([[score(_up_to(one, day)) for day in range(FIRST, len(one.days))] for one in calm])
        for name, score in METHODS.items()
    }
    limits = {name: _limit(found) for name, found in scores.items()}
    random = np.random.default_rng(0)
    surges = [
        surge
        for shape in SHAPES
        for size in SIZES
        for turn in range(REPEATS)
        for surge in _put_in(
            calm[turn % CALM], {n: s[turn % CALM] for n, s in scores.items()}, limits, shape, size, random
        )
    ]
    return [figure for name in METHODS for figure in _found(surges, name)]


def _put_in(
    city: Panel,
    calm: dict[str, Numbers],
    limits: dict[str, float],
    shape: str,
    size: float,
    random: np.random.Generator,
) -> list[Surge]:
    """Surges in TOGETHER series from one random day on."""
    form = SHAPES[shape]
    start = int(random.integers(FIRST, len(city.days) - len(form) + 1))
    places = random.choice(len(city.names), TOGETHER, replace=False)
    usual = city.counts[:, places].astype(float)
    spread = np.sqrt(np.maximum(usual.var(0), usual.mean(0)))
    counts = city.counts.copy()
    counts[start : start + len(form), places] += random.poisson(size * spread * form[:, None]).astype(np.int32)
    changed = replace(city, counts=counts)
    seen = {
        name: _delays(changed, calm[name], limits[name], score, start, len(form))[places]
        for name, score in METHODS.items()
    }
    return [Surge(shape, size, {name: float(delays[i]) for name, delays in seen.items()}) for i in range(TOGETHER)]


def _delays(city: Panel, calm: Numbers, limit: float, score: Scorer, start: int, length: int) -> Numbers:
    """Days until each series alarms within its surge; an alarm that stood there without the surge does not count."""
    delays = np.full(len(city.names), np.nan)
    for step in range(length):
        alarmed = (score(_up_to(city, start + step)) <= limit) & (calm[start + step - FIRST] > limit)
        delays = np.where(alarmed & np.isnan(delays), step, delays)
    return delays


def _found(surges: list[Surge], name: str) -> list[Figure]:
    groups = [
        (f"{shape}, {size:g} sd", [s for s in surges if (s.shape, s.size) == (shape, size)])
        for shape in SHAPES
        for size in SIZES
    ]
    figures = []
    for title, some in [("all surges", surges), *groups]:
        found = np.array([not np.isnan(one.seen[name]) for one in some], float)
        figures.append(
            Figure(f"{name}: found, {title}", float(found.mean()), *mean_interval(found), len(found), "share")
        )
    delays: Any = np.array([one.seen[name] for one in surges if one.shape != "one day"])
    delays = delays[~np.isnan(delays)]
    return [
        *figures,
        Figure(f"{name}: delay where found", float(delays.mean()), *mean_interval(delays), len(delays), "days"),
    ]
