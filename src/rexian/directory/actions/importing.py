# SPDX-License-Identifier: Apache-2.0
"""Import of the directory's tables: all of a file or nothing of it, and the same file twice changes nothing."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any, BinaryIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from rexian.directory import importing, trees
from rexian.directory.actions.catalogue import Catalogue, Duty, end_line
from rexian.directory.actions.citizens_file import take_citizens
from rexian.directory.actions.places import save_area, save_day
from rexian.directory.actions.recording import Outcome, may_keep
from rexian.directory.actions.staff import save_staff
from rexian.directory.actions.trees import save_category, save_department
from rexian.directory.importing import Report, Row
from rexian.directory.models import Area, CalendarDay, CatalogueLine, Category, Department
from rexian.directory.queries import forget
from rexian.directory.tables import TABLES
from rexian.security.errors import Refusal
from rexian.security.identity import By
from rexian.security.models import User

Rows = Iterator[Row]


class Overlooked(Exception):  # noqa: N818
    """A line that depends on another one of the file which is told to be wrong already."""


@dataclass
class Codes:
    """The rows of a table by code, with those that the file at hand adds; `bad` are those of its lines that were wrong."""

    model: type[Any]
    rows: dict[str, Any] = field(init=False)
    bad: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.rows = {row.code: row for row in self.model.objects.all()}

    def find(self, code: str | None, column: str) -> Any:
        """The row of a code, None for an empty one; raises Refusal."""
        if not code:
            return None
        if code in self.bad:
            raise Overlooked
        if code not in self.rows:
            raise Refusal(_("没有代码 %(code)s") % {"code": code}, field=column)
        return self.rows[code]

    def named(self, row: Row, *columns: str) -> dict[str, Any]:
        """The rows that a line names in these columns."""
        return {column: self.find(row.get(column), column) for column in columns if column in row.values}


def import_table(
    *, by: By, name: str, file: BinaryIO, complete: bool = False, renamed: Mapping[str, str] | None = None
) -> Report:
    """Takes a seekable CSV file into a table of the directory (a name of TABLES); raises BadFile, and then nothing was taken.

    `complete`: the file names all there is, and what it does not name goes out of use. `renamed`: field → heading in this file.
    """
    may_keep(by)
    report = Report(TABLES[name])
    known = trees.paths(Category.objects.values_list("code", "full_name")) if name == "categories" else None
    with transaction.atomic():
        _TAKERS[name](importing.read(report.table, file, report, renamed=renamed, known=known), report, by)
        report.check()
        if complete:
            report.ended = _end_unnamed(report, by)
    forget()
    return report


def _each(rows: Iterable[Row], report: Report, save: Callable[[Row], Outcome], bad: set[str] | None = None) -> None:
    """Saves row after row; what is refused is told at its line."""
    for row in rows:
        try:
            outcome = save(row)
        except Overlooked:
            continue
        except Refusal as refusal:
            report.wrong(row.line, refusal.field, row.get(refusal.field), refusal.message.removesuffix("。"))
            if bad is not None:
                bad.add(row.values["code"])
            continue
        setattr(report, outcome, getattr(report, outcome) + 1)


def _parents_first(rows: Rows, report: Report) -> Iterator[Row]:
    """A tree's rows in an order in which each comes after the one above it."""
    by_code = {row.values["code"]: row for row in rows}
    sorter = TopologicalSorter(
        {code: [row.get("parent")] if row.get("parent") in by_code else [] for code, row in by_code.items()}
    )
    try:
        order = list(sorter.static_order())
    except CycleError as error:
        for code in error.args[1][1:]:
            report.wrong(by_code[code].line, "parent", by_code[code].get("parent"), _("上下级成了环"))
        return
    yield from (by_code[code] for code in order)


def _saver(
    codes: Codes, save: Callable[[Any, dict[str, Any]], Outcome], **references: Codes
) -> Callable[[Row], Outcome]:
    """Saves a row that is known by its code, with the rows that its columns name."""

    def one(row: Row) -> Outcome:
        values = dict(row.values)
        for column, there in references.items():
            values |= there.named(row, column)
        thing = codes.rows.get(values["code"]) or codes.model(code=values["code"])
        outcome = save(thing, values)
        codes.rows[values["code"]] = thing
        return outcome

    return one


def _areas(rows: Rows, report: Report, by: By) -> None:
    codes = Codes(Area)
    from_above = sorted(rows, key=lambda row: (len(row.values["code"]), not row.values["code"].endswith("00")))
    save = _saver(codes, lambda area, values: save_area(by=by, area=area, values=values), parent=codes)
    _each(from_above, report, save, codes.bad)


def _categories(rows: Rows, report: Report, by: By) -> None:
    codes = Codes(Category)
    save = _saver(codes, lambda category, values: save_category(by=by, category=category, values=values), parent=codes)
    _each(_parents_first(rows, report), report, save, codes.bad)


def _departments(rows: Rows, report: Report, by: By) -> None:
    codes = Codes(Department)
    save = _saver(
        codes, lambda one, values: save_department(by=by, department=one, values=values), parent=codes, area=Codes(Area)
    )
    _each(_parents_first(rows, report), report, save, codes.bad)


def _catalogue(rows: Rows, report: Report, by: By) -> None:
    categories, areas, departments = Codes(Category), Codes(Area), Codes(Department)
    catalogue = Catalogue.of()

    def save(row: Row) -> Outcome:
        named = categories.named(row, "category") | areas.named(row, "area") | departments.named(row, "lead")
        assisting = [departments.find(code, "assisting") for code in row.get("assisting") or ()]
        duty = Duty(
            named["category"], named.get("area"), named["lead"], row.values["since"], assisting, row.get("basis") or ""
        )
        return _take_line(catalogue, by, duty, row)

    _each(sorted(rows, key=lambda row: row.values["since"]), report, save)


def _take_line(catalogue: Catalogue, by: By, duty: Duty, row: Row) -> Outcome:
    """A line that is there already may only be ended; any other begins."""
    there = next((line for line in catalogue.lines[duty.place] if line.since == duty.since), None)
    if there is None or not duty.of(there) or row.get("number") not in (None, there.number):
        return catalogue.begin(by, duty, until=row.get("until"), number=row.get("number"))
    if row.get("until") is None or row.get("until") == there.until:
        return Outcome.SAME
    return catalogue.end(by, there, row.values["until"])


def _staff(rows: Rows, report: Report, by: By) -> None:
    departments, areas = Codes(Department), Codes(Area)
    users = {user.username: user for user in User.objects.all()}

    def save(row: Row) -> Outcome:
        values = row.values | departments.named(row, "department")
        if "areas" in values:
            values["areas"] = [areas.find(code, "areas") for code in values["areas"]]
        user = users.get(values["username"]) or User(username=values["username"])
        return save_staff(by=by, user=user, values=values)

    _each(rows, report, save)


def _calendar(rows: Rows, report: Report, by: By) -> None:
    days = {day.day: day for day in CalendarDay.objects.all()}

    def save(row: Row) -> Outcome:
        day = days.get(row.values["day"]) or CalendarDay(day=row.values["day"])
        return save_day(by=by, day=day, values=row.values)

    _each(rows, report, save)


def _end_unnamed(report: Report, by: By) -> int:
    """Takes out of use what a complete file does not name; returns how many."""
    name, named = report.table.name, report.keys
    if name == "catalogue":
        return _end_lines({(category, area or "") for category, area, _since in named}, by)
    if name not in _ENDERS:
        raise Refusal(_("“%(table)s”不能按完整名单导入。") % {"table": report.table.title})
    model, key, end = _ENDERS[name]
    gone = [row for row in model.objects.all() if (getattr(row, key),) not in named]
    return sum(end(row, by) is Outcome.CHANGED for row in gone)


def _end_lines(named: set[tuple[str, str]], by: By) -> int:
    ended, today = 0, timezone.localdate()
    for line in CatalogueLine.objects.filter(until=None).select_related("category", "area"):
        if (line.category.code, line.area.code if line.area else "") not in named:
            end_line(by=by, line=line, until=today)
            ended += 1
    return ended


_OFF = {"active": False}
_ENDERS: dict[str, tuple[type[Any], str, Callable[[Any, By], Outcome]]] = {
    "areas": (Area, "code", lambda row, by: save_area(by=by, area=row, values=_OFF)),
    "categories": (Category, "code", lambda row, by: save_category(by=by, category=_anew(row), values=_OFF)),
    "departments": (Department, "code", lambda row, by: save_department(by=by, department=_anew(row), values=_OFF)),
    "staff": (User, "username", lambda row, by: save_staff(by=by, user=row, values=_OFF)),
}


def _anew(row: Any) -> Any:
    """The row as it is now: the one above it may have taken it out of use."""
    row.refresh_from_db()
    return row


_TAKERS: dict[str, Callable[[Rows, Report, By], None]] = {
    "areas": _areas,
    "departments": _departments,
    "categories": _categories,
    "catalogue": _catalogue,
    "staff": _staff,
    "calendar": _calendar,
    "citizens": take_citizens,
}
