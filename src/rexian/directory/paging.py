# SPDX-License-Identifier: Apache-2.0
"""Pages by key: the next page begins after the last row of this one, so a deep page costs what the first does.

Rows are asked for in the very order of an index: by the keys and then the id, all in one direction, and "after" is one comparison of rows,
`(due_at, id) > (…, …)`, which PostgreSQL answers from the index. Rows whose last key is null come last, by a query of their own, since
`NULLS LAST` and `OR … IS NULL` would each make it sort the whole table.
"""

import base64
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.db.models import BooleanField, CharField, DateField, DateTimeField, F, Func, Model, QuerySet, Value

T = TypeVar("T", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows, and the token of the page after, "" where there is none."""

    rows: list[T]
    after: str


def page(rows: QuerySet[T], *keys: str, after: str = "", size: int = 50) -> Page[T]:
    """One page of `rows` ordered by `keys`, which all ascend or all (with a leading `-`) descend, and then by id.

    Only the last key may be null; such rows come last. A bad token means the first page.
    """
    names, down = [key.removeprefix("-") for key in keys], keys[0].startswith("-")
    nullable = bool(_field(rows, names[-1]).null)
    values = _parse(after)
    if values is not None and not _fit(rows, [*names, "pk"], values):
        values = None
    among_nulls = values is not None and nullable and values[-2] is None
    found: list[T] = []
    if not among_nulls:
        known = rows.exclude(**{f"{names[-1]}__isnull": True}) if nullable else rows
        found = _part(known, names, values, down, size + 1)
    if nullable and len(found) <= size:
        unknown = rows.filter(**{f"{names[-1]}__isnull": True})
        last = [*values[:-2], values[-1]] if among_nulls and values else None
        found += _part(unknown, names[:-1], last, down, size + 1 - len(found))
    return Page(found[:size], _token(found[size - 1], names) if len(found) > size else "")


def _field(rows: QuerySet[Any], name: str) -> Any:
    """What a key holds: a column, or an annotation's output, which is never null."""
    if name in rows.query.annotations:
        return rows.query.annotations[name].output_field
    return rows.model._meta.pk if name == "pk" else rows.model._meta.get_field(name)


def _fit(rows: QuerySet[Any], names: list[str], values: list[Any]) -> bool:
    """Whether a token's values can be those of the keys: tokens come back from outside."""
    if len(names) != len(values):
        return False
    pairs = zip(names, values, strict=True)
    return all(type(one) is _sort(_field(rows, name)) or (one is None and name == names[-2]) for name, one in pairs)


def _sort(field: Any) -> type:
    """The type of a key's values."""
    if isinstance(field, DateTimeField):
        return datetime
    if isinstance(field, CharField):
        return str
    return date if isinstance(field, DateField) else int


def _part(rows: QuerySet[T], names: list[str], after: list[Any] | None, down: bool, most: int) -> list[T]:
    """The first rows after `after` by `names` and id."""
    columns = [F(name) for name in (*names, "pk")]
    if after is not None:
        comparison = Func(
            _row(columns), _row([Value(value) for value in after]), template="%(expressions)s",
            arg_joiner=" < " if down else " > ", output_field=BooleanField(),
        )  # fmt: skip
        rows = rows.filter(comparison)
        if names:  # what the comparison says already, for an index of another table than the id's
            rows = rows.filter(**{f"{names[0]}__{'lte' if down else 'gte'}": after[0]})
    return list(rows.order_by(*(one.desc() if down else one.asc() for one in columns))[:most])


def _row(parts: list[Any]) -> Func:
    return Func(*parts, template="ROW(%(expressions)s)", output_field=BooleanField())


def _token(row: Model, names: list[str]) -> str:
    values = [getattr(row, name) for name in names]
    told = [_told(value) for value in values]
    return base64.urlsafe_b64encode(json.dumps([*told, row.pk]).encode()).decode().rstrip("=")


def _told(value: Any) -> Any:
    """A value in JSON types: moments as {"t"}, days as {"d"}."""
    if isinstance(value, date):
        return {"t" if isinstance(value, datetime) else "d": value.isoformat()}
    return value


def _read(told: Any) -> Any:
    if not isinstance(told, dict):
        return told
    return datetime.fromisoformat(told["t"]) if "t" in told else date.fromisoformat(told["d"])


def _parse(token: str) -> list[Any] | None:
    try:
        told = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        values = [_read(one) for one in told]
    except (ValueError, TypeError, KeyError):
        return None
    return values
