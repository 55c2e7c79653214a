# SPDX-License-Identifier: Apache-2.0
"""Classification and automatic dispatch: the threshold, what others would have done, the live model, training."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rexian.directory.actions import save_city
from rexian.directory.models import Category, City, Department
from rexian.intake import accuracy, actions, automatic, versions
from rexian.jobs import queries
from rexian.orders.models import Correction
from rexian.security.access import StaffRequest
from rexian.security.errors import Refusal
from rexian.web.admin.forms import ThresholdForm
from rexian.web.admin.guards import done, keeper

NEWEST = 20
THRESHOLDS = (0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98)


@keeper
def index(request: StaffRequest) -> HttpResponse:
    return _page(request)


def _page(request: StaffRequest, form: ThresholdForm | None = None) -> HttpResponse:
    above = City.objects.get(pk=1).dispatch_above
    context = {
        "above": above,
        "form": form or ThresholdForm(initial={"above": round(above * 100, 1) if above else None}),
        "would": automatic.would_have_done(THRESHOLDS),
        "newest": automatic.NEWEST,
        "versions": accuracy.versions()[:NEWEST],
        "job": queries.last_of(actions.TRAIN),
        "alive": queries.workers_alive(),
        "corrections": _corrections(),
    }
    return render(request, "admin/learning.html", context)


def _corrections() -> list[tuple[Correction, str, str]]:
    """The newest choices that differ from the proposal, with what codes mean."""
    rows = list(Correction.objects.select_related("by").order_by("-at")[:NEWEST])
    codes = {code for one in rows for code in (one.proposed, one.chosen)}
    names = dict(Category.objects.filter(code__in=codes).values_list("code", "full_name"))
    names |= dict(Department.objects.filter(code__in=codes).values_list("code", "name"))
    return [(one, names.get(one.proposed, one.proposed), names.get(one.chosen, one.chosen)) for one in rows]


@keeper
@require_POST
def threshold(request: StaffRequest) -> HttpResponse:
    """Sets above which confidence orders are dispatched without a person; empty: never."""
    form = ThresholdForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        values = {"dispatch_above": data["above"] / 100 if data["above"] else None}
        if done(form, lambda: save_city(by=request.by, values=values, reason=data["reason"])):
            messages.success(request, _("已保存，此后收到的诉求按它办。"))
            return redirect("admin:learning")
    return _page(request, form)


@keeper
@require_POST
def train(request: StaffRequest) -> HttpResponse:
    """Asks the worker to learn anew."""
    try:
        actions.ask_training(by=request.by)
    except Refusal as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("已排队。新的模型不比在用的差，才会启用。"))
    return redirect("admin:learning")


@keeper
@require_POST
def use(request: StaffRequest, pk: int) -> HttpResponse:
    """Puts a version live, with the reason for it."""
    try:
        versions.put_live(by=request.by, version=pk, reason=request.POST.get("reason", ""))
    except Refusal as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("第 %(version)s 版已启用，等派的工单会重新建议。") % {"version": pk})
    return redirect("admin:learning")


@keeper
def training(request: StaffRequest) -> HttpResponse:
    """How far the training is; the page asks again until it is done."""
    context = {"job": queries.last_of(actions.TRAIN), "alive": queries.workers_alive()}
    return render(request, "admin/training.html", context)
