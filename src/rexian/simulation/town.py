# SPDX-License-Identifier: Apache-2.0
"""How the synthetic city lives: when its people turn to the hotline and about what, and how its departments work."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from rexian.directory.calendar import WorkingCalendar
from rexian.orders.deadlines import ZONE

CHANNELS = (("telephone", 0.84), ("wechat", 0.12), ("web", 0.03), ("app", 0.01))
"""The study's mix of channels, January to November 2020 (79 cities)."""
HOURS = (1, 1, 1, 1, 1, 2, 4, 7, 12, 14, 14, 12, 9, 10, 12, 12, 11, 9, 8, 8, 7, 5, 3, 2)
"""How many of a day's requests come in each hour."""
SEASONS = {
    "Y0104": (10.0, 11, 12, 1, 2, 3),  # heat
    "Y0203": (4.0, 6, 7, 8),  # drains
    "Y0501": (2.5, 6, 7, 8, 9),  # noise outdoors
    "Y0901": (3.0, 5, 6, 7, 8),  # school entry
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
    """One trouble at one place by many people: a burst pipe, a cold snap, a cloudburst."""

    start: datetime
    hours: float
    category: str
    street: str
    estate: str
    people: int


@dataclass(frozen=True, slots=True)
class Call:
    """One turning to the hotline: when, by which channel, about what; `estate` where a surge says so."""

    at: datetime
    channel: str
    category: str
    street: str
    estate: str = ""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a department works: the share of its limit that it uses (median), how often it quarrels, how often it solves."""

    pace: float
    quarrels: float
    solves: float


def manner(department: str) -> Manner:
    """A department's manner, the same whenever asked: most are good, some slow, a few quarrelsome."""
    rng = random.Random(f"manner {department}")  # noqa: S311
    pace = rng.choice((0.25, 0.3, 0.35, 0.4, 0.5, 0.85))
    return Manner(pace, rng.choice((0.01, 0.02, 0.03, 0.18)), rng.uniform(0.72, 0.95))


def calls(
    rng: random.Random,
    *,
    orders: int,
    days: int,
    end: datetime,
    categories: list[str],
    streets: list[str],
    calendar: WorkingCalendar,
) -> list[Call]:
    """`orders` calls over the `days` up to `end`, in order of time: seasons, weekdays, holidays, hours and surges."""
    first = (end - timedelta(days=days)).astimezone(ZONE).date() + timedelta(days=1)
    span = [first + timedelta(days=n) for n in range(days)]
    surges = [_surge(rng, rng.choice(span), categories, streets) for _ in range(max(1, days // 6))]
    found = [call for surge in surges for call in _of_surge(rng, surge) if call.at <= end][: orders // 5]
    weight = [_day_weight(day, calendar) for day in span]
    while len(found) < orders:
        day = rng.choices(span, weight)[0]
        at = _moment(rng, day)
        if at <= end:
            category = rng.choices(categories, [_category_weight(code, day) for code in categories])[0]
            found.append(Call(at, _channel(rng), category, rng.choice(streets)))
    return sorted(found, key=lambda call: call.at)


def _day_weight(day: date, calendar: WorkingCalendar) -> float:
    if calendar.is_workday(day):
        return 1.15 if day.weekday() == 0 else 1.0
    return 0.62


def _moment(rng: random.Random, day: date) -> datetime:
    hour = rng.choices(range(24), HOURS)[0]
    return datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60), rng.randrange(10**6)), ZONE)


def _channel(rng: random.Random) -> str:
    return rng.choices([name for name, _ in CHANNELS], [share for _, share in CHANNELS])[0]


def _category_weight(code: str, day: date) -> float:
    weight = EVERYDAY.get(code[:5], 1.0)
    more = SEASONS.get(code[:5])
    if more:
        weight *= more[0] if day.month in more[1:] else 0.15 if code.startswith("Y0104") else 1.0
    return weight


def _surge(rng: random.Random, day: date, categories: list[str], streets: list[str]) -> Surge:
    likely = [code for code in categories if code[:5] in ("Y0101", "Y0102", "Y0104", "Y0203", "Y0105")]
    winter = day.month in (11, 12, 1, 2, 3)
    likely = [code for code in likely if winter or not code.startswith("Y0104")]
    start = _moment(rng, day)
    estate = rng.choice(("春和小区", "锦绣家园", "翠湖花园", "和平新村", "东方名邸"))
    return Surge(start, rng.uniform(4, 18), rng.choice(likely), rng.choice(streets), estate, rng.randint(8, 60))


def _of_surge(rng: random.Random, surge: Surge) -> Iterator[Call]:
    for _ in range(surge.people):
        later = timedelta(hours=surge.hours * -math.log(1 - rng.random() * 0.98) / 4)
        yield Call(surge.start + later, _channel(rng), surge.category, surge.street, surge.estate)
