# SPDX-License-Identifier: Apache-2.0
"""Repeats of one matter, laid side by side and merged."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rexian.orders import actions
from rexian.orders.access import VIEWERS
from rexian.orders.models import WorkOrder
from rexian.orders.similar import similar
from rexian.orders.workflow import MERGEABLE
from rexian.security import access
from rexian.security.access import StaffRequest
from rexian.security.errors import Refusal
from rexian.web.work.views import order_or_404

COMPARED = ("category", "area", "citizen", "lead")


@access.staff(*VIEWERS)
def repeats(request: StaffRequest, number: str) -> HttpResponse:
    """An order beside those that may be its repeats; those of the same category in the same street are ticked."""
    order = order_or_404(request, number)
    found = similar(order.text, by=request.by, area=order.area, exclude=order.pk, most=12)
    candidates = [one for one in found if one.state in MERGEABLE]
    for one in candidates:
        one.alike = _alike(one, order)  # type: ignore[attr-defined]  # for the page only
    chosen = request.GET.get("with") or next((one.number for one in candidates), None)
    other = order_or_404(request, chosen) if chosen else None
    context = {"order": order, "candidates": candidates, "other": other}
    return render(request, "work/repeats.html", context | {"differences": _differences(order, other)})


@access.staff(*VIEWERS)
@require_POST
def merge_into(request: StaffRequest, number: str) -> HttpResponse:
    """Merges the ticked orders into this one, each by itself; says of each that could not be merged why."""
    parent, done = order_or_404(request, number), 0
    for repeat in request.POST.getlist("number")[:100]:
        try:
            actions.merge(order=order_or_404(request, repeat), by=request.by, parent=parent)
            done += 1
        except Refusal as error:
            messages.error(request, _("%(number)s：%(why)s") % {"number": repeat, "why": error.message})
    if done:
        messages.success(request, _("并入 %(done)s 单。") % {"done": done})
        return redirect("work:order", number=number)
    if not request.POST.getlist("number"):
        messages.error(request, _("请先选中要并入的工单。"))
    return redirect("work:repeats", number=number)


def _alike(one: WorkOrder, other: WorkOrder) -> bool:
    return one.area_id is not None and (one.area_id, one.category_id) == (other.area_id, other.category_id)


def _differences(one: WorkOrder, other: WorkOrder | None) -> Iterable[str]:
    if other is None:
        return ()
    return {name for name in COMPARED if getattr(one, f"{name}_id") != getattr(other, f"{name}_id")}
