# SPDX-License-Identifier: Apache-2.0
"""Dispatch to departments, and disputes about it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from rexian.directory import clock
from rexian.directory.inserting import new
from rexian.directory.models import Category, Department
from rexian.directory.queries import city, working_calendar
from rexian.orders import deadlines, limits
from rexian.orders.actions.moving import begin, finish
from rexian.orders.models import Assignment, Card, Correction, WorkOrder
from rexian.orders.workflow import State
from rexian.security.errors import Forbidden, Refusal
from rexian.security.identity import By
from rexian.security.posts import Outsider


@transaction.atomic
def dispatch(
    *,
    order: WorkOrder,
    by: By,
    category: Category,
    lead: Department,
    assisting: list[Department] | None = None,
    complex: bool = False,  # noqa: A002  the rule packs' word
    line: int | None = None,
) -> WorkOrder:
    """Gives the order to one lead and several assisting departments, with the deadline that its pack sets.

    `line` is the number of the catalogue line that it follows, if any. A choice that differs from the proposal is kept for training.
    """
    locked = begin(order, "dispatch", by=by, category=category, lead=lead)
    if locked.dispatches >= limits.pack_of(locked).dispatches_before_designation:
        raise Forbidden(_("已派单 %(times)s 次，请指定承办单位。") % {"times": locked.dispatches})
    return _dispatch(locked, "dispatch", by, category, lead, assisting or [], complex, {"line": line})


@transaction.atomic
def designate(
    *,
    order: WorkOrder,
    by: By,
    category: Category,
    lead: Department,
    reason: str,
    assisting: list[Department] | None = None,
    complex: bool = False,  # noqa: A002  the rule packs' word
) -> WorkOrder:
    """Names the department that must handle a disputed order; it can not be returned."""
    locked = begin(order, "designate", by=by, category=category, lead=lead, reason=reason)
    needed = limits.pack_of(locked).dispatches_before_designation
    if locked.dispatches < needed:
        raise Forbidden(_("派单满 %(needed)s 次仍有争议才可指定。") % {"needed": needed})
    locked.designated = True
    return _dispatch(locked, "designate", by, category, lead, assisting or [], complex, {"reason": reason})


def _dispatch(
    order: WorkOrder,
    name: str,
    by: By,
    category: Category,
    lead: Department,
    assisting: list[Department],
    complex: bool,  # noqa: A002
    data: dict[str, Any],
) -> WorkOrder:
    _check(lead, assisting)
    Correction.objects.bulk_create(corrections(order, by, category, lead))
    order.category, order.lead = category, lead
    order.dispatches += 1
    now = clock.now()
    data |= {"category": category.code, "lead": lead.code, "assisting": [one.code for one in assisting]}
    data |= set_limit(order, complex=complex) | proposed(order)
    assign(order, lead, assisting)
    return finish(
        order, name, by=by, data=data, dispatched_at=order.dispatched_at or now, card=Card.NONE, signed_at=None
    )


def _check(lead: Department, assisting: list[Department]) -> None:
    if not lead.active:
        raise Refusal(_("“%(name)s”已停用。") % {"name": lead.name}, field="lead")
    if lead in assisting:
        raise Refusal(_("主办单位不能同时协办。"), field="assisting")


def set_limit(order: WorkOrder, *, complex: bool = False) -> dict[str, Any]:  # noqa: A002
    """Starts the handling clock now, by the city's present pack; returns what the event records of it."""
    pack, calendar, now = deadlines.load(city().rule_pack), working_calendar(), clock.now()
    found = deadlines.deadline(pack, "handle", limits.case_of(order, complex=complex), now, calendar)
    order.pack, order.clause, order.due_at = pack.key, found.clause.id, found.due
    order.warn_at = deadlines.warning(now, found.due, calendar)
    return {"pack": pack.key, "clause": found.clause.id, "due": found.due.isoformat(), "steps": list(found.steps)}


def assign(order: WorkOrder, lead: Department, assisting: list[Department]) -> None:
    """Ends the departments of the round before and begins a new round."""
    now = clock.now()
    order.rounds += 1
    Assignment.objects.filter(order=order, ended_at=None).update(ended_at=now)
    parts = [(lead, Assignment.Part.LEAD), *((one, Assignment.Part.ASSIST) for one in assisting)]
    Assignment.objects.bulk_create(
        Assignment(order=order, department=department, part=part, round=order.rounds, since=now)
        for department, part in parts
    )


def proposed(order: WorkOrder) -> dict[str, Any]:
    """What the event of a dispatch keeps of the proposal."""
    proposal = order.proposal or {}
    kept = {name: proposal.get(name, {}).get("label") for name in ("category", "department")}
    if not any(kept.values()):
        return {}
    return {
        "proposal": kept | {"model": proposal.get("model")},
        "confidence": proposal.get("department", {}).get("confidence"),
    }


@transaction.atomic
def propose_again(*, by: By, proposals: Mapping[int, dict[str, Any]]) -> int:
    """Puts newer proposals in the place of older ones, by order; only where nobody has dispatched since. Returns for how many.

    No event: what a dispatch keeps of its proposal, and of the model that made it, stands in the dispatch's own. Raises Forbidden but for rules.
    """
    if by.role is not Outsider.SYSTEM:
        raise Forbidden(_("系统建议由系统更新。"))
    waiting = WorkOrder.objects.select_for_update().filter(
        pk__in=proposals, state__in=(State.SUBMITTED, State.ACCEPTED), dispatches=0
    )
    orders = list(waiting.only("pk").order_by("pk"))
    for order in orders:
        order.proposal = proposals[order.pk]
    WorkOrder.objects.bulk_update(orders, ["proposal"])
    return len(orders)


def corrections(order: WorkOrder, by: By, category: Category, lead: Department) -> list[Correction]:
    """Each choice that differs from what was proposed, not yet saved."""
    proposal = order.proposal or {}
    chosen = {"category": category.code, "department": lead.code, "kind": order.kind}
    return [
        new(
            Correction,
            order=order,
            at=clock.now(),
            by_id=by.user_id,
            field=name,
            proposed=proposal[name]["label"],
            chosen=code,
            confidence=proposal[name].get("confidence"),
            model=proposal.get("model", ""),
        )
        for name, code in chosen.items()
        if proposal.get(name, {}).get("label") not in (None, "", code)
    ]


@transaction.atomic
def accept_return(*, order: WorkOrder, by: By, reason: str = "", silent: bool = False) -> WorkOrder:
    """Takes the order back from the department; `silent` when nobody looked at its reason within the pack's time."""
    locked = begin(order, "accept_return", by=by)
    now = clock.now()
    Assignment.objects.filter(order=locked, ended_at=None, part=Assignment.Part.LEAD).update(
        ended_at=now, returned=True
    )
    Assignment.objects.filter(order=locked, ended_at=None).update(ended_at=now)
    data = {"reason": reason, "silent": silent or None}
    return finish(
        locked, "accept_return", by=by, data=data, lead=None, due_at=None, warn_at=None, signed_at=None, card=Card.NONE
    )


@transaction.atomic
def refuse_return(*, order: WorkOrder, by: By, reason: str) -> WorkOrder:
    """Leaves the order with the department, whose limit has gone on running."""
    locked = begin(order, "refuse_return", by=by, reason=reason)
    return finish(locked, "refuse_return", by=by, data={"reason": reason})
