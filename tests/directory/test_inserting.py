# SPDX-License-Identifier: Apache-2.0
"""Rows made quickly are those that Django makes."""

from datetime import UTC, datetime

import pytest

from rexian.directory.inserting import new, put
from rexian.directory.models import Citizen, Department
from rexian.orders.models import Assignment, OrderEvent, Visit, WorkOrder

AT = datetime(2026, 11, 20, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (
            WorkOrder,
            {"id": 7, "number": "990100-20261120-000001-3", "lead": Department(pk=3, code="D3"), "parent": None},
        ),
        (
            Assignment,
            {"order_id": 7, "department": Department(pk=3, code="D3"), "part": "lead", "round": 1, "since": AT},
        ),
        (Visit, {"order_id": 7, "at": AT, "round": 1, "reached": True, "grade": 5}),
        (Citizen, {"name": "王伟", "since": AT}),
    ],
)
def test_a_new_row_is_what_its_constructor_makes(model: type[WorkOrder], values: dict[str, object]) -> None:
    quick, plain = new(model, **values), model(**values)
    assert {name: value for name, value in vars(quick).items() if name != "_state"} == {
        name: value for name, value in vars(plain).items() if name != "_state"
    }
    assert (quick._state.adding, quick._state.db) == (True, None)
    assert quick._state.fields_cache == plain._state.fields_cache


def test_what_is_missing_or_unknown_is_refused() -> None:
    with pytest.raises(TypeError, match="OrderEvent: missing or unknown: data"):
        new(OrderEvent, order_id=1, seq=1)
    with pytest.raises(TypeError, match="Citizen: missing or unknown: nick"):
        new(Citizen, nick="小王")


def test_a_reference_is_put_and_taken_away() -> None:
    order, lead = new(WorkOrder), Department(pk=3)
    put(order, lead=lead, title="停水")
    assert (order.lead, order.lead_id, order.title) == (lead, 3, "停水")
    put(order, lead=None)
    assert (order.lead, order.lead_id) == (None, None)
