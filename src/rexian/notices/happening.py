# SPDX-License-Identifier: Apache-2.0
"""Events as the desks need them: whom each one concerns, read from the record as it grows."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import Max, Q

from rexian.notices.kinds import Desk, Need, needs
from rexian.orders.chain import CUT_OFF
from rexian.orders.models import Assignment, OrderEvent

COLUMNS: tuple[str, ...] = ("pk", "order_id", "at", "edge", "source", "target", "role", "user_id", "data")
COLUMNS += ("order__urgency", "order__area__stem")
MOST = 2_000
"""Events read at a time."""
PATIENCE = CUT_OFF.total_seconds()
"""How long a key that was passed over may still come."""
MOST_MISSING = 10_000


@dataclass(frozen=True, slots=True)
class Happened:
    """An event with whom it needs. `held` are the departments that have the order, `ever` those that had it, `taker` who took it down."""

    event: int
    order: int
    at: datetime
    edge: str
    source: str
    target: str
    actor: int | None
    area: str
    needs: tuple[Need, ...]
    held: frozenset[int] = frozenset()
    ever: frozenset[int] = frozenset()
    taker: int | None = None


def happened(condition: Q) -> list[Happened]:
    """The events that match, the oldest MOST of them, in at most three queries."""
    rows = list(OrderEvent.objects.filter(condition).order_by("pk").values_list(*COLUMNS)[:MOST])
    orders = {row[1] for row in rows}
    held: dict[int, set[int]] = {}
    ever: dict[int, set[int]] = {}
    if orders:
        for order, department, ended in Assignment.objects.filter(order__in=orders).values_list(
            "order", "department", "ended_at"
        ):
            ever.setdefault(order, set()).add(department)
            if ended is None:
                held.setdefault(order, set()).add(department)
    found = [_of(row, held, ever) for row in rows]
    return _with_takers(found)


def _of(row: tuple[Any, ...], held: dict[int, set[int]], ever: dict[int, set[int]]) -> Happened:
    pk, order, at, edge, source, target, role, actor, data, urgency, area = row
    told = needs(edge, target, role, data, danger=urgency == "danger")
    had = frozenset(ever.get(order, ()))
    return Happened(pk, order, at, edge, source, target, actor, area or "", told, frozenset(held.get(order, ())), had)


def _with_takers(found: list[Happened]) -> list[Happened]:
    """Those that need the agent who took the order down, with who that is; nobody where the citizen wrote it himself."""
    asked = {one.order for one in found if any(need.desk is Desk.TAKER for need in one.needs)}
    if not asked:
        return found
    first = OrderEvent.objects.filter(order__in=asked, seq=1, role="agent")
    takers = dict(first.values_list("order", "user_id"))
    return [replace(one, taker=takers.get(one.order)) if one.order in asked else one for one in found]


@dataclass
class Tail:
    """The end of the record: each `read` gives what was committed since the one before, once.

    Keys are given out before their transactions commit, so a key may be seen before a smaller one: what was passed over is asked for again
    until it comes or can no longer come (a rolled-back transaction's never does).
    """

    last: int | None = None
    missing: dict[int, float] = field(default_factory=dict)

    def read(self) -> list[Happened]:
        if self.last is None:
            self.last = OrderEvent.objects.aggregate(last=Max("pk"))["last"] or 0
            return []
        condition = Q(pk__gt=self.last)
        if self.missing:
            condition |= Q(pk__in=list(self.missing))
        found = happened(condition)
        self._note(one.event for one in found)
        return found

    def _note(self, events: Iterable[int]) -> None:
        now, before = time.monotonic(), self.last or 0
        seen = set(events)
        self.last = max(before, *seen) if seen else before
        passed = set(range(max(before + 1, self.last - MOST_MISSING), self.last)) - seen
        kept = {key: since for key, since in self.missing.items() if key not in seen and now - since < PATIENCE}
        self.missing = kept | dict.fromkeys(passed, now)
