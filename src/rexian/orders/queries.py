# SPDX-License-Identifier: Apache-2.0
"""Reads of work orders beyond the guarded getter (access)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet

from rexian.directory.models import Area, Category, Citizen
from rexian.directory.queries import same_person
from rexian.directory.searching import all_of
from rexian.orders.access import visible
from rexian.orders.models import CALM, Assignment, Card, Extension, OrderEvent, Urgency, WorkOrder
from rexian.orders.workflow import AT_DEPARTMENT, ENDED, State
from rexian.security.identity import By

NEARBY = timedelta(days=3)
FEWEST_PEOPLE = 3
"""Below this many people what others reported is not told: it could point to one of them."""
ROW: tuple[str, ...] = (
    *("number", "title", "urgency", "state", "grade", "card", "received_at"),
    *("due_at", "warn_at", "stage_due_at", "clause", "replied_at"),
)
"""What a list shows of an order, or is sorted by."""


def listed(orders: QuerySet[WorkOrder], *more: str) -> QuerySet[WorkOrder]:
    """With what a list shows and nothing else; `more` names further columns, those of joined rows as `lead__name`.

    A table that is joined and not shown costs more than its columns: where the planner takes the rows for few it joins by hashes,
    and sorts the whole list instead of following its index.
    """
    joined = {name.partition("__")[0] for name in more if "__" in name}
    return orders.select_related(*(joined or (None,))).only(*ROW, *joined, *more)


def events_of(order: WorkOrder) -> QuerySet[OrderEvent]:
    """An order's history, newest first, with who and where."""
    told = ("seq", "at", "edge", "data", "user__name", "department__name")
    return (
        OrderEvent.objects.filter(order=order).select_related("user", "department").only("user", "department", *told)
    ).order_by("-seq")


def assigned(order: WorkOrder) -> QuerySet[Assignment]:
    """Who has an order now, with what each assisting department said."""
    had = order.assignments.filter(ended_at=None).select_related("department", "section")
    return had.only("order", "part", "opinion", "department__name", "section__name")


def of_citizen(citizen: Citizen, by: By) -> QuerySet[WorkOrder]:
    """What a citizen turned to the hotline with before, newest first."""
    return listed(visible(by).filter(citizen__in=same_person(citizen))).order_by("-received_at")


def published(tokens: Iterable[str] = ()) -> QuerySet[WorkOrder]:
    """Orders whose reply is published, newest first; with words, those that have all of them."""
    orders = WorkOrder.objects.filter(published=True, confidential=False)
    query = all_of(tokens)
    if query is not None:
        orders = orders.filter(search=query)
    return orders.select_related("category", "area", "lead").defer("search", "proposal").order_by("-closed_at")


@dataclass(frozen=True, slots=True)
class Reported:
    """What others reported lately in the same area: how many people, since when, who handles it, the newest public reply."""

    people: int
    since: datetime
    lead: str
    reply: str


def reported(category: Category, area: Area, now: datetime) -> Reported | None:
    """What at least FEWEST_PEOPLE people reported of a category in an area within NEARBY; None where there are fewer."""
    orders = WorkOrder.objects.filter(category=category, area=area, received_at__gte=now - NEARBY, confidential=False)
    told = orders.aggregate(people=Count("citizen", distinct=True), since=Min("received_at"))
    if told["people"] < FEWEST_PEOPLE:
        return None
    lead = orders.exclude(lead=None).values_list("lead__name").annotate(n=Count("pk")).order_by("-n").first()
    reply = orders.filter(published=True).order_by("-closed_at").values_list("reply_public", flat=True).first()
    return Reported(told["people"], told["since"], lead[0] if lead else "", reply or "")


def danger_first(orders: QuerySet[WorkOrder]) -> QuerySet[WorkOrder]:
    """With `calm` 0 for danger and 1 for the rest, to sort by."""
    return orders.annotate(calm=CALM)


def to_dispatch(by: By) -> QuerySet[WorkOrder]:
    """What waits for acceptance or dispatch; sort by calm, stage_due_at."""
    return danger_first(listed(visible(by).filter(state__in=(State.SUBMITTED, State.ACCEPTED))))


def in_state(by: By, *states: State) -> QuerySet[WorkOrder]:
    return listed(visible(by).filter(state__in=states))


def inbox(by: By) -> QuerySet[WorkOrder]:
    """What a department has to do; sort by due_at."""
    orders = visible(by).filter(state__in=AT_DEPARTMENT)
    if by.departments is not None:
        # The department's few open assignments first, by a query of their own: in one, the planner begins with the whole city's open orders.
        held = Assignment.objects.filter(department__in=by.departments, ended_at=None)
        orders = orders.filter(pk__in=list(held.values_list("order", flat=True)))
    return listed(orders)


def disputes(by: By) -> QuerySet[WorkOrder]:
    """Returns and extensions that wait for a decision; sort by due_at."""
    asked = Extension.objects.filter(decided_at=None).values("order")
    returning = WorkOrder.objects.filter(state=State.RETURNING).values("pk")
    return listed(visible(by).filter(pk__in=returning.union(asked)))


def taken_down(by: By) -> QuerySet[WorkOrder]:
    """What an agent took down, with `begun` to sort by."""
    return listed(visible(by).filter(events__user=by.user_id, events__seq=1)).annotate(begun=F("events__at"))


def held(by: By) -> QuerySet[WorkOrder]:
    """What departments have in hand, as lead: of a head's or clerk's own part of the tree, of every department for the hotline."""
    orders = visible(by).filter(state__in=AT_DEPARTMENT)
    return orders if by.departments is None else orders.filter(lead__in=by.departments)


def late(by: By, now: datetime) -> QuerySet[WorkOrder]:
    return listed(visible(by).filter(state__in=AT_DEPARTMENT, due_at__lt=now))


def board(by: By, now: datetime) -> list[dict[str, Any]]:
    """By lead department, the latest first: open, late, due within a day, returning, cards, redos, and the order that is late the longest."""
    open_ = held(by)
    rows = list(
        open_.values("lead_id", "lead__name")
        .annotate(
            open=Count("pk"),
            late=Count("pk", filter=Q(due_at__lt=now)),
            today=Count("pk", filter=Q(due_at__gte=now, due_at__lt=now + timedelta(days=1))),
            returning=Count("pk", filter=Q(state=State.RETURNING)),
            red=Count("pk", filter=Q(card__gte=Card.RED)),
            redo=Count("pk", filter=Q(redos__gt=0)),
        )
        .order_by("-late", "-today", "-open")
    )
    late_ones = open_.filter(due_at__lt=now).order_by("lead_id", "due_at").distinct("lead_id")
    oldest = {one.lead_id: one for one in listed(late_ones, "lead")}
    return [row | {"oldest": oldest.get(row["lead_id"])} for row in rows]


def received_since(by: By, start: datetime) -> int:
    return visible(by).filter(received_at__gte=start).count()


def waiting(by: By) -> dict[str, int]:
    """What waits for the hotline itself: returns to decide, dangers not yet handed on."""
    orders = visible(by)  # a count each: the two stand in different indexes, and few orders in either
    danger = orders.filter(state__in=(State.SUBMITTED, State.ACCEPTED), urgency=Urgency.DANGER)
    return {"returning": orders.filter(state=State.RETURNING).count(), "danger": danger.count()}


def reopenable(order: WorkOrder, now: datetime) -> bool:
    """Whether the citizen may still reopen it."""
    return order.state in ENDED and order.stage_due_at is not None and now <= order.stage_due_at
