# SPDX-License-Identifier: Apache-2.0
"""Reports as files, written by the queue's worker."""

import secrets
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from rexian.assessment import pdf, portrait, queries, word
from rexian.assessment.access import READERS
from rexian.assessment.datasets import KEPT
from rexian.assessment.document import Document, Picture
from rexian.assessment.fonts import NoChineseFontError
from rexian.assessment.models import Invitation, Report, Survey
from rexian.directory import clock
from rexian.security.actions import person
from rexian.security.errors import Forbidden, Refusal
from rexian.security.identity import By

FOLDER = "exports"
FORMS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@transaction.atomic
def ask_report(
    *,
    by: By,
    survey: Survey,
    form: str,
    weighting: str = "equal",
    everyone: bool = False,
    invitation: Invitation | None = None,
) -> Report:
    """Asks for a report, on the whole survey or on one of its cities, which the worker writes."""
    if by.role not in READERS:
        raise Forbidden(_("报告供领导、数据管理员、分析员和管理员使用。"))
    if form not in FORMS or weighting not in queries.WEIGHTINGS:
        raise Refusal(_("请选择 PDF 或 DOCX。"), field="form")
    report = Report.objects.create(
        survey=survey,
        invitation=invitation,
        form=form,
        weighting=weighting,
        everyone=everyone,
        language=translation.get_language() or settings.LANGUAGE_CODE,
        user_id=person(by),
        asked_at=clock.now(),
    )
    app.configure_task("rexian.assessment.tasks.write_report", queue="exports").defer(pk=report.pk)
    return report


def write_report(*, pk: int) -> None:
    """Writes the file of a report; a killed attempt is begun anew, a finished one is left alone."""
    open_ones = Report.objects.filter(pk=pk, state__in=[Report.State.WAITING, Report.State.RUNNING])
    if not open_ones.update(state=Report.State.RUNNING):
        return
    report = Report.objects.select_related("survey", "invitation").get(pk=pk)
    try:
        with translation.override(report.language):
            name = _write(report)
    except NoChineseFontError as error:  # no second try would find one
        Report.objects.filter(pk=pk).update(state=Report.State.FAILED, why=str(error)[:200])
        return
    except Exception:
        Report.objects.filter(pk=pk).update(state=Report.State.FAILED)
        raise
    Report.objects.filter(pk=pk).update(state=Report.State.DONE, file=name)


def _write(report: Report) -> str:
    document = _document(report)
    name = f"{secrets.token_hex(16)}.{report.form}"
    path = _path(name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    Report.objects.filter(pk=report.pk).update(expected=len(document.blocks))

    def told(n: int) -> None:
        if isinstance(document.blocks[n], Picture):  # what takes long
            Report.objects.filter(pk=report.pk).update(done=n + 1)

    if report.form == "pdf":
        path.write_bytes(pdf.render(document, told=told)[0])
    else:
        word.write(document, path, told)
    return name


def _document(report: Report) -> Document:
    """The blocks of a report. A city's is set beside the others of its survey."""
    if report.invitation is None:
        return queries.report(report.survey, report.weighting, everyone=report.everyone)[1]
    found = queries.reckoned(report.survey, report.weighting, everyone=True)
    row = next(n for n, name in enumerate(found.names) if name == report.invitation.city)
    return portrait.build(found, row, clock.today())


def _path(name: str) -> Path:
    return Path(settings.MEDIA_ROOT).parent / FOLDER / name


def file_of(report: Report) -> Path:
    """Where the file of a report lies."""
    return _path(report.file)


def discard_reports() -> int:
    """Throws away the files of reports older than KEPT, with their rows; returns how many."""
    old = list(Report.objects.filter(asked_at__lt=clock.now() - KEPT))
    for report in old:
        if report.file:
            file_of(report).unlink(missing_ok=True)
        report.delete()
    return len(old)
