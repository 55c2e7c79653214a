# SPDX-License-Identifier: Apache-2.0
"""Review, return visit, rating, redo, end."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from rexian.directory import clock
from rexian.directory.models import Department
from rexian.orders import limits
from rexian.orders.actions.dispatching import assign, set_limit
from rexian.orders.actions.merging import close_repeats
from rexian.orders.actions.moving import begin, finish
from rexian.orders.models import Assignment, Card, Grade, Visit, WorkOrder
from rexian.security.errors import Forbidden, Refusal
from rexian.security.identity import By

SATISFIED = Grade.FAIR
"""The lowest of the five grades that counts as satisfied."""


@transaction.atomic
def approve(*, order: WorkOrder, by: By, publish: bool = False) -> WorkOrder:
    """Passes the reply on to the citizen and the visitor; `publish` shows its public version to everyone."""
    locked = begin(order, "approve", by=by)
    _check_publishable(locked, publish)
    return finish(locked, "approve", by=by, data={"publish": publish}, published=publish)


def _check_publishable(order: WorkOrder, publish: bool) -> None:
    if publish and order.confidential:
        raise Refusal(_("保密工单不能公开。"), field="publish")
    if publish and not order.reply_public.strip():
        raise Refusal(_("没有公开的答复。"), field="publish")


@transaction.atomic
def send_back(*, order: WorkOrder, by: By, reason: str) -> WorkOrder:
    """Sends a reply back to be written anew, within the same limit."""
    locked = begin(order, "send_back", by=by, reason=reason)
    Assignment.objects.filter(order=locked, round=locked.rounds).update(ended_at=None)
    return finish(locked, "send_back", by=by, data={"reason": reason}, replied_at=None)


def _check_grade(grade: int | None) -> None:
    if grade not in Grade.values:
        raise Refusal(_("请从五级中选一级评价。"), field="grade")


def _keep_visit(order: WorkOrder, by: By, **values: Any) -> None:
    Visit.objects.create(order=order, at=clock.now(), by_id=by.user_id, round=order.rounds, **values)


@transaction.atomic
def visit(
    *, order: WorkOrder, by: By, solved: bool | None, grade: int | None, why_unsolved: str = "", remark: str = ""
) -> WorkOrder:
    """What the citizen said when called: solved or not, satisfied or not."""
    locked = begin(order, "visit", by=by, solved=solved, grade=grade)
    _check_grade(grade)
    _keep_visit(locked, by, reached=True, solved=solved, grade=grade, remark=remark)
    data = {"solved": solved, "grade": grade, "why_unsolved": why_unsolved, "remark": remark}
    why = "" if solved else why_unsolved or locked.why_unsolved
    return finish(locked, "visit", by=by, data=data, solved=solved, grade=grade, why_unsolved=why)


@transaction.atomic
def visit_missed(*, order: WorkOrder, by: By, result: str) -> WorkOrder:
    """Records a call that was not answered; after the pack's number of them the visits may end."""
    locked = begin(order, "visit_missed", by=by, result=result)
    _keep_visit(locked, by, reached=False, remark=result)
    return finish(locked, "visit_missed", by=by, data={"result": result})


@transaction.atomic
def end_visits(*, order: WorkOrder, by: By, reason: str) -> WorkOrder:
    """Gives up calling after enough attempts; the order counts in no rate of satisfaction."""
    locked = begin(order, "end_visits", by=by, reason=reason)
    needed = limits.pack_of(locked).visit_attempts
    tried = Visit.objects.filter(order=locked, reached=False, round=locked.rounds).count()
    if tried < needed and locked.citizen_id is not None:
        raise Forbidden(_("至少回访 %(needed)s 次，现在 %(tried)s 次。") % {"needed": needed, "tried": tried})
    return finish(locked, "end_visits", by=by, data={"reason": reason})


@transaction.atomic
def rate(*, order: WorkOrder, by: By, grade: int | None, solved: bool | None = None, remark: str = "") -> WorkOrder:
    """The citizen's own rating, once a reply; before the visit it makes the visit unnecessary."""
    locked = begin(order, "rate", by=by, grade=grade)
    _check_grade(grade)
    if Visit.objects.filter(order=locked, round=locked.rounds, by=None, reached=True).exists():
        raise Forbidden(_("您已经评价过这次答复。"))
    _keep_visit(locked, by, reached=True, solved=solved, grade=grade, remark=remark)
    changes: dict[str, Any] = {"grade": grade, "solved": locked.solved if solved is None else solved}
    return finish(locked, "rate", by=by, data={"grade": grade, "solved": solved, "remark": remark}, **changes)


@transaction.atomic
def redo(*, order: WorkOrder, by: By, reason: str) -> WorkOrder:
    """Has the same department handle the order again, with a new limit."""
    locked = begin(order, "redo", by=by, reason=reason)
    if locked.lead is None:
        raise Forbidden(_("这张工单没有承办单位，不能重办。"))
    locked.redos += 1
    before = locked.assignments.filter(part=Assignment.Part.ASSIST, round=locked.rounds)
    assisting = list(Department.objects.filter(assignments__in=before))
    assign(locked, locked.lead, assisting)
    data = {"reason": reason} | set_limit(locked)
    cleared = {"signed_at": None, "contacted_at": None, "replied_at": None, "grade": None, "solved": None}
    return finish(locked, "redo", by=by, data=data, card=Card.NONE, extensions=0, published=False, **cleared)


@transaction.atomic
def close(*, order: WorkOrder, by: By) -> WorkOrder:
    """Ends the order and, with it, the repeats that were merged into it."""
    locked = begin(order, "close", by=by)
    outcome = "solved" if locked.solved else "unsolved"
    finish(locked, "close", by=by, data={"outcome": outcome}, outcome=outcome, closed_at=clock.now())
    close_repeats(locked)
    return locked


@transaction.atomic
def reopen(*, order: WorkOrder, by: By, reason: str) -> WorkOrder:
    """Takes a closed order up again within the pack's days; it is dispatched anew."""
    locked = begin(order, "reopen", by=by, reason=reason)
    if locked.stage_due_at is not None and clock.now() > locked.stage_due_at:
        raise Forbidden(_("已过再次提出的期限，请提交新的诉求，我们会看到以前的记录。"))
    cleared: dict[str, Any] = {
        "closed_at": None,
        "replied_at": None,
        "grade": None,
        "solved": None,
        "lead": None,
        "due_at": None,
    }
    cleared |= {"warn_at": None, "signed_at": None, "contacted_at": None, "outcome": "", "published": False}
    cleared |= {"dispatches": 0, "designated": False, "card": Card.NONE, "reopens": locked.reopens + 1}
    return finish(locked, "reopen", by=by, data={"reason": reason}, **cleared)


@transaction.atomic
def archive(*, order: WorkOrder, by: By) -> WorkOrder:
    """Puts an ended order away, once it can not be reopened any more."""
    return finish(begin(order, "archive", by=by), "archive", by=by)


@transaction.atomic
def publish(*, order: WorkOrder, by: By, reply_public: str) -> WorkOrder:
    locked = begin(order, "publish", by=by, reply_public=reply_public)
    locked.reply_public = reply_public
    _check_publishable(locked, True)
    return finish(locked, "publish", by=by, data={"reply_public": reply_public}, published=True)


@transaction.atomic
def withdraw(*, order: WorkOrder, by: By, reason: str) -> WorkOrder:
    locked = begin(order, "withdraw", by=by, reason=reason)
    return finish(locked, "withdraw", by=by, data={"reason": reason}, published=False)
