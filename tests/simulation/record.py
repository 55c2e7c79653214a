# SPDX-License-Identifier: Apache-2.0
"""What stands in the tables of orders, in plain and without surrogate keys: equal for equal histories."""

from typing import Any

from django.db.models import Model

from rexian.orders.models import Assignment, Correction, Extension, OrderEvent, Visit, WorkOrder

BESIDE = (OrderEvent, Assignment, Visit, Extension, Correction)
OWN = {"id", "query_code"}
"""Keys, and the code that only real intake gives."""


def _plain(row: Model, left_out: set[str]) -> dict[str, Any]:
    values = {
        one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields if one.attname not in left_out
    }
    return {name: bytes(value) if isinstance(value, memoryview) else value for name, value in values.items()}


def record() -> dict[str, list[Any]]:
    """By table: its rows as dicts, those beside an order by its number."""
    numbers = dict(WorkOrder.objects.values_list("pk", "number"))
    orders = [_plain(row, OWN) for row in WorkOrder.objects.order_by("serial")]
    for order in orders:
        order["parent_id"] = numbers.get(order["parent_id"])
    told: dict[str, list[Any]] = {"orders": orders}
    for model in BESIDE:
        rows = [_plain(row, OWN) | {"order_id": numbers[row.order_id]} for row in model._default_manager.all()]
        told[model.__name__] = sorted(rows, key=repr)
    named = WorkOrder.named.through.objects.values_list("workorder__number", "user__username")
    return told | {"named": sorted(named)}
