# SPDX-License-Identifier: Apache-2.0
"""Who may see which orders, and whose personal data: decided here and nowhere else."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from rexian.orders.models import ArchivedOrder, Assignment, WorkOrder
from rexian.orders.numbers import normalise
from rexian.security.identity import By
from rexian.security.posts import DEPARTMENT_POSTS, Post

VIEWERS = DEPARTMENT_POSTS | {
    Post.AGENT,
    Post.DISPATCHER,
    Post.SUPERVISOR,
    Post.VISITOR,
    Post.INSPECTOR,
    Post.ANALYST,
    Post.LEADER,
}
"""Posts that see orders at all; the others have no business with them."""


def visible(by: By) -> QuerySet[WorkOrder]:
    """The orders that `by` may see: by post, department tree and area."""
    orders = WorkOrder.objects.all()
    if by.role not in VIEWERS:
        return orders.none()
    if by.departments is not None:
        # The lead has an assignment as well: no OR, so that the planner may begin with either table.
        held = Assignment.objects.filter(order=OuterRef("pk"), department__in=by.departments, returned=False)
        orders = orders.filter(Exists(held))
    return orders if by.areas is None else orders.filter(inside(by.areas))


def inside(areas: Iterable[str]) -> Q:
    """In one of the areas, by their stems, or in none at all."""
    found = Q(area=None)
    for stem in areas:
        found |= Q(area__stem__startswith=stem)
    return found


def get_order(number: str, by: By) -> WorkOrder:
    """The order of that number if `by` may see it; raises WorkOrder.DoesNotExist, which tells a stranger nothing."""
    return visible(by).select_related("area", "category", "citizen", "lead").get(number=number)


def archived(number: str, by: By) -> ArchivedOrder | None:
    """What is left of an order that lies in the archive, if `by` could see it there: by the same post, departments and area."""
    if by.role not in VIEWERS:
        return None
    stubs = ArchivedOrder.objects.select_related("record").filter(number=number)
    if by.departments is not None:
        stubs = stubs.filter(departments__overlap=list(by.departments))
    if by.areas is not None:
        stubs = stubs.filter(inside(by.areas), at__isnull=False)
    return stubs.first()


def of_code(number: str, code: bytes) -> WorkOrder | ArchivedOrder | None:
    """The order of a number as people type it, or what is left of it in the archive, for whoever has its query code (its blind index)."""
    key = {"number": normalise(number), "query_code": code}
    if key["number"] is None:
        return None
    order = WorkOrder.objects.select_related("lead").filter(**key).first()
    return order or ArchivedOrder.objects.select_related("record").filter(**key).first()


def may_see_citizen(order: WorkOrder, by: By) -> bool:
    """Whether `by` may see (masked, or in full with a reason) whose order it is: of confidential ones only those named may."""
    if not order.confidential:
        return by.role in VIEWERS
    return by.user_id is not None and order.named.filter(pk=by.user_id).exists()
