# SPDX-License-Identifier: Apache-2.0
"""Repeats of one matter: merged into one order, answered together."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from rexian.directory import clock
from rexian.orders.actions.moving import begin, finish
from rexian.orders.models import Assignment, WorkOrder
from rexian.orders.workflow import OPEN
from rexian.security.errors import Refusal
from rexian.security.identity import SYSTEM, By


@transaction.atomic
def merge(*, order: WorkOrder, by: By, parent: WorkOrder) -> WorkOrder:
    """Merges `order` into `parent`; what was merged into `order` goes along."""
    first, second = sorted(
        (order.pk, parent.pk)
    )  # one order of locking for all, so that two merges cannot block each other
    list(WorkOrder.objects.select_for_update().filter(pk__in=(first, second)).order_by("pk"))
    locked = begin(order, "merge", by=by, parent=parent)
    target = WorkOrder.objects.get(pk=parent.pk)
    if target.pk == locked.pk:
        raise Refusal(_("不能并入自己。"), field="parent")
    if target.state not in OPEN:
        raise Refusal(_("主单 %(number)s 已结束，不能并入。") % {"number": target.number}, field="parent")
    Assignment.objects.filter(order=locked, ended_at=None).update(ended_at=clock.now())
    WorkOrder.objects.filter(parent=locked).update(parent=target)
    data = {"parent": target.number, "from_state": locked.state}
    return finish(locked, "merge", by=by, data=data, parent=target, lead=None, due_at=None, warn_at=None)


@transaction.atomic
def unmerge(*, order: WorkOrder, by: By, reason: str) -> WorkOrder:
    """Takes a repeat out again; it waits for dispatch."""
    locked = begin(order, "unmerge", by=by, reason=reason)
    data = {"reason": reason}
    return finish(locked, "unmerge", by=by, data=data, parent=None, accepted_at=locked.accepted_at or clock.now())


def replied(repeat: WorkOrder, parent: WorkOrder, closed: datetime) -> datetime | None:
    """When a repeat was replied to: with its parent, but only as both are closed where it came after that reply."""
    told = parent.replied_at
    return closed if told is not None and told < repeat.received_at else told


def close_repeats(parent: WorkOrder) -> None:
    """Gives every repeat the parent's reply and closes it; inside the parent's transaction."""
    now = clock.now()
    for repeat in parent.repeats.filter(state="merged").order_by("pk"):
        locked = begin(repeat, "close_with_parent", by=SYSTEM)
        finish(
            locked,
            "close_with_parent",
            by=SYSTEM,
            reply_citizen=parent.reply_citizen,
            replied_at=replied(locked, parent, now),
            closed_at=now,
            outcome=parent.outcome,
            solved=parent.solved,
        )
