# SPDX-License-Identifier: Apache-2.0
"""The texts that staff use again and again: list, form, history."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from rexian.directory.paging import page
from rexian.orders import actions
from rexian.orders.models import TextTemplate
from rexian.orders.texts import PLACES
from rexian.security.access import StaffRequest
from rexian.web.admin import changes
from rexian.web.admin.forms import TextForm
from rexian.web.admin.guards import done, found, keeper

SIZE = 50


@keeper
def index(request: StaffRequest) -> HttpResponse:
    """All texts by the act that they are for."""
    shown = page(TextTemplate.objects.all(), "edge", "name", after=request.GET.get("after", ""), size=SIZE)
    return render(request, "admin/texts.html", {"page": shown})


@keeper
def new(request: StaffRequest) -> HttpResponse:
    return _form(request, TextTemplate())


@keeper
def text(request: StaffRequest, pk: int) -> HttpResponse:
    return _form(request, found(TextTemplate, pk))


def _form(request: StaffRequest, one: TextTemplate) -> HttpResponse:
    initial = {name: getattr(one, name) for name in TextForm.base_fields}
    form = TextForm(request.POST or None, row=one if one.pk else None, initial=initial)
    if (
        request.method == "POST"
        and form.is_valid()
        and done(form, lambda: actions.save_text(by=request.by, text=one, values=form.cleaned_data))
    ):
        messages.success(request, _("已保存。"))
        return redirect("admin:texts")
    told = changes.of("texttemplate", subject=f"{one.edge} {one.name}") if one.pk else []
    return render(request, "admin/text.html", {"form": form, "text": one, "changes": told, "places": list(PLACES)})
