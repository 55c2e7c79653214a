# SPDX-License-Identifier: Apache-2.0
"""Rows of several tables in one statement and one round trip, for what must be quick: an intake writes an order, its events and its receipt."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Field, Model


@cache
def _statement(model: type[Model], keyed: bool) -> tuple[str, tuple["Field[Any, Any]", ...]]:
    """The INSERT of a model's row and the fields that it takes; without the key where the database gives it."""
    columns = tuple(one for one in model._meta.concrete_fields if keyed or not one.primary_key)
    names = ", ".join(connection.ops.quote_name(str(one.column)) for one in columns)
    places = ", ".join(["%s"] * len(columns))
    table = connection.ops.quote_name(model._meta.db_table)
    return f"INSERT INTO {table} ({names}) VALUES ({places})", columns  # noqa: S608  names of our own models


def insert_together(rows: Sequence[Model]) -> None:
    """Inserts new rows. Those without a key get one of the database's, and do not learn it: give a row its key where others refer to it."""
    statements: list[str] = []
    values: list[Any] = []
    for row in rows:
        statement, columns = _statement(type(row), row.pk is not None)
        statements.append(statement)
        values += [one.get_db_prep_save(one.pre_save(row, True), connection) for one in columns]
        row._state.adding, row._state.db = False, connection.alias
    *first, last = statements
    beside = ", ".join(f"row_{place} AS ({one})" for place, one in enumerate(first))
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {beside} {last}" if first else last, values)
