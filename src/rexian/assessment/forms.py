# SPDX-License-Identifier: Apache-2.0
"""The blank questionnaire as XLSX, with lists to choose from and an explanation of every question, or as CSV."""

from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from rexian.assessment import files
from rexian.assessment.answers import heading
from rexian.assessment.index import Index
from rexian.assessment.questionnaire import Question, Questionnaire
from rexian.assessment.translation import gettext as _

ROWS = 200
"""Rows with lists to choose from; more cities may be filled in without them."""
HEAD = PatternFill("solid", fgColor="E8EEF5")
BOLD = Font(bold=True)
WRAP = Alignment(wrap_text=True, vertical="top")


def write(file: Path, questionnaire: Questionnaire, index: Index) -> None:
    """A form at `file`: XLSX by its ending, else CSV."""
    if file.suffix.lower() != ".xlsx":
        files.write(file, [heading(one) for one in questionnaire.questions], [])
        return
    book = Workbook()
    sheet = book.active
    _answers(sheet, questionnaire)
    _explanation(book.create_sheet(_("填写说明")), questionnaire, index)
    book.save(file)


def _answers(sheet: Worksheet, questionnaire: Questionnaire) -> None:
    sheet.title = _("问卷")
    for column, question in enumerate(questionnaire.questions, start=1):
        cell = sheet.cell(1, column, heading(question))
        cell.font, cell.fill, cell.alignment = BOLD, HEAD, WRAP
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = 18
        if rule := _rule(question):
            sheet.add_data_validation(rule)
            rule.add(f"{letter}2:{letter}{ROWS + 1}")
    sheet.freeze_panes = "B2"


def _rule(question: Question) -> DataValidation | None:
    """What a spreadsheet can hold the cell to: one of the options, or a number within its bounds."""
    if question.kind in ("single", "yesno", "five"):
        names = ",".join(option.text for option in question.options)
        return DataValidation(type="list", formula1=f'"{names}"', allow_blank=True, showErrorMessage=True)
    if question.kind == "number":
        kind = "whole" if question.whole else "decimal"
        most = question.most if question.most is not None else 10**12
        return DataValidation(
            type=kind,
            operator="between",
            formula1=f"{question.least or 0:g}",
            formula2=f"{most:.0f}",
            allow_blank=True,
            showErrorMessage=True,
        )
    return None


def _explanation(sheet: Worksheet, questionnaire: Questionnaire, index: Index) -> None:
    notes = [questionnaire.name + _("（第 %s 版）") % questionnaire.version, index.notice]
    notes.append(_("一行一个城市。多选题的各项用分号隔开。不清楚的留空，不要填 0；留空按缺答处理，不按 0 分计。"))
    for line in notes:
        sheet.append([line])
    sheet.append([_("题号"), _("题目"), _("题型"), _("可填"), _("何时填写"), _("指标")])
    for cell in sheet[sheet.max_row]:
        cell.font, cell.fill = BOLD, HEAD
    for question in questionnaire.questions:
        sheet.append(list(explain(question, questionnaire, index)))
    for letter, width in zip("ABCDEF", (24, 44, 10, 60, 36, 28), strict=True):
        sheet.column_dimensions[letter].width = width


def explain(question: Question, questionnaire: Questionnaire, index: Index) -> tuple[str, str, str, str, str, str]:
    """A question in words: id, title, kind, what may be filled in, when, and the indicator it serves."""
    return (
        question.id,
        question.title + (_("（必填）") if question.required else ""),
        _kind(question),
        allowed(question),
        _when(question, questionnaire),
        f"{question.indicator} {index.by_id[question.indicator].name}" if question.indicator else _("城市情况"),
    )


def _kind(question: Question) -> str:
    names = {
        "single": _("单选"),
        "several": _("多选"),
        "yesno": _("是/否"),
        "five": _("五级"),
        "number": _("数字"),
        "text": _("文字"),
    }
    return names[question.kind]


def allowed(question: Question) -> str:
    """What may be filled in, in words; "" for anything."""
    if question.options:
        return "；".join(option.text for option in question.options)
    if question.kind != "number":
        return ""
    bounds = [_("不小于 %g") % question.least] if question.least is not None else []
    bounds += [_("不大于 %g") % question.most] if question.most is not None else []
    return "，".join([*bounds, *([_("整数")] if question.whole else [])])


def _when(question: Question, questionnaire: Questionnaire) -> str:
    if question.only_if is None:
        return _("都填")
    deciding = questionnaire.by_id[question.only_if.question]
    answers = "/".join(deciding.text(one) for one in question.only_if.any)
    return _("“%(question)s”为“%(answers)s”时") % {"question": deciding.title, "answers": answers}
