# SPDX-License-Identifier: Apache-2.0
"""Lists as files: CSV as a stream of lines, XLSX row by row in constant memory. What a spreadsheet would take for a formula is made text."""

import csv
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import xlsxwriter
from django.utils.functional import Promise

from rexian.orders.columns import Column
from rexian.orders.models import WorkOrder
from rexian.security.identity import By

FORMS = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""With one of these a spreadsheet begins a formula (OWASP, CSV injection)."""
MOST = 1_048_575
"""Rows that a sheet of XLSX holds below its heading."""


class _Line:
    """What csv.writer writes to: gives the line back."""

    def write(self, line: str) -> str:
        return line


def _safe(value: Any) -> Any:
    if isinstance(value, Promise):
        value = str(value)
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def told(order: WorkOrder, columns: Iterable[Column], by: By) -> list[Any]:
    """One order as the row of a file."""
    values = (column.tell(order, by) for column in columns)
    return ["" if value is None else _safe(value) for value in values]


def csv_lines(columns: list[Column], orders: Iterable[WorkOrder], by: By) -> Iterator[str]:
    """The lines of a CSV file, with the mark by which spreadsheets know UTF-8."""
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow([str(column.label) for column in columns])
    for order in orders:
        yield writer.writerow(told(order, columns, by))


def write(
    path: Path, form: str, columns: list[Column], orders: Iterable[WorkOrder], by: By, note: Callable[[int], None]
) -> int:
    """Writes the file; `note` is told of each row how many are written. Returns how many."""
    return (_write_csv if form == "csv" else _write_xlsx)(path, columns, orders, by, note)


def _write_csv(
    path: Path, columns: list[Column], orders: Iterable[WorkOrder], by: By, note: Callable[[int], None]
) -> int:
    written = -1
    with path.open("w", encoding="utf-8", newline="") as file:
        for written, line in enumerate(csv_lines(columns, orders, by)):
            file.write(line)
            note(written)
    return written


def _write_xlsx(
    path: Path, columns: list[Column], orders: Iterable[WorkOrder], by: By, note: Callable[[int], None]
) -> int:
    written = 0
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False}) as book:
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, [str(column.label) for column in columns], bold)
        for written, order in enumerate(orders, 1):
            if written > MOST:
                break
            sheet.write_row(written, 0, told(order, columns, by))
            note(written)
    return min(written, MOST)
