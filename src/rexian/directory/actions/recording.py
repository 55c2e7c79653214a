# SPDX-License-Identifier: Apache-2.0
"""One row of the directory, saved with a record of what changed. Everything that changes master data goes through `put`."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import ForeignKey, Model
from django.utils import timezone
from django.utils.translation import gettext as _

from rexian.directory.models import Change
from rexian.security.errors import Forbidden, Refusal
from rexian.security.identity import By
from rexian.security.posts import Outsider, Post

KEEPERS = frozenset({Post.STEWARD, Post.ADMINISTRATOR, Outsider.SYSTEM})
"""Who keeps the directory; the system is the operator at a shell."""


class Outcome(StrEnum):
    """What came of saving a row."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"


def may_keep(by: By) -> None:
    """Raises Forbidden for those who do not keep the directory."""
    if by.role not in KEEPERS:
        raise Forbidden(_("名录由数据管理员和管理员维护。"))


def put(*, by: By, row: Model, subject: str, values: Mapping[str, Any], reason: str = "") -> Outcome:
    """Saves `values` over a row, or as a new one, and records each field before and after, with the reason if one is given.

    Nothing is written where nothing changes.

    Raises Refusal at the field whose value the model does not take.
    """
    new = row._state.adding
    differing = {
        name: value for name, value in values.items() if new or getattr(row, _column(row, name)) != _stored(value)
    }
    if not differing:
        return Outcome.SAME
    before = None if new else {name: _told(getattr(row, name)) for name in differing}
    for name, value in differing.items():
        setattr(row, name, value)
    check_fields(row, differing)
    row.save(update_fields=None if new else differing)
    after = {name: _told(value) for name, value in differing.items()} | ({"reason": reason} if reason else {})
    record(by=by, table=str(row._meta.model_name), subject=subject, before=before, after=after)
    return Outcome.ADDED if new else Outcome.CHANGED


def record(*, by: By, table: str, subject: str, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> None:
    """Writes down a change of the directory."""
    Change.objects.create(
        at=timezone.now(), user_id=by.user_id, role=by.role, table=table, subject=subject, before=before, after=after
    )


def _column(row: Model, name: str) -> str:
    """The attribute under which a field's stored value is found without a query."""
    field = row._meta.get_field(name)
    return field.attname if isinstance(field, ForeignKey) else name


def _stored(value: Any) -> Any:
    return value.pk if isinstance(value, Model) else value


def _told(value: Any) -> Any:
    if isinstance(value, Model):
        return getattr(value, "code", None) or value.pk
    return value


def check_fields(row: Model, values: Collection[str]) -> None:
    """Lengths, choices and what must not be empty; of a row that is there, only those in `values`."""
    fields = row._meta.concrete_fields
    unasked = {f.name for f in fields if f.is_relation or not f.editable or not (row._state.adding or f.name in values)}
    try:
        row.clean_fields(exclude=unasked)
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Refusal(messages[0], field=field) from None
