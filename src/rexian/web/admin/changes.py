# SPDX-License-Identifier: Apache-2.0
"""The history of a row of the directory in words: who, when, each field before and after."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.translation import gettext as _

from rexian.directory import models
from rexian.directory.models import Change
from rexian.orders.models import TextTemplate
from rexian.security.models import User

MOST = 30
MODELS: dict[str, type[Model]] = {
    str(one._meta.model_name): one
    for one in (
        models.Area,
        models.CalendarDay,
        models.CatalogueLine,
        models.Category,
        models.City,
        models.Department,
        models.Staff,
        TextTemplate,
        User,
    )
}
UNTOLD = {"path", "stem", "outline", "user"}
"""What follows from other fields, or is too long to read."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a change; `before` is "" of a new row."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Told:
    """One change as the page tells it."""

    at: datetime
    who: str
    what: str
    subject: str
    new: bool
    fields: list[Field]
    reason: str


def of(*tables: str, subject: str | None = None, most: int = MOST) -> list[Told]:
    """The newest changes of some tables, of one subject or of all."""
    rows = Change.objects.filter(table__in=tables).select_related("user").order_by("-at", "-pk")
    return told(rows.filter(subject=subject)[:most] if subject is not None else rows[:most])


def told(rows: Iterable[Change]) -> list[Told]:
    """Changes in words."""
    return [_told(row) for row in rows]


def _told(row: Change) -> Told:
    model = MODELS.get(row.table)
    before = row.before or {}
    fields = [
        Field(
            _label(model, name), _value(model, name, before[name]) if name in before else "", _value(model, name, new)
        )
        for name, new in row.after.items()
        if name not in UNTOLD and (name != "reason" or model is models.CalendarDay)
    ]
    what = str(model._meta.verbose_name) if model else row.table
    who = row.user.name if row.user else _("系统")
    return Told(
        row.at,
        who,
        what,
        row.subject,
        row.before is None,
        fields,
        row.after.get("reason", "") if model is models.City else "",
    )


def _field(model: type[Model] | None, name: str) -> Any:
    """The field of a change, or None of one that the model no longer has."""
    try:
        return model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None


def _label(model: type[Model] | None, name: str) -> str:
    return str(getattr(_field(model, name), "verbose_name", name))


def _value(model: type[Model] | None, name: str, value: Any) -> str:
    choices = dict(getattr(_field(model, name), "flatchoices", ()))
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return "、".join(map(str, value)) or _("无")
    return str(choices.get(value, value)) if value not in (None, "") else _("无")
