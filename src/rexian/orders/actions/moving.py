# SPDX-License-Identifier: Apache-2.0
"""How an order moves: locked, checked against the workflow table, written together with its event."""

from typing import Any

from django.utils.translation import gettext as _

from rexian.directory import clock
from rexian.directory.inserting import new
from rexian.orders import chain, labels, limits
from rexian.orders.models import Assignment, OrderEvent, WorkOrder
from rexian.orders.workflow import EDGES, Edge, State
from rexian.security.errors import Forbidden, Refusal
from rexian.security.identity import By
from rexian.security.posts import DEPARTMENT_POSTS


def begin(order: WorkOrder, name: str, *, by: By, **data: Any) -> WorkOrder:
    """The order under a row lock, once `by` may take the edge `name` from where it stands and nothing required is missing.

    Must be called inside a transaction. Raises Forbidden, Refusal.
    """
    edge = EDGES[name]
    locked = (
        WorkOrder.objects.select_for_update(of=("self",)).select_related("category", "area", "lead").get(pk=order.pk)
    )
    if locked.state not in edge.sources:
        raise Forbidden(
            _("工单现在是“%(state)s”，不能%(act)s。") % {"state": locked.get_state_display(), "act": labels.EDGES[name]}
        )
    check_who(edge, locked, by)
    check_required(edge, data)
    return locked


def check_who(edge: Edge, order: WorkOrder, by: By) -> None:
    """Refuses a post that may not take the edge, and a department that does not have the order."""
    if by.role not in edge.who:
        raise Forbidden(_("您的岗位不能%(act)s。") % {"act": labels.EDGES[edge.name]})
    if edge.own and by.role in DEPARTMENT_POSTS and not _has(order, by, assisting=edge.assisting):
        raise Forbidden(_("这张工单不在您的单位，不能%(act)s。") % {"act": labels.EDGES[edge.name]})


def _has(order: WorkOrder, by: By, *, assisting: bool) -> bool:
    departments = by.departments or frozenset()
    if order.lead_id in departments:
        return True
    return assisting and Assignment.objects.filter(order=order, ended_at=None, department__in=departments).exists()


def check_required(edge: Edge, data: dict[str, Any]) -> None:
    """Refuses what the edge requires and is missing or blank, at its field."""
    for name in edge.requires:
        value = data.get(name)
        if value is None or (isinstance(value, str) and not value.strip()):
            raise Refusal(_("请填写%(field)s。") % {"field": labels.FIELDS.get(name, name)}, field=name)


def event(order: WorkOrder, name: str, *, by: By, source: str, data: dict[str, Any]) -> OrderEvent:
    """The event of a move, linked to the order's chain and not yet saved. `data` holds JSON types only; empty values are left out.

    No event is put into an hour that is sealed: a clock that went back would look like a change of the record. Such an event stands at the end of
    that hour, with what the clock said in its data.
    """
    kept = {key: value for key, value in data.items() if value not in (None, "", [])}
    now, sealed = clock.now(), chain.sealed_until()
    if sealed is not None and now < sealed:
        kept["clock"] = now.isoformat()
        now = sealed
    return chain.link(
        order,
        new(
            OrderEvent,
            order=order,
            at=now,
            edge=name,
            source=source,
            target=order.state,
            role=by.role.value,
            user_id=by.user_id,
            department_id=by.department_id,
            data=kept,
            hash=b"",
        ),
    )


def finish(order: WorkOrder, name: str, *, by: By, data: dict[str, Any] | None = None, **changes: Any) -> WorkOrder:
    """Moves a locked order along the edge: sets `changes`, the new state and its clock, and appends the event."""
    edge, source = EDGES[name], State(order.state)
    for field, value in changes.items():
        setattr(order, field, value)
    if edge.target is not None:
        order.state = edge.target
        order.stage_due_at = limits.stage_due(order, edge.target, clock.now())
        order.stage_reminded = False
    happened = event(order, name, by=by, source=source, data=data or {})
    order.save()
    happened.save(force_insert=True)
    return order
