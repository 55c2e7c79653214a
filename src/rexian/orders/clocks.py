# SPDX-License-Identifier: Apache-2.0
"""Time-driven moves: what happens because time has passed, once each, however late the worker comes.

Nothing is scheduled order by order: what is due stands in the order's own columns and leaves the query with the move itself, in one transaction.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Min, Q, QuerySet

from rexian.orders import actions
from rexian.orders.models import Card, WorkOrder
from rexian.orders.workflow import AT_DEPARTMENT, ENDED, State
from rexian.security.errors import Refusal
from rexian.security.identity import SYSTEM

log = logging.getLogger(__name__)
BATCH = 500


def due(now: datetime) -> dict[str, tuple[str, Q]]:
    """What is due at `now`: each sort of move with the column of its clock and the orders that it is due for."""
    at_department = Q(state__in=AT_DEPARTMENT)
    stage = Q(stage_due_at__lte=now, stage_reminded=False)
    return {
        "silent": ("stage_due_at", stage & Q(state=State.RETURNING)),
        "archive": ("stage_due_at", stage & Q(state__in=ENDED)),
        "red": ("due_at", at_department & Q(card__lt=Card.RED, due_at__lte=now)),
        "yellow": ("warn_at", at_department & Q(card=Card.NONE, warn_at__lte=now, due_at__gt=now)),
        "remind": ("stage_due_at", stage & ~Q(state__in=ENDED | {State.RETURNING})),
    }


def run_due(now: datetime) -> dict[str, int]:
    """Makes every move that is due at `now`; returns how many of each. Two workers at once share the work."""
    return {name: _each(condition, MOVES[name]) for name, (_column, condition) in due(now).items()}


def oldest_due(now: datetime) -> dict[str, datetime]:
    """Since when the oldest move of each sort is due that has not been made: how late the worker is."""
    found = {
        name: WorkOrder.objects.filter(condition).aggregate(first=Min(column))["first"]
        for name, (column, condition) in due(now).items()
    }
    return {name: first for name, first in found.items() if first is not None}


def _accept_silently(order: WorkOrder) -> WorkOrder:
    return actions.accept_return(order=order, by=SYSTEM, silent=True)


MOVES: dict[str, Callable[[WorkOrder], WorkOrder]] = {
    "silent": _accept_silently,
    "archive": lambda order: actions.archive(order=order, by=SYSTEM),
    "red": lambda order: actions.red(order=order, by=SYSTEM),
    "yellow": lambda order: actions.yellow(order=order, by=SYSTEM),
    "remind": lambda order: actions.remind(order=order, by=SYSTEM),
}


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
