# SPDX-License-Identifier: Apache-2.0
"""What needs me: the list of notices, what of it is read, how one wants to be told, and the counts for who has no stream."""

import hashlib
import json

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from rexian.notices import actions, queries
from rexian.notices.kinds import NEEDED
from rexian.security import access
from rexian.security.access import StaffRequest
from rexian.web.forms import style
from rexian.web.notices.forms import Choices
from rexian.web.notices.hub import standing

needed = access.staff(*NEEDED)


@needed
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """What needs me, newest first; unread ones marked."""
    choice = queries.choice_of(request.by)
    rows = queries.listed(request.by, choice)
    unread = sum(one.unread for one in rows)  # type: ignore[attr-defined]
    return render(request, "notices/index.html", {"rows": rows, "unread": unread, "most": queries.MOST})


@needed
@require_GET
def now(request: StaffRequest) -> HttpResponseBase:
    """How many wait and how many are unread; 304 where that is what the asker knows already."""
    body = json.dumps(standing(request.by), ensure_ascii=False, sort_keys=True)
    etag = f'"{hashlib.sha256(body.encode()).hexdigest()[:20]}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    response = HttpResponse(body, content_type="application/json", headers=headers)
    return get_conditional_response(request, etag=etag, response=response) or response


@needed
@require_POST
def read(request: StaffRequest, pk: int) -> HttpResponse:
    """Marks one notice as read."""
    notice = queries.addressed(request.by).filter(pk=pk).first()
    if notice is None:
        raise Http404
    actions.read(by=request.by, notice=notice)
    return redirect("notices:list")


@needed
@require_POST
def read_all(request: StaffRequest) -> HttpResponse:
    """Marks as read what was on the page, not what came since."""
    upto = request.POST.get("upto", "")
    if upto.isdecimal() and len(upto) < 19:
        actions.read_all(by=request.by, upto=int(upto))
    return redirect("notices:list")


@needed
def choices(request: StaffRequest) -> HttpResponse:
    """How I want to be told."""
    choice = queries.choice_of(request.by)
    told = {"kinds": choice.kinds, "sound": choice.sound, "title": choice.title, "desktop": choice.desktop}
    form = style(Choices(request.POST or None, by=request.by, initial=told))
    if request.method == "POST" and form.is_valid():
        actions.choose(by=request.by, **form.cleaned_data)
        messages.success(request, _("提醒方式已保存。"))
        return redirect("notices:choices")
    groups = [form["kinds"], form["sound"]]
    return render(request, "notices/choices.html", {"form": form, "groups": groups}, status=422 if form.errors else 200)
