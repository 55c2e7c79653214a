# SPDX-License-Identifier: Apache-2.0
"""Rows of several tables in one statement and one round trip, for what must be quick: an intake writes an order, its events and its receipt."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Field, Model

from rexian.directory import prepared


@cache
def _fields(model: type[Model]) -> tuple["Field[Any, Any]", ...]:
    return tuple(model._meta.concrete_fields)


@cache
def _statement(model: type[Model], columns: tuple[str, ...], before: int) -> str:
    """The INSERT of those columns of a model's row, its places counted on from those before."""
    names = ", ".join(map(connection.ops.quote_name, columns))
    places = ", ".join(f"${before + place}" for place in range(1, len(columns) + 1))
    table = connection.ops.quote_name(model._meta.db_table)
    return f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608  names of our own models


def _stored(row: Model) -> dict[str, Any]:
    """By column what is stored of a row; what is None is left out, for so a column begins."""
    database = connections[DEFAULT_DB_ALIAS]  # each look at `connection` is a search for it
    told = ((one, one.pre_save(row, True)) for one in _fields(type(row)))
    stored = {str(one.column): one.get_db_prep_save(value, database) for one, value in told if value is not None}
    return {column: value for column, value in stored.items() if value is not None}


def insert_together(rows: Sequence[Model]) -> None:
    """Inserts new rows. Those without a key get one of the database's, and do not learn it: give a row its key where others refer to it."""
    statements: list[str] = []
    values: list[Any] = []
    for row in rows:
        stored = _stored(row)
        statements.append(_statement(type(row), tuple(stored), len(values)))
        values += stored.values()
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    *first, last = statements
    beside = ", ".join(f"row_{place} AS ({one})" for place, one in enumerate(first))
    prepared.execute(f"WITH {beside} {last}" if first else last, values)
