# SPDX-License-Identifier: Apache-2.0
"""The report on the web: the same blocks as on paper, pictures drawn on the server, each with its data beside it."""

import base64
import csv
import io
from collections.abc import Iterator
from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from rexian.assessment import actions, charts, queries
from rexian.assessment.access import READERS, RUNNERS
from rexian.assessment.document import Document, Heading, Paragraph, Picture, Table, numbered
from rexian.assessment.files import safe
from rexian.assessment.fonts import NoChineseFontError
from rexian.assessment.models import Report, Survey
from rexian.security import access
from rexian.security.access import StaffRequest
from rexian.security.errors import Refusal
from rexian.web.assessment.forms import View
from rexian.web.assessment.surveys import found
from rexian.web.forms import style

reader = access.staff(*READERS)
SHOWN = 12
"""Rows of a table that stand on the page; the others unfold."""


def _view(request: StaffRequest, survey: Survey) -> View:
    """How the report is to be read."""
    return View(queries.weightings(survey), request.GET)


def _document(request: StaffRequest, survey: Survey) -> Document:
    weighting, everyone = _view(request, survey).chosen()
    return queries.report(survey, weighting, everyone=everyone)[1]


@reader
def read(request: StaffRequest, pk: int) -> HttpResponse:
    """The page of the report, at once; what has to be reckoned comes after it."""
    survey = found(pk, request)
    form = _view(request, survey)
    weighting, everyone = form.chosen()
    context: dict[str, Any] = {"survey": survey, "form": style(form), "query": request.GET.urlencode()}
    context |= {"weighting": weighting, "everyone": everyone, "reports": _reports(survey, request)}
    context["cities"] = queries.taken(survey, everyone=True) if request.by.role in RUNNERS else []
    return render(request, "assessment/report.html", context)


@reader
def article(request: StaffRequest, pk: int) -> HttpResponse:
    """The report itself: reckoned once, then kept in memory until an answer is another."""
    survey = found(pk, request)
    context: dict[str, Any] = {"survey": survey, "query": request.GET.urlencode()}
    try:
        context["blocks"] = list(_blocks(_document(request, survey)))
    except NoChineseFontError as error:
        context["why"] = str(error)
    return render(request, "assessment/article.html", context)


def _reports(survey: Survey, request: StaffRequest) -> list[Report]:
    return list(survey.reports.filter(user=request.user).select_related("invitation").order_by("-asked_at")[:6])


def _blocks(document: Document) -> Iterator[dict[str, Any]]:
    """The blocks as the template writes them; headings begin at the second level of the page."""
    for block, mark in numbered(document.blocks):
        match block:
            case Heading(level=level, text=text):
                yield {"kind": "heading", "level": min(level + 1, 4), "text": mark + text}
            case Paragraph(text=text, notice=notice):
                yield {"kind": "notice" if notice else "paragraph", "text": text}
            case Picture(chart=chart):
                drawn = base64.b64encode(charts.svg(chart).encode()).decode()
                yield {"kind": "picture", "mark": mark, "chart": chart, "drawn": drawn}
            case Table():
                rows = [list(zip(block.heading, row, strict=True)) for row in block.rows]
                yield {"kind": "table", "mark": mark, "table": block, "rows": rows[:SHOWN], "more": rows[SHOWN:]}


def _chart(document: Document, name: str) -> charts.Chart:
    for block in document.blocks:
        if isinstance(block, Picture) and block.chart.name == name:
            return block.chart
    raise Http404


@reader
def picture(request: StaffRequest, pk: int, slug: str) -> HttpResponse:
    """A picture by itself, with the notices that belong to it."""
    document = _document(request, found(pk, request))
    notices = [block.text for block in document.blocks if isinstance(block, Paragraph) and block.notice]
    response = HttpResponse(charts.svg(_chart(document, slug), notices), content_type="image/svg+xml")
    response["Content-Disposition"] = f'attachment; filename="{slug}.svg"'
    return response


@reader
def data(request: StaffRequest, pk: int, slug: str) -> HttpResponse:
    """The data of a picture (picture-…) or of a table (table-…) as CSV."""
    document = _document(request, found(pk, request))
    sort, _dash, name = slug.partition("-")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    heading, rows = _data(document, sort, name)
    writer.writerow([safe(cell) for cell in heading])
    writer.writerows([safe(cell) for cell in row] for row in rows)
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _data(document: Document, sort: str, name: str) -> tuple[tuple[str, ...], tuple[tuple[object, ...], ...]]:
    if sort == "picture":
        chart = _chart(document, name)
        return chart.heading, chart.rows
    for block in document.blocks:
        if sort == "table" and isinstance(block, Table) and block.name == name:
            return block.heading, block.rows
    raise Http404


@reader
@require_POST
def ask(request: StaffRequest, pk: int) -> HttpResponse:
    """Asks for a file; the page shows how far it is."""
    survey = found(pk, request)
    city = request.POST.get("city", "")
    invitation = None
    if city:
        invitation = next((one for one in queries.taken(survey, everyone=True) if str(one.pk) == city), None)
        if invitation is None or request.by.role not in RUNNERS:
            raise Http404
    weighting, everyone = View(queries.weightings(survey), request.POST).chosen()
    try:
        report = actions.ask_report(
            by=request.by,
            survey=survey,
            form=request.POST.get("as", ""),
            weighting=weighting,
            everyone=everyone,
            invitation=invitation,
        )
    except Refusal as error:
        return HttpResponse(error.message, status=422, content_type="text/plain; charset=utf-8")
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "assessment/file.html", {"one": report})
    return redirect("assessment:report", pk)


def _mine(request: StaffRequest, pk: int) -> Report:
    one = Report.objects.select_related("invitation").filter(user=request.user, pk=pk).first()
    if one is None:
        raise Http404
    return one


@reader
def progress(request: StaffRequest, pk: int) -> HttpResponse:
    """How far a file is; the page asks again until it is done."""
    return render(request, "assessment/file.html", {"one": _mine(request, pk)})


@reader
def download(request: StaffRequest, pk: int) -> FileResponse:
    """A file that is done."""
    one = _mine(request, pk)
    if one.state != Report.State.DONE or not actions.file_of(one).exists():
        raise Http404
    name = f"{one.invitation.city if one.invitation else one.survey.title}.{one.form}"
    kind = actions.reporting.FORMS[one.form]
    return FileResponse(actions.file_of(one).open("rb"), as_attachment=True, filename=name, content_type=kind)
