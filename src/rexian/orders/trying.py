# SPDX-License-Identifier: Apache-2.0
"""What a change would have done to the orders of the last month: a line of the dispatch catalogue, a rule pack. Reads only."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import Count, F, Q

from rexian.directory import clock
from rexian.directory.models import Area, Category, Department
from rexian.directory.queries import lines_on, working_calendar
from rexian.directory.resolving import Responsible
from rexian.orders import deadlines, limits
from rexian.orders.models import WorkOrder

MONTH = timedelta(days=30)
MOST = 5_000
"""Orders on which a pack is tried: enough for a share to within 1.4 points, in a second."""


@dataclass(frozen=True, slots=True)
class Moved:
    """So many orders would have gone to `after` and not to `before` (None: nobody named); `already` had gone to `after` all the same."""

    before: Department | None
    after: Department | None
    orders: int
    already: int


@dataclass(frozen=True, slots=True)
class LineTrial:
    """Of `orders` of the last month below a category and in an area, those that a change of the catalogue would have moved."""

    orders: int
    moved: list[Moved]

    @property
    def elsewhere(self) -> int:
        return sum(one.orders for one in self.moved)


def try_line(category: Category, area: Area | None, lead: Department | None, on: date) -> LineTrial:
    """What a new line (or, without a lead, none) for a category in an area would have done, by the catalogue of a day."""
    leads = {(one.category_id, one.area_id): one.lead_id for one in lines_on(on)}
    place = (category.pk, area.pk if area else None)
    new = {key: value for key, value in leads.items() if key != place} | ({place: lead.pk} if lead else {})
    categories, areas = (
        dict(Category.objects.values_list("pk", "parent")),
        dict(Area.objects.values_list("pk", "parent")),
    )
    before, after = Responsible(leads, categories, areas), Responsible(new, categories, areas)
    moved: Counter[tuple[int | None, int | None]] = Counter()
    already: Counter[tuple[int | None, int | None]] = Counter()
    orders = 0
    for one in _places(category, area):
        orders += one["orders"]
        there = (before.of(one["category"], one["area"]), after.of(one["category"], one["area"]))
        if there[0] != there[1]:
            moved[there] += one["orders"]
            already[there] += one["orders"] if one["lead"] == there[1] else 0
    names = Department.objects.in_bulk({pk for pair in moved for pk in pair if pk is not None})
    rows = [Moved(names.get(old or 0), names.get(to or 0), n, already[old, to]) for (old, to), n in moved.most_common()]
    return LineTrial(orders, rows)


def _places(category: Category, area: Area | None) -> Iterable[Any]:
    """How many orders of the last month each category below one, each area and each lead had."""
    below = Q(pk=category.pk) | Q(parent=category) | Q(parent__parent=category)
    orders = WorkOrder.objects.filter(
        category__in=list(Category.objects.filter(below).values_list("pk", flat=True)),
        received_at__gte=clock.now() - MONTH,
        received_at__lt=clock.now(),
    )
    if area is not None:
        orders = orders.filter(
            area__in=list(Area.objects.filter(stem__startswith=area.stem).values_list("pk", flat=True))
        )
    return orders.order_by().values("category", "area", "lead").annotate(orders=Count("pk"))


@dataclass(slots=True)
class KindTrial:
    """Of one kind: orders, those late by the present pack and by the tried one, and hours by which each limit moves (positive: longer)."""

    kind: str
    orders: int = 0
    late_now: int = 0
    late_then: int = 0
    moves: list[float] = field(default_factory=list)

    @property
    def shorter(self) -> int:
        return sum(move < 0 for move in self.moves)

    @property
    def longer(self) -> int:
        return sum(move > 0 for move in self.moves)

    @property
    def median(self) -> float:
        """Hours by which the middle limit moves."""
        return median(self.moves) if self.moves else 0.0

    def take(self, now: datetime, then: datetime, done: datetime) -> None:
        """Counts an order with its limit by either pack, and when it was answered (or the present, where it is not)."""
        self.orders += 1
        self.late_now += done > now
        self.late_then += done > then
        self.moves.append((then - now).total_seconds() / 3600)


@dataclass(frozen=True, slots=True)
class PackTrial:
    """What a pack would have done to `total` orders dispatched last month, of which `sample` were tried: all together and by kind."""

    total: int
    sample: int
    all: KindTrial
    kinds: list[KindTrial]


def try_pack(tried: deadlines.RulePack, most: int = MOST) -> PackTrial:
    """Counts every limit anew from the dispatch, by the city's present pack and by `tried`; extensions are left out of both.

    At most `most` orders, taken evenly: every n-th by number.
    """
    now, present, calendar = clock.now(), limits.pack_of(), working_calendar()
    orders = WorkOrder.objects.filter(dispatched_at__gte=now - MONTH, dispatched_at__lt=now)
    total = orders.count()
    step = -(-total // most) or 1
    columns = "kind urgency pack clause dispatched_at replied_at category__service category__limit category__limit_unit"
    kinds: dict[str, KindTrial] = {}
    every = KindTrial("")
    for row in orders.annotate(turn=F("serial") % step).filter(turn=0).values_list(*columns.split())[:most]:
        kind, urgency, pack, clause, start, replied, service, limit, unit = row
        case = deadlines.Case(kind, urgency, service or "", _complex(pack, clause), (limit, unit) if limit else None)
        due = [deadlines.moment(one, "handle", case, start, calendar) for one in (present, tried)]
        for one in (every, kinds.setdefault(kind, KindTrial(kind))):
            one.take(due[0], due[1], replied or now)
    return PackTrial(total, every.orders, every, sorted(kinds.values(), key=lambda one: -one.orders))


def _complex(pack: str, clause: str) -> bool:
    """Whether an order was dispatched as complex: then its limit came of a clause for such."""
    if not pack:
        return False
    return any(one.id == clause and ("complex", ("true",)) in one.when for one in deadlines.load(pack).clauses)
