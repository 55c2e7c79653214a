# SPDX-License-Identifier: Apache-2.0
"""Tables of the directory from CSV and to CSV: checked line by line, and nothing is taken of a file with a fault.

Reading is pure; `actions.import_table` writes. A file in UTF-8 (with or without a mark) or GB18030 is read; the same file twice changes nothing.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from rexian.directory.models import Kind, LimitUnit
from rexian.security.posts import Post

Row = dict[str, Any]
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings of a text that a spreadsheet takes for a formula."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a file: at which line and column, with which value."""

    line: int
    column: str
    value: str
    what: str

    def __str__(self) -> str:
        place = _("第 %(line)s 行") % {"line": self.line}
        return f"{place} {self.column} “{self.value}”：{self.what}" if self.column else f"{place}：{self.what}"


class BadFile(Exception):  # noqa: N818  a finding about a file, not a fault of the program
    """A file that was not taken, with every problem in it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class Wrong(Exception):  # noqa: N818
    """A value that a column does not take; the message says why."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, the other headings by which it goes, whether it must be filled, and how its text is read."""

    name: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    read: Callable[[str], Any] = str


@dataclass(frozen=True, slots=True)
class Table:
    """A table that can be imported; `key` names the columns that tell a row from every other; `reshape` turns other known forms of the file into this one."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ("code",)
    reshape: Callable[[list[dict[str, str]]], list[dict[str, str]] | None] = field(default=lambda rows: None)


def _number(text: str) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        raise Wrong(_("应为数字")) from None


def _whole(text: str) -> int | None:
    if text and not text.isdecimal():
        raise Wrong(_("应为整数"))
    return int(text) if text else None


def _yes(text: str) -> bool:
    if text.lower() in ("yes", "true", "1", "是"):
        return True
    if text.lower() in ("no", "false", "0", "否", ""):
        return False
    raise Wrong(_("应为“是”或“否”"))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Wrong(_("应为 2026-01-31 这样的日期")) from None


def _one_of(choices: Mapping[str, str]) -> Callable[[str], str]:
    known = {**{code: code for code in choices}, **{str(label): code for code, label in choices.items()}}

    def read(text: str) -> str:
        if text and text not in known:
            raise Wrong(_("应为 %(choices)s 之一") % {"choices": "、".join(str(label) for label in choices.values())})
        return known.get(text, "")

    return read


def _code(*lengths: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not text.isdecimal() or len(text) not in lengths:
            raise Wrong(_("应为 %(lengths)s 位数字") % {"lengths": _(" 或 ").join(map(str, lengths))})
        return text

    return read


def _json(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        raise Wrong(_("不是 GeoJSON")) from None


def _words(text: str) -> list[str]:
    return text.replace("、", " ").replace(",", " ").split()


def _level(text: str) -> int:
    if text not in ("1", "2", "3"):
        raise Wrong(_("级别应为 1、2 或 3"))
    return int(text)


def _tree(levels: tuple[tuple[str, str | None], ...]) -> Callable[[list[dict[str, str]]], list[dict[str, str]] | None]:
    """A reader of trees written as one leaf a line: for each level the column of its name and, if any, of its code.

    Codes that the file does not give are made from the place among the siblings: C01, C0103, C010312. A leaf without a name is
    its branch in general and bears its name; a code printed under the wrong branch (DB44/T 2479-2024 has one) is put right by its last two digits.
    """

    def reshape(rows: list[dict[str, str]]) -> list[dict[str, str]] | None:
        if not rows or any(name not in rows[0] for name, _code_column in levels):
            return None
        codes: dict[tuple[str, ...], str] = {(): "C"}
        below: dict[str, int] = {}
        found = []
        for row in rows:
            path: tuple[str, ...] = ()
            for level, (name_column, code_column) in enumerate(levels, 1):
                parent, name = codes[path], row[name_column].strip() or (path[-1] if path else "")
                path = (*path, name)
                if path in codes:
                    continue
                below[parent] = below.get(parent, 0) + 1
                code = row[code_column] if code_column else f"{parent}{below[parent]:02d}"
                codes[path] = code if level == 1 or code.startswith(parent) else parent + code[-2:]
                above = parent if level > 1 else ""
                found.append(
                    {"line": row["line"], "code": codes[path], "name": name, "level": str(level), "parent": above}
                )
        return found

    return reshape


def _leaf_lines(rows: list[dict[str, str]]) -> list[dict[str, str]] | None:
    known = (
        tuple((f"{digit}级分类", None) for digit in "一二三"),
        tuple((f"level_{level}_name", f"level_{level}_code") for level in (1, 2, 3)),
    )
    return next((found for levels in known if (found := _tree(levels)(rows)) is not None), None)


AREAS = Table(
    "areas",
    (
        Column("code", ("代码", "行政区划代码"), True, _code(6, 9)),
        Column("name", ("名称",), True),
        Column("level", ("级别",), True, _level),
        Column("parent", ("上级",)),
        Column("longitude", ("经度",), read=_number),
        Column("latitude", ("纬度",), read=_number),
        Column("outline", ("边界",), read=_json),
    ),
)
DEPARTMENTS = Table(
    "departments",
    (
        Column("code", ("代码",), True),
        Column("name", ("名称",), True),
        Column("short", ("简称",)),
        Column("parent", ("上级",)),
        Column("area", ("辖区",)),
        Column("internal", ("内设机构",), read=_yes),
        Column("contact", ("联系人",)),
        Column("telephone", ("办公电话",)),
        Column("duties", ("职责",)),
    ),
)
CATEGORIES = Table(
    "categories",
    (
        Column("code", ("代码",), True),
        Column("name", ("名称",), True),
        Column("level", ("级别",), True, _level),
        Column("parent", ("上级",)),
        Column("keywords", ("关键词",), read=_words),
        Column("default_kind", ("默认性质",), read=_one_of(dict(Kind.choices))),
        Column("service", ("服务类别",)),
        Column("limit", ("办理时限",), read=_whole),
        Column("limit_unit", ("时限单位",), read=_one_of(dict(LimitUnit.choices))),
    ),
    reshape=_leaf_lines,
)
CATALOGUE = Table(
    "catalogue",
    (
        Column("number", ("序号",), True, _whole),
        Column("category", ("分类",), True),
        Column("area", ("区域",)),
        Column("lead", ("主办单位",), True),
        Column("assisting", ("协办单位",), read=_words),
        Column("since", ("生效日期",), True, _day),
        Column("until", ("失效日期",), read=_day),
        Column("basis", ("依据",)),
    ),
    key=("number", "since"),
)
STAFF = Table(
    "staff",
    (
        Column("username", ("账号",), True),
        Column("name", ("姓名",), True),
        Column("number", ("工号",), True),
        Column("post", ("岗位",), True, _one_of({post.value: post.value for post in Post})),
        Column("department", ("部门",)),
        Column("areas", ("区域",), read=_words),
    ),
    key=("username",),
)
CALENDAR = Table(
    "calendar",
    (
        Column("day", ("日期",), True, _day),
        Column("working", ("上班",), True, _yes),
        Column("reason", ("原因",), True),
    ),
    key=("day",),
)
CITIZENS = Table(
    "citizens",
    (
        Column("telephone", ("电话",)),
        Column("wechat", ("微信",)),
        Column("name", ("姓名",)),
        Column("salutation", ("称呼",)),
        Column("address", ("住址",)),
    ),
    key=("telephone", "wechat"),
)
TABLES = {table.name: table for table in (AREAS, DEPARTMENTS, CATEGORIES, CATALOGUE, STAFF, CALENDAR, CITIZENS)}


def decode(content: bytes) -> str:
    """The text of a file in UTF-8 or GB18030; raises BadFile."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadFile([Problem(1, "", "", _("文件不是 UTF-8 或 GB18030 编码"))])


def read(table: Table, content: bytes) -> list[Row]:
    """The rows of a file, each with its `line`; raises BadFile with every problem found."""
    reader = csv.DictReader(io.StringIO(decode(content), newline=""))
    raw = [
        {"line": str(reader.line_num), **{k or "": v or "" for k, v in row.items() if isinstance(v, str | None)}}
        for row in reader
    ]
    raw = table.reshape(raw) or raw
    names = _headings(table, raw[0].keys() if raw else reader.fieldnames or ())
    rows, problems = [], []
    for one in raw:
        row, wrong = _read_row(table, names, one)
        rows.append(row)
        problems += wrong
    problems += _repeated(table, rows)
    if problems:
        raise BadFile(sorted(problems, key=lambda problem: problem.line))
    return rows


def _headings(table: Table, given: Iterable[str]) -> dict[str, str]:
    """From our column names to the file's headings; raises BadFile where a needed one is missing."""
    there = {heading.strip().lstrip("﻿"): heading for heading in given}
    names = {c.name: there[h] for c in table.columns for h in (c.name, *c.aliases) if h in there}
    missing = [column.name for column in table.columns if column.required and column.name not in names]
    if missing:
        raise BadFile([Problem(1, name, "", _("缺少这一列")) for name in missing])
    return names


def _read_row(table: Table, names: dict[str, str], one: dict[str, str]) -> tuple[Row, list[Problem]]:
    row: Row = {"line": int(one["line"])}
    problems = []
    for column in table.columns:
        text = one.get(names.get(column.name, ""), "").strip()
        if text[:1] == "'" and text[1:2] in FORMULA:
            text = text[1:]
        if column.required and not text:
            problems.append(Problem(row["line"], column.name, "", _("不能为空")))
            continue
        try:
            row[column.name] = column.read(text)
        except Wrong as error:
            problems.append(Problem(row["line"], column.name, text, str(error)))
    return row, problems


def _repeated(table: Table, rows: list[Row]) -> Iterator[Problem]:
    seen: dict[tuple[Any, ...], int] = {}
    for row in rows:
        key = tuple(row.get(name) for name in table.key)
        if any(key) and key in seen:
            yield Problem(row["line"], table.key[0], str(key[0]), _("与第 %(line)s 行重复") % {"line": seen[key]})
        seen.setdefault(key, row["line"])


def write(table: Table, rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The lines of a CSV file. Text that a spreadsheet would take for a formula is led by an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    names = [column.name for column in table.columns]
    writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(row.get(name)) for name in names])
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    yield out.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " ".join(map(str, value))
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text[:1] in FORMULA else text
