# SPDX-License-Identifier: Apache-2.0
"""The limits of real orders: the city's pack, the order's case, the directory's calendar."""

from datetime import datetime
from functools import lru_cache

from rexian.directory.models import Category
from rexian.directory.queries import city, working_calendar
from rexian.orders import deadlines
from rexian.orders.models import WorkOrder
from rexian.orders.workflow import State

STAGE_PHASES = {
    State.SUBMITTED: "accept",
    State.SUPPLEMENTING: "supplement",
    State.ACCEPTED: "dispatch",
    State.DISPATCHED: "sign",
    State.RETURNING: "silence",
    State.VISITING: "visit",
    State.CLOSED: "reopen",
    State.REFUSED: "reopen",
    State.TRANSFERRED: "reopen",
}
"""The phase whose limit runs in a state; states without one have no clock of their own."""


def pack_of(order: WorkOrder | None = None) -> deadlines.RulePack:
    """The pack that an order was dispatched under, else the city's present one."""
    if order is not None and order.pack:
        return deadlines.load(order.pack)
    return deadlines.load(city().rule_pack)


def case_of(order: WorkOrder, *, complex: bool = False) -> deadlines.Case:  # noqa: A002  the rule packs' word
    return case(order.kind, order.urgency, order.category, complex=complex)


def case(kind: str, urgency: str, category: Category | None, *, complex: bool = False) -> deadlines.Case:  # noqa: A002
    limit = (category.limit, category.limit_unit) if category is not None and category.limit else None
    service = category.service if category is not None else ""
    return _case(kind, urgency, service, complex, limit)


_case = lru_cache(4096)(deadlines.Case)
"""The cases of a city are few and asked for at every move."""


def stage_due(order: WorkOrder, state: State, start: datetime) -> datetime | None:
    """When the state that the order enters at `start` must be left, or None."""
    phase = STAGE_PHASES.get(state)
    if phase is None:
        return None
    return deadlines.moment(pack_of(order), phase, case_of(order), start, working_calendar())
