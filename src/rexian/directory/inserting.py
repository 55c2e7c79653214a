# SPDX-License-Identifier: Apache-2.0
"""Rows made and written for what must be quick: an intake writes an order, its events and its receipt in one statement and one round trip."""

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import NOT_PROVIDED, ForeignKey, Model
from django.db.models.base import ModelState

from rexian.directory import prepared

M = TypeVar("M", bound=Model)


@cache
def _blank(model: type[Model]) -> dict[str, Any]:
    """What a new row holds where nothing is given; a field whose default is made anew for each row is left out."""
    return {
        one.attname: one.get_default()
        for one in model._meta.concrete_fields
        if one.default is NOT_PROVIDED or not callable(one.default)
    }


@cache
def _references(model: type[Model]) -> dict[str, tuple[str, str]]:
    """By the name of each foreign key the attribute that holds its value, and that of the other row which is its value."""
    keys = [one for one in model._meta.concrete_fields if isinstance(one, ForeignKey)]
    return {one.name: (one.attname, str(one.target_field.attname)) for one in keys}


def put(row: Model, /, **values: Any) -> None:
    """Sets fields of a row, references by their object, as assignments would, in a fifth of the time: no router is asked about our one database."""
    references, own = _references(type(row)), row.__dict__
    for name, value in values.items():
        if name in references:
            attribute, key = references[name]
            own[attribute] = None if value is None else getattr(value, key)
            row._state.fields_cache[name] = value
        else:
            own[name] = value


def new(model: type[M], /, **values: Any) -> M:
    """An unsaved row as `model(**values)` makes it, in a fifth of the time: nobody here listens to the signals of that.

    A field whose default is made anew for each row must be given. Raises TypeError for one that is missing or unknown.
    """
    row = model.__new__(model)
    row._state = ModelState()
    row.__dict__.update(_blank(model))
    put(row, **values)
    if len(row.__dict__) != len(model._meta.concrete_fields) + 1:
        names = {one.attname for one in model._meta.concrete_fields} ^ (row.__dict__.keys() - {"_state"})
        raise TypeError(f"{model.__name__}: missing or unknown: {', '.join(sorted(names))}")
    return row


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
    told = ((one, one.pre_save(row, True)) for one in row._meta.concrete_fields)
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
