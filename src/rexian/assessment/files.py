# SPDX-License-Identifier: Apache-2.0
"""Tables from CSV (UTF-8 or GB18030) and XLSX, and back as CSV; cells that no spreadsheet executes."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from openpyxl import load_workbook

from rexian.assessment.translation import gettext as _

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings of a text that a spreadsheet takes for a formula (OWASP, CSV injection)."""
LARGEST = 64 * 1024 * 1024
"""Bytes: ten thousand cities take about 10 MB."""
LARGEST_UNPACKED = 512 * 1024 * 1024
"""Bytes: what a small file may not become."""
Row = tuple[int, list[str]]
"""A line's number in the file, from 1, and its cells."""


class UnreadableError(Exception):
    """The file is not a table; the message says why, `line` where."""

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.line = line


def read(file: Path) -> list[Row]:
    """The rows that are not empty, heading first; raises UnreadableError (also for a file that cannot be opened)."""
    try:
        if file.stat().st_size > LARGEST:
            raise UnreadableError(_("文件超过 64 MB"))
        content = file.read_bytes()
    except FileNotFoundError as error:
        raise UnreadableError(_("没有这个文件")) from error
    except OSError as error:
        raise UnreadableError(_("文件打不开：%s") % error.strerror) from error
    rows = _xlsx(content) if content.startswith(b"PK\x03\x04") else _csv(_decoded(content))
    return [(line, cells) for line, cells in rows if any(cells)]


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff", b"\xd0\xcf\x11\xe0")) or b"\x00" in content:
        raise UnreadableError(_("不是 CSV 或 XLSX 文件，请另存为 XLSX 或“CSV UTF-8（逗号分隔）”"))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableError(_("文件不是 UTF-8 或 GB18030 编码"))


def _csv(text: str) -> list[Row]:
    heading = text.partition("\n")[0]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter="\t" if "\t" in heading and "," not in heading else ",", strict=True
    )
    rows: list[Row] = []
    line = 1
    try:
        for cells in reader:
            rows.append((line, [_told(cell) for cell in cells]))
            line = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableError(_("引号不成对，或单元格过长（%s）") % error, line) from error
    return rows


def _xlsx(content: bytes) -> list[Row]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(one.file_size for one in packed.infolist())
        if unpacked > LARGEST_UNPACKED:
            raise UnreadableError(_("XLSX 文件解压后过大"))
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        return [
            (line, [_cell(value) for value in row]) for line, row in enumerate(sheet.iter_rows(values_only=True), 1)
        ]
    except UnreadableError:
        raise
    except Exception as error:  # a damaged file may raise anything out of the reader
        raise UnreadableError(_("XLSX 文件已损坏")) from error


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _told(str(value))


def _told(cell: str) -> str:
    """What a cell says, without the apostrophe that `safe` put before it."""
    text = cell.strip()
    return text[1:] if text.startswith("'") and text[1:2] in FORMULA else text


def safe(value: object) -> str:
    """A value as a cell: text that a spreadsheet would take for a formula is led by an apostrophe."""
    text = "" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA) and not _number(text) else text


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def write(file: Path, heading: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A CSV file with the mark by which spreadsheets know UTF-8."""
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow([safe(name) for name in heading])
        writer.writerows([safe(value) for value in row] for row in rows)
