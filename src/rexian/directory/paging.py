# SPDX-License-Identifier: Apache-2.0
"""Pages by key: the next page begins after the last row of this one, so a deep page costs what the first does."""

import base64
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import F, Model, Q, QuerySet

T = TypeVar("T", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows, and the token of the page after, "" where there is none."""

    rows: list[T]
    after: str


def page(rows: QuerySet[T], *keys: str, after: str = "", size: int = 50) -> Page[T]:
    """One page of `rows` ordered by `keys` (a leading `-` descends; nulls come last) and then by id. A bad token means the first page."""
    ordering = [
        F(key.removeprefix("-")).desc(nulls_last=True) if key[0] == "-" else F(key).asc(nulls_last=True) for key in keys
    ]
    found = list(_after(rows, keys, after).order_by(*ordering, "pk")[: size + 1])
    token = _token(found[size - 1], keys) if len(found) > size else ""
    return Page(found[:size], token)


def _token(row: Model, keys: tuple[str, ...]) -> str:
    values = [getattr(row, key.removeprefix("-")) for key in keys]
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


def _after(rows: QuerySet[T], keys: tuple[str, ...], after: str) -> QuerySet[T]:
    values = _parse(after, len(keys) + 1)
    if values is None:
        return rows
    passed, same = Q(pk__in=()), Q()
    for key, value in zip((*keys, "pk"), values, strict=True):
        name, down = key.removeprefix("-"), key.startswith("-")
        if value is not None:  # after a null there are only equal nulls
            passed |= same & (Q(**{f"{name}__{'lt' if down else 'gt'}": value}) | Q(**{f"{name}__isnull": True}))
        same &= Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})
    try:
        return rows.filter(passed)
    except (ValidationError, TypeError, ValueError):  # values of other types than the keys'
        return rows


def _parse(token: str, length: int) -> list[Any] | None:
    try:
        told = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        values = [_read(one) for one in told]
    except (ValueError, TypeError, KeyError):
        return None
    return values if len(values) == length else None
