# SPDX-License-Identifier: Apache-2.0
"""Histories written in bulk: the same edges, limits and chain as the actions', many orders at a time.

What an action would write row by row is gathered here and written by the thousand. Every step is held against the workflow table.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction

from rexian.directory.queries import working_calendar
from rexian.orders import clock, limits
from rexian.orders.actions.dispatching import set_limit
from rexian.orders.actions.moving import event
from rexian.orders.deadlines import extended, warning
from rexian.orders.models import Assignment, Card, Extension, OrderEvent, Visit, WorkOrder
from rexian.orders.workflow import EDGES, ENDED
from rexian.security.identity import SYSTEM
from rexian.simulation.story import Step


@dataclass
class Ledger:
    """Rows of many orders, written together."""

    orders: list[WorkOrder] = field(default_factory=list)
    rows: list[OrderEvent | Assignment | Visit | Extension] = field(default_factory=list)
    held: dict[int, list[Assignment]] = field(default_factory=dict)
    """The open assignments of an order that is being told, by its serial."""

    def write(self) -> None:
        """Writes and forgets everything gathered."""
        with transaction.atomic():
            WorkOrder.objects.bulk_create(self.orders, batch_size=1000)
            for row in self.rows:
                row.order_id = row.order.pk
            for model in (OrderEvent, Assignment, Visit, Extension):
                rows: list[Any] = [row for row in self.rows if isinstance(row, model)]
                model._default_manager.bulk_create(rows, batch_size=4000)
        self.orders, self.rows, self.held = [], [], {}

    def begin(self, order: WorkOrder, first: list[OrderEvent]) -> None:
        self.orders.append(order)
        self.rows += first

    def take(self, order: WorkOrder, step: Step) -> WorkOrder:
        """One step of an order, as the action of its edge would take it."""
        edge = EDGES[step.edge]
        if order.state not in edge.sources or step.by.role not in edge.who:
            raise ValueError(f"{step.edge} from {order.state} by {step.by.role} is not in the workflow table")
        with clock.at(step.at):
            source = order.state
            data = _CHANGES.get(step.edge, _nothing)(self, order, step)
            if edge.target is not None:
                order.state = edge.target
                order.stage_due_at = limits.stage_due(order, edge.target, step.at)
                order.stage_reminded = False
            self.rows.append(event(order, step.edge, by=step.by, source=source, data=data))
        return order

    def let_pass(self, order: WorkOrder, until: Any) -> None:
        """The time-driven moves of an order up to a moment: cards, the archive."""
        at_department = order.state in EDGES["yellow"].sources
        if at_department and order.card == Card.NONE and order.warn_at and order.warn_at < until and order.due_at:
            self.take(order, Step("yellow", order.warn_at, SYSTEM, {"due": order.due_at.isoformat()}))
        if at_department and order.card < Card.RED and order.due_at and order.due_at < until:
            self.take(
                order, Step("red", order.due_at + timedelta(seconds=30), SYSTEM, {"due": order.due_at.isoformat()})
            )
        if order.state in ENDED and order.stage_due_at and order.stage_due_at < until:
            self.take(order, Step("archive", order.stage_due_at + timedelta(seconds=30), SYSTEM))

    def end_assignments(self, order: WorkOrder, **changes: Any) -> None:
        for one in self.held.pop(order.serial, []):
            one.ended_at = clock.now()
            for name, value in changes.items():
                setattr(one, name, value)


Change = Callable[[Ledger, WorkOrder, Step], dict[str, Any]]


def _set(order: WorkOrder, **values: Any) -> None:
    for name, value in values.items():
        setattr(order, name, value)


def _nothing(ledger: Ledger, order: WorkOrder, step: Step) -> dict[str, Any]:
    return dict(step.data)


def _accept(ledger: Ledger, order: WorkOrder, step: Step) -> dict[str, Any]:
    _set(order, category=step.data.get("category") or order.category, accepted_at=step.at)
    area, category = order.area, order.category
    told = {"area": area.code if area else None, "category": category.code if category else None}
    return {"kind": order.kind, "urgency": order.urgency} | told


def _end(outcome: str) -> Change:
    def change(ledger: Ledger, order: WorkOrder, step: Step) -> dict[str, Any]:
        reply = step.data.get("reply_citizen") or step.data.get("reason") or ""
        replied = step.at if outcome == "answered" else order.replied_at
        _set(
            order,
            outcome=outcome or f"to {step.data['hotline']}",
            closed_at=step.at,
            reply_citizen=reply,
            replied_at=replied,
        )
        return dict(step.data)

    return change


def _assign(ledger: Ledger, order: WorkOrder, lead: Any, assisting: list[Any]) -> None:
    ledger.end_assignments(order)
    order.rounds += 1
    parts = [(lead, Assignment.Part.LEAD), *((one, Assignment.Part.ASSIST) for one in assisting)]
    made = [
        Assignment(order=order, department=department, part=part, round=order.rounds, since=clock.now())
        for department, part in parts
    ]
    ledger.held[order.serial] = made
    ledger.rows += made


def _dispatch(ledger: Ledger, order: WorkOrder, step: Step) -> dict[str, Any]:
    category, lead, assisting = step.data["category"], step.data["lead"], step.data["assisting"]
    _set(order, category=category, lead=lead, dispatches=order.dispatches + 1, card=Card.NONE, signed_at=None)
    order.dispatched_at = order.dispatched_at or step.at
    _assign(ledger, order, lead, assisting)
    told = {
        "category": category.code,
        "lead": lead.code,
        "assisting": [one.code for one in assisting],
        "line": step.data["line"],
    }
    return told | set_limit(order)


def _sign(ledger: Ledger, order: WorkOrder, step: Step) -> dict[str, Any]:
    order.signed_at = order.signed_at or step.at
    ledger.held[order.serial][0].signed_at = step.at
    return {}


def _ask_return(ledger: Ledger, order: WorkOrder, step: Step) -> dict[str, Any]:
    lead = ledger.held[order.serial][0]
    lead.return_reason, lead.suggested = step.data["reason"], step.data["suggested"]
    return {"reason": step.data["reason"], "suggested": step.data["suggested"].code}


def _accept_return(ledger: Ledger, order: WorkOrder, step: Step) -> dict[str, Any]:
    ledger.held[order.serial][0].returned = True
    ledger.end_assignments(order)
    _set(order, lead=None, due_at=None, warn_at=None, signed_at=None, card=Card.NONE)
    return dict(step.data)


def _contact(ledger: Ledger, order: WorkOrder, step: Step) -> dict[str, Any]:
    order.contacted_at = order.contacted_at or step.at
    return dict(step.data)


def _ask_extension(ledger: Ledger, order: WorkOrder, step: Step) -> dict[str, Any]:
    asked = {"days": step.data["days"], "reason": step.data["reason"]}
    ledger.rows.append(Extension(order=order, asked_at=step.at, asked_by_id=step.by.user_id, **asked))
    return dict(step.data)


def _grant_extension(ledger: Ledger, order: WorkOrder, step: Step) -> dict[str, Any]:
    asked = next(row for row in reversed(ledger.rows) if isinstance(row, Extension) and row.order is order)
    asked.decided_at, asked.granted, asked.decision = step.at, True, step.data["reason"]
    calendar = working_calendar()
    due = extended(limits.pack_of(order), order.due_at or step.at, asked.days, calendar)
    _set(order, due_at=due, warn_at=warning(step.at, due, calendar), clause="extension", extensions=1, card=Card.NONE)
    return {"days": asked.days, "due": due.isoformat(), "clause": "extension", "reason": step.data["reason"]}


def _reply(ledger: Ledger, order: WorkOrder, step: Step) -> dict[str, Any]:
    ledger.end_assignments(order)
    _set(order, replied_at=step.at, outside_duty=False, **step.data)
    return dict(step.data)


def _approve(ledger: Ledger, order: WorkOrder, step: Step) -> dict[str, Any]:
    order.published = step.data["publish"]
    return dict(step.data)


def _visit(ledger: Ledger, order: WorkOrder, step: Step) -> dict[str, Any]:
    reached = step.edge != "visit_missed"
    values = {"solved": step.data.get("solved"), "grade": step.data.get("grade"), "remark": step.data.get("result", "")}
    ledger.rows.append(
        Visit(order=order, at=step.at, by_id=step.by.user_id, round=order.rounds, reached=reached, **values)
    )
    if reached:
        _set(order, solved=values["solved"], grade=values["grade"])
    return dict(step.data)


def _redo(ledger: Ledger, order: WorkOrder, step: Step) -> dict[str, Any]:
    order.redos += 1
    before = [
        row for row in ledger.rows if isinstance(row, Assignment) and row.order is order and row.round == order.rounds
    ]
    _assign(ledger, order, order.lead, [row.department for row in before if row.part == Assignment.Part.ASSIST])
    told = dict(step.data) | set_limit(order)
    _set(order, signed_at=None, contacted_at=None, replied_at=None, grade=None, solved=None)
    _set(order, card=Card.NONE, extensions=0, published=False)
    return told


def _close(ledger: Ledger, order: WorkOrder, step: Step) -> dict[str, Any]:
    outcome = "solved" if order.solved else "unsolved"
    _set(order, outcome=outcome, closed_at=step.at)
    return {"outcome": outcome}


def _card(card: Card) -> Change:
    def change(ledger: Ledger, order: WorkOrder, step: Step) -> dict[str, Any]:
        order.card = max(order.card, card)
        return dict(step.data)

    return change


_CHANGES: dict[str, Change] = {
    "accept": _accept,
    "answer": _end("answered"),
    "refuse": _end("refused"),
    "transfer": _end(""),
    "dispatch": _dispatch,
    "sign": _sign,
    "ask_return": _ask_return,
    "accept_return": _accept_return,
    "contact": _contact,
    "ask_extension": _ask_extension,
    "grant_extension": _grant_extension,
    "reply": _reply,
    "approve": _approve,
    "visit": _visit,
    "visit_missed": _visit,
    "rate": _visit,
    "redo": _redo,
    "close": _close,
    "yellow": _card(Card.YELLOW),
    "red": _card(Card.RED),
}
