# SPDX-License-Identifier: Apache-2.0
"""Time-driven moves: what happens because time has passed, once each, however late the worker comes.

Nothing is scheduled order by order: what is due stands in the order's own columns and leaves the query with the move itself, in one transaction.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from rexian.orders import actions
from rexian.orders.models import Card, WorkOrder
from rexian.orders.workflow import AT_DEPARTMENT, ENDED, State
from rexian.security.errors import Refusal
from rexian.security.identity import SYSTEM

log = logging.getLogger(__name__)
BATCH = 500


def run_due(now: datetime) -> dict[str, int]:
    """Makes every move that is due at `now`; returns how many of each. Two workers at once share the work."""
    at_department = Q(state__in=AT_DEPARTMENT)
    stage = Q(stage_due_at__lte=now, stage_reminded=False)
    return {
        "silent": _each(stage & Q(state=State.RETURNING), _accept_silently),
        "archive": _each(stage & Q(state__in=ENDED), lambda order: actions.archive(order=order, by=SYSTEM)),
        "red": _each(
            at_department & Q(card__lt=Card.RED, due_at__lte=now), lambda order: actions.red(order=order, by=SYSTEM)
        ),
        "yellow": _each(
            at_department & Q(card=Card.NONE, warn_at__lte=now, due_at__gt=now),
            lambda order: actions.yellow(order=order, by=SYSTEM),
        ),
        "remind": _each(
            stage & ~Q(state__in=ENDED | {State.RETURNING}), lambda order: actions.remind(order=order, by=SYSTEM)
        ),
    }


def _accept_silently(order: WorkOrder) -> WorkOrder:
    return actions.accept_return(order=order, by=SYSTEM, silent=True)


def _each(due: Q, move: Callable[[WorkOrder], WorkOrder]) -> int:
    return sum(_move(due, pk, move) for pk in _keys(WorkOrder.objects.filter(due)))


def _keys(orders: QuerySet[WorkOrder]) -> Iterator[int]:
    """The keys of all that match, in batches; each key once, even where a move fails."""
    last = 0
    while batch := list(orders.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        yield from batch
        last = batch[-1]


def _move(due: Q, pk: int, move: Callable[[WorkOrder], WorkOrder]) -> bool:
    with transaction.atomic():
        order = WorkOrder.objects.select_for_update(skip_locked=True, of=("self",)).filter(due, pk=pk).first()
        if order is None:  # another worker has it, or it has moved on
            return False
        try:
            move(order)
        except Refusal:
            log.exception("a time-driven move was refused for order %s", order.number)
            return False
    return True
