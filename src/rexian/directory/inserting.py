# SPDX-License-Identifier: Apache-2.0
"""Rows made and written for what must be quick: an intake writes an order, its events and its receipt in one statement and one round trip."""

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import NOT_PROVIDED, Field, ForeignKey, Model
from django.db.models.base import ModelState

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
