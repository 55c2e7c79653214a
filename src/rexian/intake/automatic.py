# SPDX-License-Identifier: Apache-2.0
"""Dispatch without a person, above the confidence that a city sets (off by default), and what it would have done."""

from dataclasses import dataclass

from django.db.models import Case, Count, FloatField, Q, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from rexian.directory.models import Category, Department
from rexian.directory.queries import city
from rexian.orders import actions
from rexian.orders.models import Urgency, WorkOrder
from rexian.orders.workflow import State
from rexian.security.identity import SYSTEM

NEWEST = 20_000
"""Orders that a look back takes: enough for a tenth of a percent, and quick."""


def dispatch_if_sure(order: WorkOrder) -> WorkOrder:
    """Dispatches a new order as proposed when the city allows it and the proposal is sure; danger always waits for a person.

    Inside the transaction of the caller.
    """
    threshold = city().dispatch_above
    proposal = (order.proposal or {}).get("department")
    if threshold is None or not proposal or order.urgency == Urgency.DANGER:
        return order
    if proposal["confidence"] is None or proposal["confidence"] < threshold:
        return order
    category = (
        order.category or Category.objects.filter(code=(order.proposal or {})["category"]["label"], active=True).first()
    )
    lead = Department.objects.filter(code=proposal["label"], active=True).first()
    if category is None or lead is None or order.confidential:
        return order
    if order.state == State.SUBMITTED:
        order = actions.accept(order=order, by=SYSTEM, category=category)
    assisting = list(Department.objects.filter(code__in=proposal["assisting"], active=True))
    return actions.dispatch(
        order=order, by=SYSTEM, category=category, lead=lead, assisting=assisting, line=proposal.get("line")
    )


@dataclass(frozen=True, slots=True)
class WouldBe:
    """At one threshold: of `orders` dispatched by people, how many it would have dispatched, and how many of those as people did."""

    threshold: float
    orders: int
    dispatched: int
    right: int

    @property
    def wrong(self) -> int:
        return self.dispatched - self.right


def would_have_done(thresholds: tuple[float, ...] = (0.7, 0.8, 0.9, 0.95), newest: int = NEWEST) -> list[WouldBe]:
    """What automatic dispatch would have done to the newest orders that departments have kept; one query."""
    label = KeyTextTransform("label", KeyTextTransform("department", "proposal"))
    confidence = Cast(KeyTextTransform("confidence", KeyTextTransform("department", "proposal")), FloatField())
    kept = WorkOrder.objects.filter(lead__isnull=False, proposal__isnull=False).order_by("-received_at")
    told = kept.annotate(same=Case(When(lead__code=label, then=1), default=0), sure=confidence)[:newest]
    counts = {"orders": Count("pk")}
    for place, threshold in enumerate(thresholds):
        counts[f"done_{place}"] = Count("pk", filter=Q(sure__gte=threshold))
        counts[f"right_{place}"] = Count("pk", filter=Q(sure__gte=threshold, same=1))
    found = told.aggregate(**counts)
    return [
        WouldBe(threshold, found["orders"], found[f"done_{place}"], found[f"right_{place}"])
        for place, threshold in enumerate(thresholds)
    ]
