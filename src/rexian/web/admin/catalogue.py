# SPDX-License-Identifier: Apache-2.0
"""The dispatch catalogue: its lines with their past, and what a change would have done before it is saved."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from rexian.directory import actions, clock
from rexian.directory.actions import Duty
from rexian.directory.models import Area, CatalogueLine, Category, Department
from rexian.directory.paging import page
from rexian.orders import trying
from rexian.orders.access import VIEWERS
from rexian.security.access import StaffRequest
from rexian.web.admin import changes
from rexian.web.admin.forms import CatalogueFilter, EndForm, LineForm
from rexian.web.admin.guards import done, found, keeper

SIZE = 50
JOINED = ("category", "area", "lead")


@keeper
def index(request: StaffRequest) -> HttpResponse:
    """The lines in force, and on request the past ones, filtered by category and area, a page at a time."""
    form = CatalogueFilter(request.GET)
    form.is_valid()
    shown = page(_filtered(form.cleaned_data), "number", after=request.GET.get("after", ""), size=SIZE)
    kept = request.GET.copy()
    kept.pop("after", None)
    helpers = Department.objects.in_bulk({pk for line in shown.rows for pk in line.assisting})
    rows = [(line, "、".join(helpers[pk].name for pk in line.assisting if pk in helpers)) for line in shown.rows]
    context = {"form": form, "page": shown, "rows": rows, "query": f"&{kept.urlencode()}", "today": clock.today()}
    return render(request, "admin/catalogue.html", context)


def _filtered(data: dict[str, Any]) -> QuerySet[CatalogueLine]:
    rows = CatalogueLine.objects.select_related(*JOINED)
    if not data.get("past"):
        rows = rows.filter(Q(until=None) | Q(until__gt=clock.today()))
    if category := data.get("category"):
        rows = rows.filter(Q(category=category) | Q(category__parent=category) | Q(category__parent__parent=category))
    if area := data.get("area"):
        rows = rows.filter(area__stem__startswith=area.stem)
    return rows


@keeper
def new(request: StaffRequest) -> HttpResponse:
    """A line for a place that has none yet, or that has one which it follows."""
    return _change(request, None)


@keeper
def line(request: StaffRequest, pk: int) -> HttpResponse:
    """One place of the catalogue: what holds, what held before, and who from a day on."""
    return _change(request, found(CatalogueLine, pk, *JOINED))


def _change(request: StaffRequest, one: CatalogueLine | None) -> HttpResponse:
    """First what the change would have done to last month's orders, then the change itself."""
    form = LineForm(request.POST or None, row=one, initial=_begin(one))
    context: dict[str, Any] = {"form": form, "line": one, "end": EndForm(initial={"until": _tomorrow()})}
    if request.method == "POST" and form.is_valid():
        data = {"category": one.category, "area": one.area} if one else {}
        duty = Duty(**(data | form.cleaned_data))
        if request.POST.get("do") == "save":
            if done(form, lambda: actions.begin_line(by=request.by, duty=duty)):
                messages.success(request, _("已保存，自 %(day)s 起生效。") % {"day": duty.since})
                return redirect("admin:catalogue")
        elif done(form, duty.check):
            context |= _tried(request, duty.category, duty.area, duty.lead)
    return render(request, "admin/line.html", context | _past(one))


def _tomorrow() -> Any:
    return clock.today() + timedelta(days=1)


def _begin(one: CatalogueLine | None) -> dict[str, Any]:
    if one is None:
        return {"since": clock.today()}
    helpers = Department.objects.in_bulk(one.assisting)
    own = {"lead": one.lead, "assisting": [helpers[pk] for pk in one.assisting if pk in helpers], "basis": one.basis}
    return own | {"since": _tomorrow()}


def _past(one: CatalogueLine | None) -> dict[str, Any]:
    """The lines of the same place, and their changes."""
    if one is None:
        return {}
    lines = CatalogueLine.objects.filter(category=one.category, area=one.area).select_related("lead").order_by("-since")
    return {"lines": list(lines), "changes": changes.of("catalogueline", subject=str(one.number))}


def _tried(request: StaffRequest, category: Category, area: Area | None, lead: Department | None) -> dict[str, Any]:
    """The trial by the catalogue of today, and the address of the list of those orders."""
    asked = {"category": category.code, "area": area.code if area else ""}
    asked["received_from"] = (clock.today() - trying.MONTH).isoformat()
    address = f"{reverse('lists:index')}?{urlencode({name: value for name, value in asked.items() if value})}"
    trial = trying.try_line(category, area, lead, clock.today())
    return {"trial": trial, "list": address, "sees": request.by.role in VIEWERS}


@keeper
def end(request: StaffRequest, pk: int) -> HttpResponse:
    """Ends a line without another, after a look at what that would have done."""
    one = found(CatalogueLine, pk, *JOINED)
    form = EndForm(request.POST or None)
    context: dict[str, Any] = {"form": LineForm(row=one, initial=_begin(one)), "line": one, "end": form}
    if request.method == "POST" and form.is_valid():
        until = form.cleaned_data["until"]
        if request.POST.get("do") != "save":
            context |= _tried(request, one.category, one.area, None) | {"ending": True}
        elif done(form, lambda: actions.end_line(by=request.by, line=one, until=until)):
            messages.success(request, _("已保存，自 %(day)s 起不再有效。") % {"day": until})
            return redirect("admin:catalogue")
    return render(request, "admin/line.html", context | _past(one))
