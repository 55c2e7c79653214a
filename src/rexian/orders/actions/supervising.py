# SPDX-License-Identifier: Apache-2.0
"""Reminders, cards, supervision."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from rexian.directory import clock
from rexian.orders.actions.moving import begin, finish
from rexian.orders.models import Card, WorkOrder
from rexian.security.errors import Forbidden, Refusal
from rexian.security.identity import By


@transaction.atomic
def remind(*, order: WorkOrder, by: By) -> WorkOrder:
    """Notes, once a state, that its limit has passed."""
    locked = begin(order, "remind", by=by)
    return finish(locked, "remind", by=by, data={"stage": locked.state}, stage_reminded=True)


@transaction.atomic
def urge(*, order: WorkOrder, by: By, reason: str) -> WorkOrder:
    locked = begin(order, "urge", by=by, reason=reason)
    return finish(locked, "urge", by=by, data={"reason": reason})


@transaction.atomic
def yellow(*, order: WorkOrder, by: By) -> WorkOrder:
    """The yellow card, one working day before the limit."""
    locked = begin(order, "yellow", by=by)
    return finish(locked, "yellow", by=by, data=_due(locked), card=max(locked.card, Card.YELLOW))


@transaction.atomic
def red(*, order: WorkOrder, by: By) -> WorkOrder:
    """The red card, once the limit has passed."""
    locked = begin(order, "red", by=by)
    return finish(locked, "red", by=by, data=_due(locked), card=max(locked.card, Card.RED))


def _due(order: WorkOrder) -> dict[str, str | None]:
    return {"due": order.due_at.isoformat() if order.due_at else None}


@transaction.atomic
def supervise(*, order: WorkOrder, by: By, reason: str, until: date) -> WorkOrder:
    """A supervision order (督办单): after a red card, or after a redo that still does not satisfy."""
    locked = begin(order, "supervise", by=by, reason=reason, until=until)
    if locked.card < Card.RED and not locked.redos:
        raise Forbidden(_("红牌后，或重办后仍不满意，才发督办单。"))
    if until < clock.today():
        raise Refusal(_("督办期限不能早于今天。"), field="until")
    data = {"reason": reason, "until": until.isoformat()}
    return finish(locked, "supervise", by=by, data=data, card=Card.SUPERVISED)
