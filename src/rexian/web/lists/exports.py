# SPDX-License-Identifier: Apache-2.0
"""Lists as files: short ones at once, long ones by the worker, with progress; masked as on screen, and every one on record."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rexian.directory import clock
from rexian.orders import actions, columns, finding, writing
from rexian.orders.access import VIEWERS
from rexian.orders.actions.listing import file_of
from rexian.orders.models import Export
from rexian.security import access
from rexian.security.access import StaffRequest
from rexian.security.errors import Refusal
from rexian.web.lists.forms import Export as ExportForm
from rexian.web.lists.forms import Filters

viewer = access.staff(*VIEWERS)
AT_ONCE = 5_000
"""Rows of CSV up to which an export comes at once."""


@viewer
@require_POST
def export(request: StaffRequest) -> HttpResponseBase:
    """The list in the address as a file."""
    filters, form = Filters(request.GET), ExportForm(request.POST)
    back = redirect(f"{reverse('lists:index')}?{request.GET.urlencode()}")
    if not form.is_valid():
        messages.error(request, _("请写明用途，再导出。"))
        return back
    criteria, names = filters.criteria(), filters.shown()
    asked = {"criteria": criteria, "names": names, "reason": form.cleaned_data["reason"]}
    address = request.META.get("REMOTE_ADDR")
    found = finding.find(criteria, request.by)
    short = form.cleaned_data["form"] == "csv" and finding.how_many(found).rows <= AT_ONCE
    try:
        if not short:
            actions.ask_export(by=request.by, form=form.cleaned_data["form"], address=address, **asked)
            return redirect("lists:exports")
        actions.record_export(by=request.by, address=address, **asked)
    except Refusal as error:
        messages.error(request, error.message)
        return back
    shown = columns.chosen(names)
    rows = columns.with_columns(found, shown).order_by(criteria.sort, "pk").iterator(chunk_size=1000)
    response = StreamingHttpResponse(writing.csv_lines(shown, rows, request.by), content_type=writing.FORMS["csv"])
    response["Content-Disposition"] = f'attachment; filename="orders-{clock.now():%Y%m%d-%H%M}.csv"'
    return response


@viewer
def index(request: StaffRequest) -> HttpResponse:
    """One's own long exports, how far each is, and their files."""
    return render(
        request, "lists/exports.html", {"exports": Export.objects.filter(user=request.user).order_by("-asked_at")[:50]}
    )


def _mine(request: StaffRequest, pk: int) -> Export:
    found = Export.objects.filter(user=request.user, pk=pk).first()
    if found is None:
        raise Http404
    return found


@viewer
def progress(request: StaffRequest, pk: int) -> HttpResponse:
    """How far an export is; the page asks again until it is done."""
    return render(request, "lists/export.html", {"one": _mine(request, pk)})


@viewer
def download(request: StaffRequest, pk: int) -> FileResponse:
    one = _mine(request, pk)
    if one.state != Export.State.DONE or not file_of(one).exists():
        raise Http404
    name = f"orders-{one.asked_at:%Y%m%d-%H%M}.{one.form}"
    return FileResponse(
        file_of(one).open("rb"), as_attachment=True, filename=name, content_type=writing.FORMS[one.form]
    )
