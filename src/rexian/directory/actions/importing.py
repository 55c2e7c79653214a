# SPDX-License-Identifier: Apache-2.0
"""Import and export of the directory's tables: all of a file or nothing of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from rexian.directory import importing
from rexian.directory.actions.citizens import identify_citizen
from rexian.directory.importing import BadFile, Problem, Row
from rexian.directory.models import Area, CalendarDay, CatalogueLine, Category, Citizen, Department, Staff
from rexian.directory.queries import forget
from rexian.security.errors import Refusal
from rexian.security.identity import By
from rexian.security.models import User


@dataclass(slots=True)
class Imported:
    """What an import came to, in rows."""

    added: int = 0
    changed: int = 0
    same: int = 0

    def count(self, one: Model, values: dict[str, Any], keys: dict[str, Any]) -> Any:
        """Saves `values` over a row (or as a new one with `keys`) if they differ, and counts which it was."""
        if one.pk is None:
            for name, value in (keys | values).items():
                setattr(one, name, value)
            one.save(force_insert=True)
            self.added += 1
        elif any(getattr(one, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(one, name, value)
            one.save()
            self.changed += 1
        else:
            self.same += 1
        return one


class _Known:
    """Rows of a table by code; a code that is not there is a problem of the line that names it."""

    def __init__(self, model: type[Any], problems: list[Problem]) -> None:
        self.rows: dict[str, Any] = {row.code: row for row in model.objects.all()}
        self.problems = problems

    def get(self, row: Row, column: str, code: str | None = None) -> Any:
        code = row.get(column) if code is None else code
        if not code:
            return None
        if code not in self.rows:
            self.problems.append(Problem(row["line"], column, code, _("没有这个代码")))
        return self.rows.get(code)


def import_table(*, name: str, content: bytes, by: By) -> Imported:
    """Takes a CSV file into a table of the directory; raises BadFile with every problem, and then nothing was taken."""
    table = importing.TABLES[name]
    rows = importing.read(table, content)
    problems: list[Problem] = []
    with transaction.atomic():
        done = _WRITERS[name](rows, problems, by)
        if problems:
            raise BadFile(sorted(problems, key=lambda problem: problem.line))
    forget()
    return done


def _by_level(rows: list[Row], known: dict[str, Any], problems: list[Problem]) -> Iterator[Row]:
    """Rows of a tree, parents before children; a parent must be one level above."""
    levels = {code: row.level for code, row in known.items()} | {row["code"]: row["level"] for row in rows}
    for row in sorted(rows, key=lambda row: row["level"]):
        above = levels.get(row["parent"]) if row["parent"] else 0
        if above is None:
            problems.append(Problem(row["line"], "parent", row["parent"], _("没有这个上级")))
        elif above != row["level"] - 1:
            problems.append(Problem(row["line"], "parent", row["parent"], _("上级须高一级")))
        else:
            yield row


def stem_of(code: str) -> str:
    """An area's code without its trailing pairs of zeros: 990100 → 9901."""
    while (len(code) == 6 and code.endswith("00")) or (len(code) == 4 and code.endswith("00")):
        code = code[:-2]
    return code


def _areas(rows: list[Row], problems: list[Problem], by: By) -> Imported:
    known, done = _Known(Area, problems), Imported()
    for row in _by_level(rows, known.rows, problems):
        values = {name: row[name] for name in ("name", "level", "longitude", "latitude", "outline")}
        values |= {"parent": known.get(row, "parent"), "stem": stem_of(row["code"])}
        one = known.rows.get(row["code"]) or Area()
        known.rows[row["code"]] = done.count(one, values, {"code": row["code"]})
    return done


def _categories(rows: list[Row], problems: list[Problem], by: By) -> Imported:
    known, done = _Known(Category, problems), Imported()
    for row in _by_level(rows, known.rows, problems):
        if (row["limit"] is None) != (not row["limit_unit"]):
            problems.append(Problem(row["line"], "limit", str(row["limit"] or ""), _("办理时限和单位须同时填写")))
            continue
        parent = known.get(row, "parent")
        names = ("name", "level", "keywords", "default_kind", "service", "limit", "limit_unit")
        full = f"{parent.full_name} › {row['name']}" if parent else row["name"]
        values = {name: row[name] for name in names} | {"parent": parent, "full_name": full}
        one = known.rows.get(row["code"]) or Category()
        known.rows[row["code"]] = done.count(one, values, {"code": row["code"]})
    return done


def _departments(rows: list[Row], problems: list[Problem], by: By) -> Imported:
    known, areas, done = _Known(Department, problems), _Known(Area, problems), Imported()
    waiting = rows
    while waiting:  # parents first, however the file is ordered
        ready = [row for row in waiting if not row["parent"] or row["parent"] in known.rows]
        if not ready:
            problems += [Problem(row["line"], "parent", row["parent"], _("没有这个上级")) for row in waiting]
            break
        for row in ready:
            names = ("name", "short", "internal", "contact", "telephone", "duties")
            parent = known.get(row, "parent")
            values = {name: row[name] for name in names} | {"parent": parent, "area": areas.get(row, "area")}
            if row["internal"] and parent is None:
                problems.append(Problem(row["line"], "internal", "yes", _("内设机构须有上级")))
                continue
            one = done.count(known.rows.get(row["code"]) or Department(), values, {"code": row["code"]})
            one.path = f"{parent.path if parent else '/'}{one.pk}/"
            one.save(update_fields=["path"])
            known.rows[row["code"]] = one
        taken = {row["code"] for row in ready}
        waiting = [row for row in waiting if row["code"] not in taken]
    return done


def _catalogue(rows: list[Row], problems: list[Problem], by: By) -> Imported:
    """A line with a number that is there already ends the line before and begins another (the history of the catalogue)."""
    categories, areas, departments = (_Known(model, problems) for model in (Category, Area, Department))
    lines = {(line.number, line.since): line for line in CatalogueLine.objects.select_for_update()}
    done = Imported()
    for row in sorted(rows, key=lambda row: (row["number"], row["since"])):
        assisting = [found.pk for code in row["assisting"] if (found := departments.get(row, "assisting", code))]
        values = {
            "category": categories.get(row, "category"),
            "area": areas.get(row, "area"),
            "lead": departments.get(row, "lead"),
            "assisting": assisting,
            "until": row["until"],
            "basis": row["basis"],
        }
        if row["until"] and row["until"] <= row["since"]:
            problems.append(Problem(row["line"], "until", str(row["until"]), _("失效日期须晚于生效日期")))
        if problems:
            continue
        before = [
            line for (number, _since), line in lines.items() if number == row["number"] and line.since < row["since"]
        ]
        for line in before:
            if line.until is None:
                line.until = row["since"]
                line.save(update_fields=["until"])
        key = {"number": row["number"], "since": row["since"]}
        one = done.count(lines.get((row["number"], row["since"])) or CatalogueLine(), values, key)
        lines[one.number, one.since] = one
    return done


def _staff(rows: list[Row], problems: list[Problem], by: By) -> Imported:
    departments, areas, done = _Known(Department, problems), _Known(Area, problems), Imported()
    users = {user.username: user for user in User.objects.all()}
    staff = {one.user_id: one for one in Staff.objects.all()}
    for row in rows:
        department = departments.get(row, "department")
        inside = [found for code in row["areas"] if (found := areas.get(row, "areas", code))]
        if problems:
            continue
        values = {name: row[name] for name in ("name", "number", "post")}
        # A new account has no usable password until one is set.
        user = users.get(row["username"]) or User(password=make_password(None))
        user = done.count(user, values, {"username": row["username"]})
        one = Imported().count(staff.get(user.pk) or Staff(), {"department": department}, {"user": user})
        one.areas.set(inside)
    return done


def _calendar(rows: list[Row], problems: list[Problem], by: By) -> Imported:
    days, done = {day.day: day for day in CalendarDay.objects.all()}, Imported()
    for row in rows:
        values = {"working": row["working"], "reason": row["reason"]}
        done.count(days.get(row["day"]) or CalendarDay(), values, {"day": row["day"]})
    return done


def _citizens(rows: list[Row], problems: list[Problem], by: By) -> Imported:
    done, before = Imported(), Citizen.objects.count()
    for row in rows:
        try:
            if not row["telephone"] and not row["wechat"]:
                raise Refusal(_("电话和微信至少填一项"), field="telephone")
            one = identify_citizen(
                by=by, telephone=row["telephone"], wechat=row["wechat"], name=row["name"], address=row["address"]
            )
        except Refusal as error:
            problems.append(Problem(row["line"], error.field, row.get(error.field) or "", error.message))
            continue
        done.count(one, {"salutation": row["salutation"] or one.salutation}, {})
    done.added = Citizen.objects.count() - before
    return done


_WRITERS: dict[str, Callable[[list[Row], list[Problem], By], Imported]] = {
    "areas": _areas,
    "departments": _departments,
    "categories": _categories,
    "catalogue": _catalogue,
    "staff": _staff,
    "calendar": _calendar,
    "citizens": _citizens,
}


def export_table(name: str) -> Iterator[str]:
    """A table of the directory as the lines of a CSV file that can be imported again. Citizens are exported masked, by governance."""
    return importing.write(importing.TABLES[name], _ROWS[name]())


def _plain(model: type[Any], *refs: str) -> Callable[[], Iterator[dict[str, Any]]]:
    def rows() -> Iterator[dict[str, Any]]:
        for one in model.objects.select_related(*refs).iterator(chunk_size=1000):
            yield {**one.__dict__, **{ref: getattr(one, ref).code if getattr(one, ref) else "" for ref in refs}}

    return rows


def _catalogue_rows() -> Iterator[dict[str, Any]]:
    codes = dict(Department.objects.values_list("pk", "code"))
    for row in _plain(CatalogueLine, "category", "area", "lead")():
        yield row | {"assisting": [codes[pk] for pk in row["assisting"] if pk in codes]}


def _staff_rows() -> Iterator[dict[str, Any]]:
    for one in Staff.objects.select_related("user", "department").prefetch_related("areas"):
        user = one.user
        yield {
            **{name: getattr(user, name) for name in ("username", "name", "number", "post")},
            "department": one.department.code if one.department else "",
            "areas": [area.code for area in one.areas.all()],
        }


_ROWS: dict[str, Callable[[], Iterator[dict[str, Any]]]] = {
    "areas": _plain(Area, "parent"),
    "departments": _plain(Department, "parent", "area"),
    "categories": _plain(Category, "parent"),
    "catalogue": _catalogue_rows,
    "staff": _staff_rows,
    "calendar": _plain(CalendarDay),
}
