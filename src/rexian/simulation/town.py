# SPDX-License-Identifier: Apache-2.0
"""How the synthetic city lives: when its people turn to the hotline and about what, and how its departments work."""

import math
import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import accumulate

from rexian.directory.calendar import WorkingCalendar
from rexian.orders.deadlines import ZONE

CHANNELS = (("telephone", 0.84), ("wechat", 0.12), ("web", 0.03), ("app", 0.01))
"""The study's mix of channels, January to November 2020 (79 cities)."""
HOURS = (1, 1, 1, 1, 1, 2, 4, 7, 12, 14, 14, 12, 9, 10, 12, 12, 11, 9, 8, 8, 7, 5, 3, 2)
"""How many of a day's requests come in each hour."""
SEASONS = {
    "Y0104": (10.0, 11, 12, 1, 2, 3),  # heat
    "Y0203": (4.0, 6, 7, 8),  # drains
    "Y0401": (2.5, 6, 7, 8, 9),  # noise outdoors
    "Y0801": (3.0, 5, 6, 7, 8),  # school entry
    "Y0102": (2.5, 7, 8, 12, 1),  # power
}
"""By the first letters of a category's code: how much more in which months."""
EVERYDAY = {
    "Y0101": 3.0,
    "Y0106": 2.5,
    "Y0201": 2.5,
    "Y0402": 2.0,
    "Y0501": 2.0,
    "Y0602": 3.0,
    "Y0701": 2.0,
    "Y0702": 1.8,
}


@dataclass(frozen=True, slots=True)
class Surge:
    """One trouble at one place by many people within a day: a burst pipe, a cold snap, a cloudburst."""

    start: datetime
    hours: float
    category: str
    street: str
    estate: str
    people: int


@dataclass(frozen=True, slots=True)
class Call:
    """One turning to the hotline: when, by which channel, about what. Calls of a day with one `matter` are about the same trouble."""

    at: datetime
    channel: str
    category: str
    street: str
    matter: int
    estate: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """A day's share of the city's orders; `until` cuts the last day short."""

    day: date
    orders: int
    until: datetime
    surges: tuple[Surge, ...] = ()


@dataclass(frozen=True, slots=True)
class Manner:
    """How a department works: the share of its limit that it uses (median), how often it quarrels, how often it solves."""

    pace: float
    quarrels: float
    solves: float


@cache
def manner(department: str) -> Manner:
    """A department's manner, the same whenever asked: most are good, some slow, a few quarrelsome."""
    rng = random.Random(f"manner {department}")  # noqa: S311
    pace = rng.choice((0.25, 0.3, 0.35, 0.4, 0.5, 0.85))
    return Manner(pace, rng.choice((0.01, 0.02, 0.03, 0.18)), rng.uniform(0.72, 0.95))


@dataclass(frozen=True, slots=True)
class Map:
    """What the city's troubles are about and where they are: codes of categories and streets, in order."""

    categories: tuple[str, ...]
    streets: tuple[str, ...]


def plan(seed: int, place: Map, *, orders: int, days: int, end: datetime, calendar: WorkingCalendar) -> list[Day]:
    """The `days` up to `end` with their orders, `orders` in all: holidays are quieter, Mondays busier; surges where they fall."""
    rng = random.Random(f"{seed} plan")  # noqa: S311  nothing secret
    last = end.astimezone(ZONE).date()
    span = [last - timedelta(days=n) for n in reversed(range(days))]
    weights = [_day_weight(day, calendar) for day in span]
    weights[-1] *= sum(HOURS[: end.astimezone(ZONE).hour + 1]) / sum(HOURS)
    shares = _shares(orders, weights)
    surges: dict[date, list[Surge]] = {}
    for _ in range(max(1, days // 6)):
        surge = _surge(rng, rng.choice(span), place)
        surges.setdefault(surge.start.astimezone(ZONE).date(), []).append(surge)
    midnight = [datetime.combine(day, time(), ZONE) + timedelta(days=1) for day in span]
    return [
        Day(day, count, min(end, over), tuple(surges.get(day, ())))
        for day, count, over in zip(span, shares, midnight, strict=True)
    ]


def _shares(total: int, weights: list[float]) -> list[int]:
    """Whole numbers in proportion to the weights that make up the total."""
    edges = [round(total * part / sum(weights)) for part in accumulate(weights)]
    return [edge - before for before, edge in zip([0, *edges], edges, strict=False)]


def calls(seed: int, place: Map, day: Day) -> list[Call]:
    """The calls of a day in order of time, as many as it has orders; the same whoever asks."""
    rng = random.Random(f"{seed} calls {day.day}")  # noqa: S311
    found = _of_surges(rng, day)[: day.orders // 2]
    likely = list(accumulate(_category_weight(code, day.day) for code in place.categories))
    while len(found) < day.orders:
        at = _moment(rng, day)
        category = rng.choices(place.categories, cum_weights=likely)[0]
        found.append(Call(at, _channel(rng), category, rng.choice(place.streets), len(found)))
        if rng.random() < REPEATED and len(found) < day.orders:
            found.append(_again(rng, found[-1], day))
    return sorted(found, key=lambda call: call.at)


REPEATED = 0.03
"""Of ordinary troubles, how many are told a second time the same day."""


def _again(rng: random.Random, first: Call, day: Day) -> Call:
    later = first.at + (day.until - first.at) * rng.uniform(0.02, 0.5)
    return Call(later, _channel(rng), first.category, first.street, first.matter, first.estate)


def _day_weight(day: date, calendar: WorkingCalendar) -> float:
    if calendar.is_workday(day):
        return 1.15 if day.weekday() == 0 else 1.0
    return 0.62


def _moment(rng: random.Random, day: Day) -> datetime:
    """A moment of the day as its hours are busy, before the day is over."""
    begin = datetime.combine(day.day, time(), ZONE)
    while True:
        hour = rng.choices(range(24), cum_weights=_BUSY)[0]
        at = begin + timedelta(hours=hour, seconds=rng.randrange(3600), microseconds=rng.randrange(10**6))
        if at < day.until:
            return at
        if day.until - begin < timedelta(hours=1):
            return begin + (day.until - begin) * rng.random()


_BUSY = tuple(accumulate(HOURS))
_MIX = tuple(accumulate(share for _, share in CHANNELS))


def _channel(rng: random.Random) -> str:
    return rng.choices(CHANNELS, cum_weights=_MIX)[0][0]


def _category_weight(code: str, day: date) -> float:
    weight = EVERYDAY.get(code[:5], 1.0)
    more = SEASONS.get(code[:5])
    if more:
        weight *= more[0] if day.month in more[1:] else 0.15 if code.startswith("Y0104") else 1.0
    return weight


def _surge(rng: random.Random, day: date, place: Map) -> Surge:
    likely = [code for code in place.categories if code[:5] in ("Y0101", "Y0102", "Y0104", "Y0203", "Y0105")]
    winter = day.month in (11, 12, 1, 2, 3)
    likely = [code for code in likely if winter or not code.startswith("Y0104")]
    start = datetime.combine(day, time(rng.choices(range(24), HOURS)[0], rng.randrange(60)), ZONE)
    estate = rng.choice(("春和小区", "锦绣家园", "翠湖花园", "和平新村", "东方名邸"))
    return Surge(start, rng.uniform(4, 18), rng.choice(likely), rng.choice(place.streets), estate, rng.randint(8, 60))


def _of_surges(rng: random.Random, day: Day) -> list[Call]:
    """What people say of the day's surges before it is over; each surge is one matter, below 0 so that no ordinary one bears its number."""
    found = []
    for matter, surge in enumerate(day.surges, 1):
        for _ in range(surge.people):
            later = timedelta(hours=surge.hours * -math.log(1 - rng.random() * 0.98) / 4)
            at, channel = surge.start + later, _channel(rng)
            if at < day.until:
                found.append(Call(at, channel, surge.category, surge.street, -matter, surge.estate))
    return found
