# SPDX-License-Identifier: Apache-2.0
"""Today against what is usual: the same weekday up to the same time, the eight weeks before."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from django.db.models import Count, Q
from django.db.models.functions import Left

from rexian.directory.models import Area, Category
from rexian.directory.queries import kept
from rexian.intake.channels import register
from rexian.orders.access import visible
from rexian.security.identity import By

WEEKS = 8
DISTRICT = 6
"""Digits of a district's code."""


@dataclass(frozen=True, slots=True)
class Usual:
    """What was counted today, and what is usual: the middle and, the highest and the lowest week aside, from where to where."""

    name: str
    today: int
    middle: float
    low: int
    high: int

    @property
    def tone(self) -> str:
        """`high`, `low`, or "" where today lies within."""
        return "high" if self.today > self.high else "low" if self.today < self.low else ""


@dataclass(frozen=True, slots=True)
class Today:
    """The day so far: all of it, and by channel, category (first level) and district, the most first."""

    total: Usual
    channels: list[Usual]
    categories: list[Usual]
    districts: list[Usual]


def today(by: By, now: datetime, midnight: datetime) -> Today:
    """The day so far as `by` may see it; kept in memory for seconds."""
    scope = (by.departments and sorted(by.departments), by.areas)
    return kept(f"today {scope}", lambda: _today(by, now, midnight))


def _today(by: By, now: datetime, midnight: datetime) -> Today:
    days = {(midnight - timedelta(weeks=back)).date(): back for back in range(WEEKS + 1)}
    same = Q(pk__in=())
    for back in range(WEEKS + 1):
        shift = timedelta(weeks=back)
        same |= Q(received_at__gte=midnight - shift, received_at__lt=now - shift)
    orders = visible(by).filter(same)
    grouped = orders.annotate(district=Left("area__stem", DISTRICT))
    rows = grouped.values_list("day", "channel", "category", "district").annotate(n=Count("pk"))
    tops, names = _top_categories(), _district_names()
    channels = {code: str(one.name) for code, one in register().items()}
    tables: dict[str, dict[str, dict[int, int]]] = {
        name: defaultdict(lambda: defaultdict(int)) for name in ("", "channel", "category", "district")
    }
    for day, channel, category, district, n in rows.iterator():
        weeks_back = days.get(day)
        if weeks_back is None:
            continue
        keys = {
            "": "",
            "channel": channels.get(channel, channel),
            "category": tops.get(category or 0, ""),
            "district": names.get(district or "", ""),
        }
        for table, key in keys.items():
            tables[table][key][weeks_back] += n
    ranked = {table: _ranked(counts) for table, counts in tables.items() if table}
    total = _usual("", tables[""].get("", {}))
    return Today(total, ranked["channel"], ranked["category"], ranked["district"])


def _ranked(counts: Mapping[str, Mapping[int, int]]) -> list[Usual]:
    found = [_usual(name, weeks) for name, weeks in counts.items() if name]
    return sorted(found, key=lambda one: (-one.today, -one.middle))[:8]


def _usual(name: str, weeks: Mapping[int, int]) -> Usual:
    before = sorted(weeks.get(back, 0) for back in range(1, WEEKS + 1))
    return Usual(name, weeks.get(0, 0), median(before), before[1], before[-2])


def _top_categories() -> dict[int, str]:
    """By id of a category the name of the first level above it."""
    rows = Category.objects.values_list("pk", "full_name")
    return kept("top categories", lambda: {pk: name.split(" › ")[0] for pk, name in rows})


def _district_names() -> dict[str, str]:
    rows = Area.objects.filter(level=2).values_list("stem", "name")
    return kept("district names", lambda: dict(rows))


def last_week(today_: date) -> tuple[date, date]:
    """Monday of the week before, and the Monday after it."""
    monday = today_ - timedelta(days=today_.weekday())
    return monday - timedelta(weeks=1), monday
