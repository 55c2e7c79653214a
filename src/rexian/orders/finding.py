# SPDX-License-Identifier: Apache-2.0
"""Finding orders: what is asked for as one value that a page's address, a saved view and an export job can hold, and the rows that answer it."""

from dataclasses import asdict, dataclass, field, fields
from datetime import date, timedelta
from typing import Any, Self

from django.db import connection
from django.db.models import Q, QuerySet

from rexian.directory import clock
from rexian.directory.models import Area, Category, Department
from rexian.directory.queries import find_citizen, same_person, subtree
from rexian.directory.searching import all_of
from rexian.orders import numbers
from rexian.orders.access import visible
from rexian.orders.models import Card, WorkOrder
from rexian.orders.workflow import AT_DEPARTMENT
from rexian.security.errors import Refusal
from rexian.security.identity import By
from rexian_ml.text import search_words

SORTS = ("-received_at", "received_at", "due_at", "-closed_at")
"""What a list can be sorted by: each has its index."""
Span = tuple[str, str]
"""First and last day (ISO 8601), either of them "" for open."""
SPANS = {"received": "received_at", "due": "due_at", "closed": "closed_at"}
EXACT = 10_000
"""Up to so many rows are counted; more are estimated."""


@dataclass(frozen=True, slots=True)
class Criteria:
    """What is asked for; empty asks for everything. `category`, `area` and `lead` are codes and mean all that lies below them too."""

    words: str = ""
    states: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    urgencies: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    grades: tuple[int, ...] = ()
    category: str = ""
    area: str = ""
    lead: str = ""
    received: Span = ("", "")
    due: Span = ("", "")
    closed: Span = ("", "")
    late: bool = False
    carded: bool = False
    redone: bool = False
    unsolved: bool = False
    sort: str = SORTS[0]
    numbers: tuple[str, ...] = field(default=())

    def to_json(self) -> dict[str, Any]:
        """In JSON types, without what asks for nothing."""
        return {name: value for name, value in asdict(self).items() if value not in ("", (), False, ("", ""))}

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Self:
        known = {one.name for one in fields(cls)}
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in told.items() if name in known
        }
        return cls(**values)


def find(criteria: Criteria, by: By) -> QuerySet[WorkOrder]:
    """The orders that `by` may see and that answer the criteria, in no order yet (see `criteria.sort`)."""
    orders = visible(by).filter(_choices(criteria) & _places(criteria) & _times(criteria))
    return _by_words(orders, criteria.words)


def _choices(criteria: Criteria) -> Q:
    lists: dict[str, tuple[Any, ...]] = {
        "state": criteria.states,
        "kind": criteria.kinds,
        "urgency": criteria.urgencies,
    }
    lists |= {"channel": criteria.channels, "grade": criteria.grades, "number": criteria.numbers}
    wanted = Q(**{f"{name}__in": values for name, values in lists.items() if values})
    if criteria.late:
        wanted &= Q(state__in=AT_DEPARTMENT, due_at__lt=clock.now())
    if criteria.carded:
        wanted &= Q(card__gt=Card.NONE)
    if criteria.redone:
        wanted &= Q(redos__gt=0)
    if criteria.unsolved:
        wanted &= Q(solved=False)
    if criteria.sort == "due_at":  # a limit runs only while a department has the order
        wanted &= Q(state__in=AT_DEPARTMENT)
    if criteria.sort == "-closed_at":
        wanted &= Q(closed_at__isnull=False)
    return wanted


def _places(criteria: Criteria) -> Q:
    wanted = Q()
    if criteria.category:
        below = (
            Q(code=criteria.category) | Q(parent__code=criteria.category) | Q(parent__parent__code=criteria.category)
        )
        wanted &= Q(category__in=list(Category.objects.filter(below).values_list("pk", flat=True)))
    if criteria.area:
        area = Area.objects.filter(code=criteria.area).first()
        below_area = Area.objects.filter(stem__startswith=area.stem) if area else Area.objects.none()
        wanted &= Q(area__in=list(below_area.values_list("pk", flat=True)))
    if criteria.lead:
        lead = Department.objects.filter(code=criteria.lead).first()
        below_lead = subtree(lead) if lead else Department.objects.none()
        wanted &= Q(lead__in=list(below_lead.values_list("pk", flat=True)))
    return wanted


def _times(criteria: Criteria) -> Q:
    wanted = Q()
    for name, column in SPANS.items():
        first, last = getattr(criteria, name)
        if first:
            wanted &= Q(**{f"{column}__gte": clock.start_of(date.fromisoformat(first))})
        if last:
            wanted &= Q(**{f"{column}__lt": clock.start_of(date.fromisoformat(last) + timedelta(days=1))})
    return wanted


def telephone_in(words: str) -> str:
    """The telephone number that a search is for, or ""."""
    digits = "".join(character for character in words if character not in " -()+")
    return words if digits.isdecimal() and 7 <= len(digits) <= 13 else ""


def _by_words(orders: QuerySet[WorkOrder], words: str) -> QuerySet[WorkOrder]:
    """By order number, by the telephone of the citizen, else by all the words."""
    if not words.strip():
        return orders
    if number := numbers.normalise(words):
        return orders.filter(number=number)
    if telephone := telephone_in(words):
        try:
            citizen = find_citizen(telephone=telephone)
        except Refusal:
            return orders.none()
        return orders.filter(citizen__in=same_person(citizen)) if citizen else orders.none()
    query = all_of(search_words(words))
    return orders.filter(search=query) if query is not None else orders


@dataclass(frozen=True, slots=True)
class HowMany:
    """A count; `estimated` where counting every row would cost more than it tells."""

    rows: int
    estimated: bool = False


def how_many(orders: QuerySet[Any]) -> HowMany:
    """Counts up to EXACT rows, beyond that takes the planner's estimate."""
    counted = orders.order_by()[: EXACT + 1].count()
    return HowMany(counted) if counted <= EXACT else HowMany(max(EXACT, _estimate(orders)), estimated=True)


def _estimate(orders: QuerySet[Any]) -> int:
    sql, parameters = orders.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", parameters)
        (plan,) = cursor.fetchone()
    return int(plan[0]["Plan"]["Plan Rows"])
