# SPDX-License-Identifier: Apache-2.0
"""Histories written in bulk: the same edges, limits and chain as the actions', a day's orders at a time by COPY.

Every step is held against the workflow table; what an action would write row by row is gathered here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from django.db import transaction

from rexian.orders import chain, limits
from rexian.orders.models import Assignment, Extension, OrderEvent, WorkOrder
from rexian.orders.workflow import EDGES
from rexian.security import encryption
from rexian.security.identity import SYSTEM
from rexian.simulation.changes import CHANGES, Row, nothing
from rexian.simulation.copying import copy, copy_rows, defer_references
from rexian.simulation.story import Step

EVENT = (*chain.EVENT_COLUMNS, "digest", "hash")
_columns = attrgetter(*chain.EVENT_COLUMNS[1:-1])
NOTHING: tuple[Any, ...] = (None, "", [])
"""What an event leaves out, as orders.actions.moving.event does."""


@dataclass
class Ledger:
    """Rows of many orders, written together. Orders bear their primary keys from the beginning."""

    orders: list[WorkOrder] = field(default_factory=list)
    events: list[tuple[Any, ...]] = field(default_factory=list)
    rows: dict[type[Row], list[Row]] = field(default_factory=dict)
    named: dict[tuple[int, int], None] = field(default_factory=dict)
    digest: str = field(default_factory=encryption.digest_name)
    _held: dict[int, list[Assignment]] = field(default_factory=dict)
    _asked: dict[int, Extension] = field(default_factory=dict)
    _repeats: dict[int, list[WorkOrder]] = field(default_factory=dict)

    def write(self) -> None:
        """Writes everything gathered."""
        with transaction.atomic():
            defer_references()
            copy(WorkOrder, self.orders, keyed=True)
            copy_rows(OrderEvent._meta.db_table, EVENT, self.events)
            for model, rows in self.rows.items():
                copy(model, rows)
            copy_rows(WorkOrder.named.through._meta.db_table, ("workorder_id", "user_id"), list(self.named))

    def begin(self, order: WorkOrder, first: Sequence[OrderEvent]) -> None:
        """Takes in an order that has just been submitted."""
        self.orders.append(order)
        for one in first:
            self.events.append((order.id, *_columns(one), chain.canonical(one.data), one.digest, one.hash))

    def take(self, order: WorkOrder, step: Step) -> WorkOrder:
        """One step of an order, as the action of its edge would take it; raises ValueError for one that is not in the table."""
        edge = EDGES[step.edge]
        if order.state not in edge.sources or step.by.role not in edge.who:
            raise ValueError(f"{step.edge} from {order.state} by {step.by.role} is not in the workflow table")
        source = order.state
        data = CHANGES.get(step.edge, nothing)(self, order, step)
        if edge.target is not None:
            order.state = str(edge.target)
            order.stage_due_at = limits.stage_due(order, edge.target, step.at)
            order.stage_reminded = False
        self._happened(order, step, source, {name: value for name, value in data.items() if value not in NOTHING})
        if step.edge == "close":
            for repeat in self._repeats.pop(order.id, []):
                self.take(repeat, Step("close_with_parent", step.at, SYSTEM))
        return order

    def _happened(self, order: WorkOrder, step: Step, source: str, data: dict[str, Any]) -> None:
        by, told = step.by, chain.canonical(data)
        order.last_seq += 1
        at, role = chain.written(step.at), str(by.role)
        rest = (order.last_seq, at, step.edge, source, order.state, role, by.user_id, by.department_id)
        order.last_hash = chain.event_hash(bytes(order.last_hash), self.digest, order.number, rest, told)
        self.events.append((order.id, *rest, told, self.digest, order.last_hash))

    # What the changes write to --------------------------------------------------------------------------------------------------------

    def add(self, *rows: Row) -> None:
        """Rows beside an order; assignments given together are its departments of one round, the lead first."""
        for row in rows:
            self.rows.setdefault(type(row), []).append(row)
        if rows and isinstance(rows[0], Assignment):
            self._held[rows[0].order_id] = [row for row in rows if isinstance(row, Assignment)]
        elif rows and isinstance(rows[0], Extension):
            self._asked[rows[0].order_id] = rows[0]

    def name(self, order: WorkOrder, user: int | None) -> None:
        """Who may know the citizen of a confidential order."""
        if user is not None:
            self.named[order.id, user] = None

    def join(self, order: WorkOrder, parent: WorkOrder) -> None:
        self._repeats.setdefault(parent.id, []).append(order)

    def leave(self, order: WorkOrder) -> None:
        for repeats in self._repeats.values():
            if order in repeats:
                repeats.remove(order)

    def held(self, order: WorkOrder) -> list[Assignment]:
        """The assignments of the order's present round, the lead first."""
        return self._held.get(order.id, [])

    def asked(self, order: WorkOrder) -> Extension:
        """The extension that was asked for last."""
        return self._asked[order.id]
