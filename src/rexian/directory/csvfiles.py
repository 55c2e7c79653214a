# SPDX-License-Identifier: Apache-2.0
"""CSV as spreadsheets write and read it: the encoding found, rows streamed with their line, cells that no spreadsheet executes. Pure."""

import codecs
import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

LONGEST_CELL = 4 * 1024 * 1024
"""Characters: the outline of a large district, as GeoJSON, is longer than the csv module's own limit."""
BLOCK = 1024 * 1024
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings of a text that a spreadsheet takes for a formula (OWASP, CSV injection)."""
LED = (*FORMULA, "'")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
OTHER_FORMATS = {b"PK\x03\x04": "Excel", b"\xd0\xcf\x11\xe0": "Excel", b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}

csv.field_size_limit(LONGEST_CELL)


class Unreadable(Exception):  # noqa: N818  a finding about a file
    """The file, from this line on, is not CSV; the message says what it is instead."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def encoding_of(file: BinaryIO) -> str:
    """`utf-8-sig` or `gb18030`, by reading a seekable file through; raises Unreadable."""
    start = file.read(4)
    for mark, name in OTHER_FORMATS.items():
        if start.startswith(mark):
            raise Unreadable(1, _("这是 %(format)s 文件，请另存为“CSV UTF-8（逗号分隔）”再导入") % {"format": name})
    for encoding in ("utf-8-sig", "gb18030"):
        file.seek(0)
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            while block := file.read(BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        file.seek(0)
        return encoding
    raise Unreadable(1, _("文件不是 UTF-8 或 GB18030 编码"))


def lines(file: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    """The rows of a seekable file that are not empty, the heading first, each with the number of its first line; raises Unreadable."""
    text = io.TextIOWrapper(file, encoding_of(file), newline="")
    try:
        heading = text.readline()
        text.seek(0)
        reader = csv.reader(text, delimiter="\t" if "\t" in heading and "," not in heading else ",", strict=True)
        yield from _numbered(reader)
    finally:
        text.detach()


def _numbered(reader: Any) -> Iterator[tuple[int, list[str]]]:
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable(line, _("引号不成对，或单元格过长（%(error)s）") % {"error": error}) from error
        if any(cell.strip() for cell in cells):
            yield line, [told(cell) for cell in cells]


def told(cell: str) -> str:
    """What a cell says, without the apostrophe that `safe` put before it."""
    text = cell.strip()
    return text[1:] if text[:1] == "'" and text[1:2] in LED else text


def strange(text: str) -> bool:
    """Whether a text holds characters that nobody types (control characters)."""
    return _CONTROL.search(text) is not None


def safe(value: Any) -> str:
    """A value as a cell: text that a spreadsheet would take for a formula is led by an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list | tuple):
        return safe(" ".join(map(str, value)))
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, date | datetime):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if text.startswith(LED) and not _NUMBER.fullmatch(text) else text


def write(heading: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The lines of a CSV file, with the mark by which spreadsheets know UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    out.write("﻿")
    writer.writerow(heading)
    for row in rows:
        yield out.getvalue()
        out.seek(0)
        out.truncate()
        writer.writerow([safe(value) for value in row])
    yield out.getvalue()
