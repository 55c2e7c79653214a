# SPDX-License-Identifier: Apache-2.0
"""The two trees: categories and departments. What follows from a place in the tree is kept right below it as well."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from rexian.directory.actions.recording import Outcome, may_keep, put
from rexian.directory.models import Category, Department
from rexian.directory.queries import forget
from rexian.directory.trees import SEPARATOR
from rexian.security.errors import Refusal
from rexian.security.identity import By

DEEPEST = 3


@transaction.atomic
def save_category(*, by: By, category: Category, values: Mapping[str, Any]) -> Outcome:
    """Saves a category (a new one bears its code); level and full name follow from `parent`, here and below. Raises Refusal."""
    may_keep(by)
    values = dict(values)
    parent = values.get("parent", category.parent)
    _check_above(category, parent, active=values.get("active", category.active))
    level = parent.level + 1 if parent else 1
    if (told := values.pop("level", None)) not in (None, level):
        raise Refusal(
            _("上级之下应为第 %(level)s 级，所填级别是 %(told)s。") % {"level": level, "told": told}, field="level"
        )
    _check_limit(category, values)
    name = values.get("name", category.name)
    values |= {"level": level, "full_name": f"{parent.full_name}{SEPARATOR}{name}" if parent else name}
    outcome = _put(by, category, values)
    if outcome is Outcome.CHANGED:
        for child in category.children.all():
            save_category(
                by=by, category=child, values={"parent": category, "active": child.active and category.active}
            )
    forget()
    return outcome


@transaction.atomic
def save_department(*, by: By, department: Department, values: Mapping[str, Any]) -> Outcome:
    """Saves a department (a new one bears its code); those below move with it and go out of use with it. Raises Refusal."""
    may_keep(by)
    parent = values.get("parent", department.parent)
    _check_above(department, parent, active=values.get("active", department.active))
    if values.get("internal", department.internal) and parent is None:
        raise Refusal(_("内设机构须有上级。"), field="parent")
    outcome = _put(by, department, dict(values))
    _move(department, f"{parent.path if parent else '/'}{department.pk}/")
    if outcome is Outcome.CHANGED and not department.active:
        for child in department.children.filter(active=True):
            save_department(by=by, department=child, values={"active": False})
    forget()
    return outcome


def _put(by: By, row: Category | Department, values: dict[str, Any]) -> Outcome:
    own = {"code": row.code} if row._state.adding else {}
    return put(by=by, row=row, subject=row.code, values=own | values)


def _check_above(row: Category | Department, parent: Category | Department | None, *, active: bool) -> None:
    above, height = parent, 0
    while above is not None:
        if row.pk is not None and above.pk == row.pk:
            raise Refusal(_("不能成为自己的下级。"), field="parent")
        above, height = above.parent, height + 1
    if isinstance(row, Category) and height >= DEEPEST:
        raise Refusal(_("分类最多三级。"), field="parent")
    if active and parent is not None and not parent.active:
        raise Refusal(_("上级“%(name)s”已停用。") % {"name": parent.name}, field="parent")


def _check_limit(category: Category, values: Mapping[str, Any]) -> None:
    limit, unit = values.get("limit", category.limit), values.get("limit_unit", category.limit_unit)
    if limit == 0:
        raise Refusal(_("办理时限应大于零。"), field="limit")
    if bool(limit) != bool(unit):
        raise Refusal(_("办理时限和单位须同时填写。"), field="limit" if unit else "limit_unit")


def _move(department: Department, path: str) -> None:
    old = department.path
    if old == path:
        return
    if old:
        below = Department.objects.filter(path__startswith=old).exclude(pk=department.pk)
        below.update(path=Concat(Value(path), Substr(F("path"), len(old) + 1)))
    department.path = path
    department.save(update_fields=["path"])
