# SPDX-License-Identifier: Apache-2.0
"""Export of the directory's tables as CSV that can be imported again. An export of citizens in full is written down, with its reason."""

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from rexian.directory import csvfiles
from rexian.directory.actions.recording import may_keep
from rexian.directory.models import Area, CalendarDay, CatalogueLine, Category, Citizen, Department, Identity, Staff
from rexian.directory.tables import TABLES
from rexian.security.actions import record_access
from rexian.security.errors import Refusal
from rexian.security.identity import By
from rexian.security.masking import show

CHUNK = 1000
Cells = dict[str, Any]


def export_table(*, by: By, name: str, full: bool = False, reason: str = "") -> Iterator[str]:
    """The lines of a table of the directory (a name of TABLES) as CSV.

    Citizens are masked as the post of `by` sees them; `full` shows them, needs an account and a reason, and is audited.
    """
    may_keep(by)
    table = TABLES[name]
    rows = _citizens(None if _audited(by, full, reason) else by) if name == "citizens" else _ROWS[name]()
    heading = [str(column.title) for column in table.columns]
    return csvfiles.write(heading, ([row.get(column.name) for column in table.columns] for row in rows))


def _audited(by: By, full: bool, reason: str) -> bool:
    if full and by.user_id is None:
        raise Refusal(_("完整导出诉求人须指明账号。"), field="by")
    if full:
        record_access(
            by=by, act="export", subject="citizens", fields="name,telephone,wechat,id_number,address", reason=reason
        )
    return full


def _citizens(masked_for: By | None) -> Iterator[Cells]:
    def shown(sort: str, value: str) -> str:
        return show(sort, value, masked_for) if masked_for else value

    for one in Citizen.objects.filter(merged_into=None).order_by("pk").prefetch_related("identities").iterator(CHUNK):
        cells: Cells = {
            "salutation": one.salutation,
            "name": shown("name", one.name),
            "address": shown("address", one.address),
        }
        for sort in Identity.Sort.values:
            cells[sort] = [shown(sort, identity.value) for identity in one.identities.all() if identity.sort == sort]
        yield cells


def _plain(model: type[Any], *references: str) -> Callable[[], Iterator[Cells]]:
    """The rows of a model, with the codes of those that they refer to."""

    def rows() -> Iterator[Cells]:
        for one in model.objects.select_related(*references).iterator(CHUNK):
            codes = {name: getattr(one, name).code if getattr(one, name) else "" for name in references}
            yield {**one.__dict__, **codes}

    return rows


def _catalogue() -> Iterator[Cells]:
    codes = dict(Department.objects.values_list("pk", "code"))
    for row in _plain(CatalogueLine, "category", "area", "lead")():
        yield row | {"assisting": [codes[pk] for pk in row["assisting"]]}


def _staff() -> Iterator[Cells]:
    everyone = Staff.objects.select_related("user", "department").prefetch_related("areas").order_by("user__number")
    for one in everyone:
        user = one.user
        yield {
            "username": user.username,
            "name": user.name,
            "number": user.number,
            "post": user.post,
            "active": user.is_active,
            "extension": one.extension,
            "department": one.department.code if one.department else "",
            "areas": [area.code for area in one.areas.all()],
        }


_ROWS: dict[str, Callable[[], Iterator[Cells]]] = {
    "areas": _plain(Area, "parent"),
    "departments": _plain(Department, "parent", "area"),
    "categories": _plain(Category, "parent"),
    "catalogue": _catalogue,
    "staff": _staff,
    "calendar": _plain(CalendarDay),
}
