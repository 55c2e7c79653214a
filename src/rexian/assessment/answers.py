# SPDX-License-Identifier: Apache-2.0
"""Filled-in questionnaires: one row a city, read all or nothing, written back in the same form."""

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rexian.assessment import files
from rexian.assessment.questionnaire import Question, Questionnaire, Sheet, Value
from rexian.assessment.translation import gettext as _

_ID = re.compile(r"\[([A-Za-z0-9_.]+)\]\s*$")
_SEPARATORS = re.compile(r"[;；、|]")
LONGEST_TEXT = 2000


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a file is refused: line (from 1), column's heading, the cell, the reason in the reader's language."""

    line: int
    column: str
    value: str
    reason: str


class RefusedError(Exception):
    """A file with faults; nothing of it is used."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = tuple(faults)


def heading(question: Question) -> str:
    """A question as a column's heading: `title [id]`."""
    return f"{question.title} [{question.id}]"


def read(file: Path, questionnaire: Questionnaire) -> tuple[Sheet, ...]:
    """The sheets of a CSV or XLSX file in its order; raises RefusedError with every fault, not only the first."""
    try:
        rows = files.read(file)
    except files.UnreadableError as error:
        raise RefusedError([Fault(error.line, "", "", str(error))]) from error
    if len(rows) < 2:
        raise RefusedError([Fault(1, "", "", _("文件没有标题行或没有数据"))])
    faults: list[Fault] = []
    columns = _columns(rows[0], questionnaire, faults)
    if faults:  # with the wrong headings every cell below would be one more fault
        raise RefusedError(faults)
    sheets = [_sheet(line, cells, columns, questionnaire, faults) for line, cells in rows[1:]]
    _twice(rows[1:], sheets, questionnaire, faults)
    if faults:
        raise RefusedError(faults)
    return tuple(sheets)


def _columns(row: files.Row, questionnaire: Questionnaire, faults: list[Fault]) -> list[Question]:
    line, names = row
    titles = {one.title: one for one in questionnaire.questions}
    found: list[Question] = []
    for name in names:
        marked = _ID.search(name)
        one = questionnaire.by_id.get(marked[1] if marked else name) or titles.get(name)
        if one is None:
            faults.append(Fault(line, name, "", _("问卷中没有这一题")))
        elif one in found:
            faults.append(Fault(line, name, "", _("这一题出现了两次")))
        else:
            found.append(one)
    missing = [one for one in questionnaire.questions if one.required and one not in found]
    faults.extend(Fault(line, heading(one), "", _("缺少必填的一列")) for one in missing)
    return found


def _sheet(
    line: int, cells: list[str], columns: list[Question], questionnaire: Questionnaire, faults: list[Fault]
) -> Sheet:
    sheet: dict[str, Value] = {}
    before = len(faults)
    for question, cell in zip(columns, cells, strict=False):
        if cell:
            try:
                sheet[question.id] = parse(question, cell)
            except ValueError as error:
                faults.append(Fault(line, question.title, cell, str(error)))
    if any(cells[len(columns) :]):
        faults.append(Fault(line, "", "；".join(cells[len(columns) :]), _("这一行的单元格多于标题")))
    if len(faults) == before:  # what is unreadable would be reported again as missing
        faults.extend(_contradictions(line, cells, sheet, columns, questionnaire))
    return sheet


def _contradictions(
    line: int, cells: list[str], sheet: Sheet, columns: list[Question], questionnaire: Questionnaire
) -> list[Fault]:
    given = {question.id: cell for question, cell in zip(columns, cells, strict=False)}
    return [
        Fault(line, questionnaire.by_id[one].title, given.get(one, ""), reason)
        for one, reason in questionnaire.findings(sheet)
    ]


def _twice(rows: list[files.Row], sheets: list[Sheet], questionnaire: Questionnaire, faults: list[Fault]) -> None:
    first: dict[tuple[Value | None, ...], int] = {}
    names = [one for one in ("province", "city") if one in questionnaire.by_id]
    for (line, _cells), sheet in zip(rows, sheets, strict=True):
        key = tuple(sheet.get(name) for name in names)
        if None not in key and first.setdefault(key, line) != line:
            reason = _("与第 %d 行是同一个城市") % first[key]
            faults.append(Fault(line, questionnaire.by_id["city"].title, str(sheet["city"]), reason))


def parse(question: Question, cell: str) -> Value:
    """The answer that a cell gives, by code or by text; raises ValueError with the reason."""
    return _PARSERS[question.kind](question, unicodedata.normalize("NFKC", cell) if question.kind != "text" else cell)


def _choice(question: Question, text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).strip()
    for option in question.options:
        if plain in (option.code, unicodedata.normalize("NFKC", option.text)):
            return option.code
    raise ValueError(_("不在选项之中，可填：%s") % "、".join(option.text for option in question.options))


def _several(question: Question, text: str) -> frozenset[str]:
    return frozenset(_choice(question, one) for one in _SEPARATORS.split(text) if one.strip())


def _number(question: Question, text: str) -> float:
    try:
        value = float(text.replace(",", "").removesuffix("%"))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(_("不是数字"))
    if question.whole and not value.is_integer():
        raise ValueError(_("应为整数"))
    if question.least is not None and value < question.least:
        raise ValueError(_("不能小于 %g") % question.least)
    if question.most is not None and value > question.most:
        raise ValueError(_("不能大于 %g") % question.most)
    return value


def _text(_question: Question, text: str) -> str:
    if len(text) > LONGEST_TEXT or any(unicodedata.category(one) == "Cc" and one not in "\n\r\t" for one in text):
        raise ValueError(_("超过 2000 字或含有控制字符"))
    return text


_PARSERS: Mapping[str, Callable[[Question, str], Value]] = {
    "single": _choice,
    "yesno": _choice,
    "several": _several,
    "five": lambda question, text: float(_choice(question, text)),
    "number": _number,
    "text": _text,
}


def write(file: Path, questionnaire: Questionnaire, sheets: Iterable[Sheet]) -> None:
    """The sheets as CSV that `read` gives back."""
    questions = questionnaire.questions
    rows = ([_told(one, sheet.get(one.id)) for one in questions] for sheet in sheets)
    files.write(file, [heading(one) for one in questions], rows)


def _told(question: Question, value: Value | None) -> object:
    if isinstance(value, float) and question.kind == "number":
        return f"{value:.12g}"
    return "" if value is None else question.text(value)
