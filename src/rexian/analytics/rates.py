# SPDX-License-Identifier: Apache-2.0
"""The three rates (三率): response, solution, satisfaction, each with numerator, denominator, interval and what was left out and why.

Beijing's rule on handling complaints names them without a formula; ours: response = contacted within the limit ÷ due in the period;
solution = solved ÷ visited with an answer; satisfaction = satisfied (the upper three of five grades) ÷ visited with a grade.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rexian.orders.access import visible
from rexian.orders.actions.reviewing import SATISFIED
from rexian.orders.models import Visit, WorkOrder
from rexian.orders.workflow import State
from rexian.security.identity import By
from rexian_ml.shares import Share, wilson

FEWEST = 30
"""Below this denominator a rate is shown and not ranked."""


@dataclass(frozen=True, slots=True)
class Rate:
    """One rate of a period. `left_out`: how many, by why."""

    name: str
    title: str | Promise
    share: Share
    left_out: Mapping[str | Promise, int]

    @property
    def ranked(self) -> bool:
        return self.share.of >= FEWEST


def three_rates(by: By, start: datetime, end: datetime) -> list[Rate]:
    """The three rates of [start, end) over the orders that `by` may see."""
    return [_response(by, start, end), *_visited(by, start, end)]


def _response(by: By, start: datetime, end: datetime) -> Rate:
    due = visible(by).filter(due_at__gte=start, due_at__lt=end)
    merged, nobody = Q(state=State.MERGED), Q(citizen=None)
    told = due.aggregate(
        of=Count("pk", filter=~merged & ~nobody),
        hits=Count("pk", filter=~merged & ~nobody & Q(contacted_at__lte=F("due_at"))),
        merged=Count("pk", filter=merged),
        nobody=Count("pk", filter=~merged & nobody),
    )
    left_out = {_("已并单，看主单"): told["merged"], _("没有留下联系方式"): told["nobody"]}
    return Rate("response", _("响应率"), wilson(told["hits"], told["of"]), _some(left_out))


def _visited(by: By, start: datetime, end: datetime) -> list[Rate]:
    """Of each order its last visit in the period."""
    told = _last_visits(by, start, end).aggregate(
        n_missed=Count("pk", filter=Q(reached=False)),
        n_told=Count("pk", filter=Q(solved__isnull=False)),
        n_solved=Count("pk", filter=Q(solved=True)),
        n_silent=Count("pk", filter=Q(reached=True, solved=None)),
        n_graded=Count("pk", filter=Q(grade__isnull=False)),
        n_satisfied=Count("pk", filter=Q(grade__gte=SATISFIED)),
        n_ungraded=Count("pk", filter=Q(reached=True, grade=None)),
    )
    missed = {_("没有接通"): told["n_missed"]}
    return [
        Rate(
            "solution",
            _("解决率"),
            wilson(told["n_solved"], told["n_told"]),
            _some(missed | {_("没有说是否解决"): told["n_silent"]}),
        ),
        Rate(
            "satisfaction",
            _("满意率"),
            wilson(told["n_satisfied"], told["n_graded"]),
            _some(missed | {_("没有评价"): told["n_ungraded"]}),
        ),
    ]


def _last_visits(by: By, start: datetime, end: datetime) -> QuerySet[Visit]:
    """Of each order its last visit in the period: one order counts once in every rate."""
    visits = Visit.objects.filter(at__gte=start, at__lt=end, order__in=visible(by))
    return Visit.objects.filter(pk__in=visits.order_by("order", "-at").distinct("order").values("pk"))


def _some(left_out: dict[Any, int]) -> dict[Any, int]:
    return {why: count for why, count in left_out.items() if count}


def by_department(by: By, start: datetime, end: datetime) -> list[dict[str, Any]]:
    """Satisfaction by lead department (rows of dicts with `share`), the ranked ones first, best first by the interval's lower end."""
    graded = _last_visits(by, start, end).filter(grade__isnull=False)
    rows = graded.values("order__lead__name").annotate(of=Count("pk"), hits=Count("pk", filter=Q(grade__gte=SATISFIED)))
    found = [
        {"name": row["order__lead__name"], "share": wilson(row["hits"], row["of"])}
        for row in rows
        if row["order__lead__name"]
    ]
    return sorted(found, key=lambda row: (row["share"].of < FEWEST, -(row["share"].low or 0)))


def instructed(by: By, most: int = 20) -> list[WorkOrder]:
    """The orders that this person urged or had supervised, the newest first."""
    mine = WorkOrder.objects.filter(events__user=by.user_id, events__edge__in=("urge", "supervise"))
    return list(mine.select_related("lead").distinct().order_by("-received_at")[:most])
