# SPDX-License-Identifier: Apache-2.0
"""Reading a CSV file into rows of a table, with a report of what is wrong, line by line. Pure: `actions.import_table` writes.

A column that the file does not have is left as it is in the directory; an empty cell empties it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from rexian.directory import csvfiles, trees
from rexian.directory.tables import Column, Table, Wrong

MOST_PROBLEMS = 200
"""As many are told; a file with more is usually the wrong file."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a file: at which line and column, with which value."""

    line: int
    column: str
    value: str
    what: str

    def __str__(self) -> str:
        place = _("第 %(line)s 行") % {"line": self.line}
        if self.column:
            place += _("“%(column)s”列") % {"column": self.column}
        return f"{place}（{self.value[:40]}）：{self.what}" if self.value else f"{place}：{self.what}"


@dataclass(slots=True)
class Report:
    """What came of a file, in rows; `ended` were taken out of use because a complete file does not name them."""

    table: Table
    added: int = 0
    changed: int = 0
    same: int = 0
    ended: int = 0
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    keys: dict[tuple[Any, ...], int] = field(default_factory=dict)
    """The keys of the file's rows, each with the line of its first."""

    def wrong(self, line: int, column: str, value: object, what: str) -> None:
        """Writes down a problem; `column` is a field of the table or a heading."""
        title = self.table.title_of(column) or column
        self.problems.append(Problem(line, title, "" if value is None else str(value), what))

    def check(self) -> None:
        """Raises BadFile if anything is wrong."""
        if self.problems:
            raise BadFile(self)

    def __str__(self) -> str:
        counts = {"added": self.added, "changed": self.changed, "same": self.same, "ended": self.ended}
        return _("新增 %(added)s，更新 %(changed)s，未变 %(same)s，停用 %(ended)s") % counts


class BadFile(Exception):  # noqa: N818  a finding about a file, not a fault of the program
    """A file of which nothing was taken; `problems` says why, in the order of its lines."""

    def __init__(self, report: Report) -> None:
        self.problems = sorted(report.problems, key=lambda problem: problem.line)
        told = [str(problem) for problem in self.problems[:MOST_PROBLEMS]]
        if len(self.problems) > MOST_PROBLEMS:
            told.append(_("……共 %(count)s 处。") % {"count": len(self.problems)})
        super().__init__("\n".join(told))


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a file: the values of the columns that it has."""

    line: int
    values: dict[str, Any]

    def get(self, name: str) -> Any:
        return self.values.get(name)


def read(
    table: Table,
    file: BinaryIO,
    report: Report,
    *,
    renamed: Mapping[str, str] | None = None,
    known: Mapping[trees.Path, str] | None = None,
) -> Iterator[Row]:
    """The good rows of a seekable file, one after the other; what is wrong with the others goes into the report.

    `renamed`: field → the heading that it has in this file. `known`: codes of the categories that are there, by path.
    """
    try:
        yield from _Reader(table, report, dict(renamed or {}), dict(known or {})).rows(file)
    except csvfiles.Unreadable as error:
        report.wrong(error.line, "", "", str(error))


@dataclass
class _Reader:
    table: Table
    report: Report
    renamed: dict[str, str]
    known: dict[trees.Path, str]

    def rows(self, file: BinaryIO) -> Iterator[Row]:
        lines = csvfiles.lines(file)
        first = next(lines, None)
        if first is None:
            self.report.wrong(1, "", "", _("文件是空的"))
            return
        heading = first[1]
        levels = trees.written(heading) if self.table.name == "categories" else None
        spreading = trees.Spreading(levels, self.known, self.report.notes) if levels else None
        there = [*heading, "code", "name", "level", "parent"] if spreading else heading
        columns = self._columns(there, {*levels.names, *(levels.codes or ())} if levels else set())
        if self.report.problems:
            return
        for line, cells in self._spread(lines, heading, spreading):
            if (row := self._row(line, cells, columns)) is not None:
                yield row

    def _columns(self, heading: Sequence[str], used: set[str]) -> dict[str, Column]:
        """Columns by the heading under which this file has them; what is missing, doubled or unknown is told."""
        found: dict[str, Column] = {}
        for column in self.table.columns:
            wanted = {self.renamed[column.name]} if column.name in self.renamed else column.headings
            names = [name for name in heading if name in wanted]
            if len(names) > 1:
                self.report.wrong(1, column.name, "", _("这一列出现了不止一次"))
            elif names:
                found[names[0]] = column
            elif column.required or column.name in self.renamed:
                self.report.wrong(1, column.name, "", _("缺少这一列"))
        if unknown := [name for name in heading if name and name not in found and name not in used]:
            self.report.notes.append(_("没有用到的列：%(columns)s。") % {"columns": "、".join(unknown)})
        return found

    def _spread(
        self, lines: Iterator[tuple[int, list[str]]], heading: Sequence[str], spreading: trees.Spreading | None
    ) -> Iterator[tuple[int, dict[str, str]]]:
        for line, cells in lines:
            if len(cells) != len(heading):
                self.report.wrong(
                    line, "", "", _("应有 %(due)s 列，实有 %(there)s 列") % {"due": len(heading), "there": len(cells)}
                )
                continue
            named = dict(zip(heading, cells, strict=True))
            try:
                for one in spreading.spread(line, named) if spreading else (named,):
                    yield line, one
            except trees.Misprint as error:
                self.report.wrong(line, error.column, "", str(error))

    def _row(self, line: int, cells: dict[str, str], columns: dict[str, Column]) -> Row | None:
        before = len(self.report.problems)
        values = {}
        for heading, column in columns.items():
            if heading in cells:
                try:
                    values[column.name] = _value(column, cells[heading])
                except Wrong as error:
                    self.report.wrong(line, column.name, cells[heading], str(error))
        if len(self.report.problems) > before or self._repeated(line, values):
            return None
        return Row(line, values)

    def _repeated(self, line: int, values: dict[str, Any]) -> bool:
        key = tuple(values.get(name) for name in self.table.key)
        if not key:
            return False
        first = self.report.keys.setdefault(key, line)
        if first != line:
            self.report.wrong(line, self.table.key[0], key[0], _("与第 %(line)s 行重复") % {"line": first})
        return first != line


def _value(column: Column, text: str) -> Any:
    if csvfiles.strange(text):
        raise Wrong(_("含有控制字符"))
    if column.required and not text:
        raise Wrong(_("不能为空"))
    return column.read(text)
