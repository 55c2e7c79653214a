# SPDX-License-Identifier: Apache-2.0
"""What each edge does to an order told in bulk: the same columns and rows as its action, which a test holds it to."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, Protocol

from rexian.directory import clock
from rexian.directory.inserting import new, put
from rexian.directory.models import Department
from rexian.directory.queries import working_calendar
from rexian.orders import deadlines, limits
from rexian.orders.actions.dispatching import corrections, proposed, set_limit
from rexian.orders.actions.merging import replied
from rexian.orders.actions.receiving import accepted_data
from rexian.orders.models import Assignment, Card, Correction, Extension, Visit, WorkOrder
from rexian.simulation.story import Step

Row = Assignment | Visit | Extension | Correction


class Rows(Protocol):
    """What the changes write to: rows beside the orders, and what they must find again of an order."""

    def add(self, *rows: Row) -> None: ...
    def name(self, order: WorkOrder, user: int | None) -> None: ...
    def join(self, order: WorkOrder, parent: WorkOrder) -> None: ...
    def leave(self, order: WorkOrder) -> None: ...
    def held(self, order: WorkOrder) -> list[Assignment]: ...
    def asked(self, order: WorkOrder) -> Extension: ...


Data = dict[str, Any]
Change = Callable[[Rows, WorkOrder, Step], Data]


def nothing(rows: Rows, order: WorkOrder, step: Step) -> Data:
    """An edge that only records what was said."""
    return step.data


def _accept(rows: Rows, order: WorkOrder, step: Step) -> Data:
    put(order, **step.data, accepted_at=step.at)
    return accepted_data(order)


def _classify(rows: Rows, order: WorkOrder, step: Step) -> Data:
    put(order, **step.data)
    return accepted_data(order)


def _answer(rows: Rows, order: WorkOrder, step: Step) -> Data:
    put(order, **step.data, outcome="answered", accepted_at=order.accepted_at or step.at)
    put(order, replied_at=step.at, closed_at=step.at)
    return step.data


def _refuse(rows: Rows, order: WorkOrder, step: Step) -> Data:
    put(order, outcome="refused", closed_at=step.at, reply_citizen=step.data["reason"])
    return step.data


def _appeal(rows: Rows, order: WorkOrder, step: Step) -> Data:
    put(order, outcome="", closed_at=None)
    return step.data


def _transfer(rows: Rows, order: WorkOrder, step: Step) -> Data:
    put(order, outcome=f"to {step.data['hotline']}", closed_at=step.at)
    return step.data


def _make_confidential(rows: Rows, order: WorkOrder, step: Step) -> Data:
    rows.name(order, step.by.user_id)
    put(order, confidential=True, published=False)
    return {"named": [step.by.user_id]}


# Dispatch ------------------------------------------------------------------------------------------------------------------------------------


def _assign(rows: Rows, order: WorkOrder, lead: Department, assisting: list[Department], step: Step) -> None:
    _end(rows, order, step)
    order.rounds += 1
    parts = [(lead, Assignment.Part.LEAD), *((one, Assignment.Part.ASSIST) for one in assisting)]
    rows.add(
        *(
            new(Assignment, order=order, department=department, part=part, round=order.rounds, since=step.at)
            for department, part in parts
        )
    )


def _end(rows: Rows, order: WorkOrder, step: Step) -> None:
    for one in rows.held(order):
        one.ended_at = one.ended_at or step.at


def _dispatch(rows: Rows, order: WorkOrder, step: Step) -> Data:
    category, lead, assisting = step.data["category"], step.data["lead"], step.data["assisting"]
    put(order, category=category, lead=lead, dispatches=order.dispatches + 1, card=Card.NONE, signed_at=None)
    order.dispatched_at = order.dispatched_at or step.at
    own = {name: step.data[name] for name in ("line", "reason") if name in step.data}
    told = {"category": category.code, "lead": lead.code, "assisting": [one.code for one in assisting]}
    with clock.at(step.at):
        rows.add(*corrections(order, step.by, category, lead))
        limit = set_limit(order, complex=step.data.get("complex", False))
    _assign(rows, order, lead, assisting, step)
    return own | told | limit | proposed(order)


def _designate(rows: Rows, order: WorkOrder, step: Step) -> Data:
    order.designated = True
    return _dispatch(rows, order, step)


def _sign(rows: Rows, order: WorkOrder, step: Step) -> Data:
    order.signed_at = order.signed_at or step.at
    rows.held(order)[0].signed_at = step.at
    return {}


def _ask_return(rows: Rows, order: WorkOrder, step: Step) -> Data:
    lead = rows.held(order)[0]
    lead.return_reason, lead.suggested = step.data["reason"], step.data["suggested"]
    return {"reason": step.data["reason"], "suggested": step.data["suggested"].code}


def _accept_return(rows: Rows, order: WorkOrder, step: Step) -> Data:
    rows.held(order)[0].returned = True
    _end(rows, order, step)
    put(order, lead=None, due_at=None, warn_at=None, signed_at=None, card=Card.NONE)
    return step.data


# Handling ------------------------------------------------------------------------------------------------------------------------------------


def _hand_on(rows: Rows, order: WorkOrder, step: Step) -> Data:
    rows.held(order)[0].section = step.data["department"]
    return {"department": step.data["department"].code}


def _contact(rows: Rows, order: WorkOrder, step: Step) -> Data:
    if step.data["reached"]:
        order.contacted_at = order.contacted_at or step.at
    return step.data


def _opine(rows: Rows, order: WorkOrder, step: Step) -> Data:
    for one in rows.held(order):
        if one.department_id in (step.by.departments or ()):
            one.opinion = step.data["opinion"]
    return step.data


def _ask_extension(rows: Rows, order: WorkOrder, step: Step) -> Data:
    rows.add(new(Extension, order=order, asked_at=step.at, asked_by_id=step.by.user_id, **step.data))
    return step.data


def _decide(rows: Rows, order: WorkOrder, step: Step, granted: bool) -> Extension:
    asked = rows.asked(order)
    asked.decided_at, asked.granted, asked.decision = step.at, granted, step.data["reason"]
    return asked


def _grant_extension(rows: Rows, order: WorkOrder, step: Step) -> Data:
    asked, calendar = _decide(rows, order, step, True), working_calendar()
    due = deadlines.extended(limits.pack_of(order), order.due_at or step.at, asked.days, calendar)
    put(order, due_at=due, warn_at=deadlines.warning(step.at, due, calendar), clause="extension", card=Card.NONE)
    order.extensions += 1
    return {"days": asked.days, "due": due.isoformat(), "clause": "extension", "reason": step.data["reason"]}


def _deny_extension(rows: Rows, order: WorkOrder, step: Step) -> Data:
    _decide(rows, order, step, False)
    return step.data


def _promise(rows: Rows, order: WorkOrder, step: Step) -> Data:
    until: date = step.data["until"]
    due = datetime.combine(until, limits.pack_of(order).day_ends, deadlines.ZONE)
    warn = deadlines.warning(step.at, due, working_calendar())
    put(order, due_at=due, warn_at=warn, clause="promise", card=Card.NONE)
    return {"reason": step.data["reason"], "until": until.isoformat(), "due": due.isoformat()}


def _reply(rows: Rows, order: WorkOrder, step: Step) -> Data:
    _end(rows, order, step)
    put(order, replied_at=step.at, outside_duty=False, **step.data)
    return step.data | {"outside_duty": False}


# Review, visit, close ------------------------------------------------------------------------------------------------------------------------


def _approve(rows: Rows, order: WorkOrder, step: Step) -> Data:
    order.published = step.data["publish"]
    return step.data


def _send_back(rows: Rows, order: WorkOrder, step: Step) -> Data:
    for one in rows.held(order):
        one.ended_at = None
    order.replied_at = None
    return step.data


def _keep_visit(rows: Rows, order: WorkOrder, step: Step, **values: Any) -> None:
    rows.add(new(Visit, order=order, at=step.at, by_id=step.by.user_id, round=order.rounds, **values))


def _visit(rows: Rows, order: WorkOrder, step: Step) -> Data:
    _keep_visit(rows, order, step, reached=True, **step.data)
    if step.edge == "visit":
        order.why_unsolved = "" if step.data["solved"] else order.why_unsolved
    put(order, **step.data)
    return step.data


def _visit_missed(rows: Rows, order: WorkOrder, step: Step) -> Data:
    _keep_visit(rows, order, step, reached=False, remark=step.data["result"])
    return step.data


def _redo(rows: Rows, order: WorkOrder, step: Step) -> Data:
    order.redos += 1
    assisting = [one.department for one in rows.held(order) if one.part == Assignment.Part.ASSIST]
    assert order.lead is not None  # noqa: S101  the table lets only what departments have handled be redone
    _assign(rows, order, order.lead, assisting, step)
    with clock.at(step.at):
        told = step.data | set_limit(order)
    put(order, signed_at=None, contacted_at=None, replied_at=None, grade=None, solved=None)
    put(order, card=Card.NONE, extensions=0, published=False)
    return told


def _close(rows: Rows, order: WorkOrder, step: Step) -> Data:
    outcome = "solved" if order.solved else "unsolved"
    put(order, outcome=outcome, closed_at=step.at)
    return {"outcome": outcome}


def _close_with_parent(rows: Rows, order: WorkOrder, step: Step) -> Data:
    parent = order.parent
    assert parent is not None  # noqa: S101  a constraint of the table
    put(order, reply_citizen=parent.reply_citizen, replied_at=replied(order, parent, step.at), closed_at=step.at)
    put(order, outcome=parent.outcome, solved=parent.solved)
    return {}


def _reopen(rows: Rows, order: WorkOrder, step: Step) -> Data:
    put(order, closed_at=None, replied_at=None, grade=None, solved=None, lead=None, due_at=None, warn_at=None)
    put(order, signed_at=None, contacted_at=None, outcome="", published=False, dispatches=0, designated=False)
    put(order, card=Card.NONE, reopens=order.reopens + 1)
    return step.data


def _publish(rows: Rows, order: WorkOrder, step: Step) -> Data:
    put(order, reply_public=step.data["reply_public"], published=True)
    return step.data


def _withdraw(rows: Rows, order: WorkOrder, step: Step) -> Data:
    order.published = False
    return step.data


# Supervision, repeats ------------------------------------------------------------------------------------------------------------------------


def _card(card: Card) -> Change:
    def change(rows: Rows, order: WorkOrder, step: Step) -> Data:
        order.card = max(order.card, card)
        return {"due": order.due_at.astimezone(UTC).isoformat() if order.due_at else None}

    return change


def _supervise(rows: Rows, order: WorkOrder, step: Step) -> Data:
    order.card = Card.SUPERVISED
    return {"reason": step.data["reason"], "until": step.data["until"].isoformat()}


def _remind(rows: Rows, order: WorkOrder, step: Step) -> Data:
    order.stage_reminded = True
    return {"stage": order.state}


def _merge(rows: Rows, order: WorkOrder, step: Step) -> Data:
    parent: WorkOrder = step.data["parent"]
    _end(rows, order, step)
    rows.join(order, parent)
    told = {"parent": parent.number, "from_state": order.state}
    put(order, parent=parent, lead=None, due_at=None, warn_at=None)
    return told


def _unmerge(rows: Rows, order: WorkOrder, step: Step) -> Data:
    rows.leave(order)
    put(order, parent=None, accepted_at=order.accepted_at or step.at)
    return step.data


CHANGES: dict[str, Change] = {
    "accept": _accept,
    "classify": _classify,
    "answer": _answer,
    "refuse": _refuse,
    "appeal": _appeal,
    "transfer": _transfer,
    "make_confidential": _make_confidential,
    "dispatch": _dispatch,
    "designate": _designate,
    "sign": _sign,
    "ask_return": _ask_return,
    "accept_return": _accept_return,
    "hand_on": _hand_on,
    "contact": _contact,
    "opine": _opine,
    "ask_extension": _ask_extension,
    "grant_extension": _grant_extension,
    "deny_extension": _deny_extension,
    "promise": _promise,
    "reply": _reply,
    "approve": _approve,
    "send_back": _send_back,
    "visit": _visit,
    "rate": _visit,
    "visit_missed": _visit_missed,
    "redo": _redo,
    "close": _close,
    "close_with_parent": _close_with_parent,
    "reopen": _reopen,
    "publish": _publish,
    "withdraw": _withdraw,
    "yellow": _card(Card.YELLOW),
    "red": _card(Card.RED),
    "supervise": _supervise,
    "remind": _remind,
    "merge": _merge,
    "unmerge": _unmerge,
}
"""By edge. Those that are missing only record what was said: asking and giving a supplement, adding, urging, refusing a return, ending visits."""
