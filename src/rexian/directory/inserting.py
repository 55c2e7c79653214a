# SPDX-License-Identifier: Apache-2.0
"""Rows of several tables in one statement and one round trip, for what must be quick: an intake writes an order, its events and its receipt."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Field, Model

from rexian.directory import prepared


@cache
def _fields(model: type[Model]) -> tuple["Field[Any, Any]", ...]:
    return tuple(model._meta.concrete_fields)


@cache
def _statement(model: type[Model], columns: tuple[str, ...]) -> str:
    """The INSERT of those columns of a model's row."""
    names = ", ".join(map(connection.ops.quote_name, columns))
    places = ", ".join(["%s"] * len(columns))
    table = connection.ops.quote_name(model._meta.db_table)
    return f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608  names of our own models


def _given(row: Model) -> tuple[str, list[Any]]:
    """A row's INSERT with its values; what is None is left out, for so a column begins."""
    columns: list[str] = []
    values: list[Any] = []
    for one in _fields(type(row)):
        value = one.get_db_prep_save(one.pre_save(row, True), connection)
        if value is not None:
            columns.append(str(one.column))
            values.append(value)
    return _statement(type(row), tuple(columns)), values


def insert_together(rows: Sequence[Model]) -> None:
    """Inserts new rows. Those without a key get one of the database's, and do not learn it: give a row its key where others refer to it."""
    statements: list[str] = []
    values: list[Any] = []
    for row in rows:
        statement, given = _given(row)
        statements.append(statement)
        values += given
        row._state.adding, row._state.db = False, connection.alias
    *first, last = statements
    beside = ", ".join(f"row_{place} AS ({one})" for place, one in enumerate(first))
    prepared.execute(f"WITH {beside} {last}" if first else last, values)
