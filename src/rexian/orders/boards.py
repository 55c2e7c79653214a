# SPDX-License-Identifier: Apache-2.0
"""What the boards of the supervisor and of a head of department show: who does how much, what is near its limit, what goes back and forth, what the cards cost.

Reads only. Each walks an index that leaves the past out (ADR 4): the open work, today's events, this month's cards.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import reduce

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import ExtractHour

from rexian.directory.models import Department
from rexian.orders.access import visible
from rexian.orders.deadlines import CARDS, ZONE, Consequence
from rexian.orders.models import DISPUTED, Assignment, OrderEvent, WorkOrder
from rexian.orders.queries import held, listed
from rexian.orders.workflow import OPEN
from rexian.security.identity import By
from rexian.security.models import User
from rexian.security.posts import DEPARTMENT_POSTS, Post

SOON = timedelta(days=1)
"""So long before its limit an order is near it."""
HOTLINE_POSTS = frozenset({Post.AGENT, Post.DISPATCHER, Post.SUPERVISOR, Post.VISITOR})
"""Posts of the hotline that work on orders."""


# Near the limit -------------------------------------------------------------------------------------------------------------------------


def near(by: By, now: datetime) -> QuerySet[WorkOrder]:
    """What departments have in hand and must answer within SOON; sort by due_at."""
    return listed(held(by).filter(due_at__gte=now, due_at__lt=now + SOON), "lead__name")


def past(by: By, now: datetime) -> QuerySet[WorkOrder]:
    """What departments have in hand beyond its limit; sort by due_at."""
    return listed(held(by).filter(due_at__lt=now), "lead__name")


def urged(orders: Iterable[WorkOrder]) -> dict[int, OrderEvent]:
    """By order id the last time that somebody urged it."""
    events = OrderEvent.objects.filter(order__in=[one.pk for one in orders], edge="urge").select_related("user")
    told = events.only("order", "at", "data", "user__name")
    return {one.order_id: one for one in told.order_by("order", "-seq").distinct("order")}


# Back and forth -------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hop:
    """One stay of an order: at a department, or at the hotline (None), from `since` to `until` (None: it still is there).

    `edge` brought it there, `reason` was given for that, and a department that gives back may name whose it is (`suggested`).
    `decided` is the hotline's consent to a return with its reason, which leaves the order where it is until it is dispatched anew.
    """

    department: str | None
    edge: str
    reason: str
    since: datetime
    suggested: str = ""
    decided: str = ""
    silent: bool = False
    until: datetime | None = None


TO_DEPARTMENT = frozenset({"dispatch", "designate", "refuse_return", "send_back", "redo"})
TO_HOTLINE = frozenset({"ask_return", "reply", "reopen", "unmerge"})
ENDS = frozenset({"close", "answer", "merge", "transfer", "refuse"})
TURNS = TO_DEPARTMENT | TO_HOTLINE | ENDS | {"accept_return"}
"""Edges that hand an order from one side to the other, and those that decide or end it."""


def disputed(by: By) -> QuerySet[WorkOrder]:
    """Open orders that were given back, or are to be; sort by -dispatches."""
    orders = visible(by).filter(DISPUTED)
    mine = orders if by.departments is None else orders.filter(lead__in=by.departments)
    return listed(mine, "dispatches", "category__full_name", "category__name")


def chains(orders: Iterable[WorkOrder]) -> dict[int, list[Hop]]:
    """By order id its way between departments and hotline, the first stay first."""
    events = OrderEvent.objects.filter(order__in=[one.pk for one in orders], edge__in=TURNS)
    told: dict[int, list[OrderEvent]] = {}
    for event in events.order_by("order", "seq"):
        told.setdefault(event.order_id, []).append(event)
    names = _names(event for several in told.values() for event in several)
    return {pk: hops(several, names) for pk, several in told.items()}


def _names(events: Iterable[OrderEvent]) -> dict[str, str]:
    codes = {event.data[name] for event in events for name in ("lead", "suggested") if event.data.get(name)}
    return dict(Department.objects.filter(code__in=codes).values_list("code", "name"))


def hops(events: Iterable[OrderEvent], names: Mapping[str, str]) -> list[Hop]:
    """The stays that an order's events (oldest first) tell of; `names` are those of departments by code. Pure."""
    start: list[Hop] = []
    return reduce(lambda stays, event: _turn(stays, event, names), events, start)


def _turn(stays: list[Hop], event: OrderEvent, names: Mapping[str, str]) -> list[Hop]:
    """The stays after one more event: what ends the last one, and the one that begins."""
    reason = str(event.data.get("reason", ""))
    if event.edge == "accept_return":
        decided = replace(stays[-1], decided=reason, silent=bool(event.data.get("silent"))) if stays else None
        return [*stays[:-1], decided] if decided else stays
    ended = [*stays[:-1], replace(stays[-1], until=event.at)] if stays else []
    if event.edge in ENDS or (not stays and event.edge not in TO_DEPARTMENT):
        return ended
    there = _where(ended, event, names) if event.edge in TO_DEPARTMENT else None
    suggested = names.get(event.data.get("suggested", ""), "")
    return [*ended, Hop(there, event.edge, reason, event.at, suggested)]


def _where(stays: list[Hop], event: OrderEvent, names: Mapping[str, str]) -> str:
    """The department that an event gives the order to: the one that it names, else the last that had it."""
    code = event.data.get("lead", "")
    before = next((hop.department for hop in reversed(stays) if hop.department is not None), "")
    return names.get(code, code) or before


# Cards ----------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Collected:
    """What a department collected: how many of each of CARDS, and the points that the city's rules count for them."""

    department: int
    name: str
    given: Mapping[str, int]
    points: int


def collected(by: By, start: datetime, end: datetime, rules: Iterable[Consequence]) -> list[Collected]:
    """By department that had the order as lead at that moment, the most points first; what a department urged itself is not counted."""
    table: dict[int, Counter[str]] = {}
    for pk, edge, n in _cards(by, start, end):
        if pk is not None and (by.departments is None or pk in by.departments):
            table.setdefault(pk, Counter())[edge] += n
    names = dict(Department.objects.filter(pk__in=table).values_list("pk", "name"))
    points = {one.card: one.points for one in rules}
    found = [
        Collected(
            pk, names[pk], {card: given[card] for card in CARDS}, sum(points[card] * n for card, n in given.items())
        )
        for pk, given in table.items()
    ]
    return sorted(found, key=lambda one: (-one.points, -sum(one.given.values()), one.name))


def _cards(by: By, start: datetime, end: datetime) -> Iterable[tuple[int | None, str, int]]:
    """How many cards of [start, end), of the areas that `by` sees, by the department that had the order then and by edge.

    It is looked up once a card: where it is joined, the planner reads every assignment that there ever was, and what a filter
    names is looked up once more.
    """
    events = OrderEvent.objects.filter(edge__in=CARDS, at__gte=start, at__lt=end).exclude(role__in=DEPARTMENT_POSTS)
    if by.areas is not None:
        events = events.filter(order__in=visible(by))
    leads = Assignment.objects.filter(order=OuterRef("order"), part=Assignment.Part.LEAD, since__lte=OuterRef("at"))
    then = leads.filter(Q(ended_at=None) | Q(ended_at__gt=OuterRef("at")))
    had = events.annotate(had=Subquery(then.values("department")[:1]))
    return had.values_list("had", "edge").annotate(n=Count("pk")).order_by()


# Who does how much ----------------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Load:
    """What one person did today: acts by hour (24 counts) and by edge, on how many orders; `open` is what of it is not done with.

    At a department `open` are the orders in hand that this person signed for; at the hotline those of today's that are still open.
    """

    user: User
    hours: list[int] = field(default_factory=lambda: [0] * 24)
    edges: Counter[str] = field(default_factory=Counter)
    orders: int = 0
    open: int = 0

    @property
    def done(self) -> int:
        return sum(self.hours)


def loads(by: By, midnight: datetime) -> list[Load]:
    """Everyone of `by`'s own house, the busiest of today first: a head's tree, else the hotline."""
    found = {user.pk: Load(user) for user in people(by)}
    today = OrderEvent.objects.filter(at__gte=midnight, user__in=list(found))
    counted = today.values_list("user", "edge", ExtractHour("at", tzinfo=ZONE)).annotate(n=Count("pk")).order_by()
    for pk, edge, hour, n in counted:
        found[pk].hours[hour] += n
        found[pk].edges[edge] += n
    for pk, orders, open_ in _touched(today):
        found[pk].orders, found[pk].open = orders, open_
    if by.departments is not None:
        signed = _signed(by)
        for pk, load in found.items():
            load.open = signed[pk]
    return sorted(found.values(), key=lambda load: (-load.done, -load.open, load.user.name))


def people(by: By) -> QuerySet[User]:
    """Those whose work `by` answers for: of his part of the tree, or the hotline's own."""
    active = User.objects.filter(is_active=True).select_related("staff__department")
    if by.departments is None:
        return active.filter(post__in=HOTLINE_POSTS)
    return active.filter(post__in=DEPARTMENT_POSTS, staff__department__in=by.departments)


def _touched(today: QuerySet[OrderEvent]) -> Iterable[tuple[int, int, int]]:
    """By person of how many orders these events are, and how many of these orders are still open."""
    several = Count("order", distinct=True)
    open_ = Count("order", distinct=True, filter=Q(order__state__in=OPEN))
    return today.values_list("user").annotate(n=several, open=open_).order_by()


def _signed(by: By) -> Counter[int]:
    """By person how many of the orders in hand he was the last to sign for."""
    orders = list(held(by).values_list("pk", flat=True))
    signs = OrderEvent.objects.filter(order__in=orders, edge="sign", user__isnull=False)
    return Counter(signs.order_by("order", "-seq").distinct("order").values_list("user", flat=True))
