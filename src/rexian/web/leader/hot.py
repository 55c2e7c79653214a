# SPDX-License-Identifier: Apache-2.0
"""Hot issues: what many people turn to the hotline about, to be made a parent order with its repeats, or not."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rexian.orders.workflow import MERGEABLE
from rexian.security import access
from rexian.security.access import StaffRequest
from rexian.security.errors import Refusal
from rexian.warning import hot
from rexian.warning.models import HotIssue
from rexian.web.leader.views import alarmed

decider = access.staff(*hot.DECIDERS)


def _found(request: StaffRequest, pk: int) -> HotIssue:
    """The issue, if there is one of which this person sees an order."""
    found = HotIssue.objects.select_related("area", "parent", "decided_by").filter(pk=pk).first()
    if found is None or not hot.members(found, request.by):
        raise Http404
    return found


@alarmed
def index(request: StaffRequest) -> HttpResponse:
    """The open issues, the hottest first, and the last decisions."""
    context = {"waiting": hot.waiting(request.by), "decided": hot.decided(request.by), "days": hot.LOOKED.days}
    return render(request, "leader/hot.html", context)


@alarmed
def issue(request: StaffRequest, pk: int) -> HttpResponse:
    """One issue with its orders."""
    found = _found(request, pk)
    members = hot.members(found, request.by)
    context = {
        "issue": found,
        "members": members,
        "parent": hot.likely_parent(members),
        "mergeable": MERGEABLE,
        "decides": request.by.role in hot.DECIDERS and found.state == HotIssue.State.OPEN,
    }
    return render(request, "leader/hot_issue.html", context)


@decider
@require_POST
def merge(request: StaffRequest, pk: int) -> HttpResponse:
    """Makes the ticked orders repeats of the chosen one."""
    found = _found(request, pk)
    members = {one.number: one for one in hot.members(found, request.by)}
    parent = members.get(request.POST.get("parent", ""))
    try:
        if parent is None:
            raise Refusal(_("请选一张作主单。"))
        chosen = [members[number] for number in request.POST.getlist("number") if number in members]
        done = hot.merge(by=request.by, issue=found, parent=parent, repeats=chosen)
    except Refusal as error:
        messages.error(request, error.message)
        return redirect("leader:hot_issue", pk=pk)
    messages.success(request, _("并入 %(done)s 单。") % {"done": done})
    return redirect("work:order", number=parent.number)


@decider
@require_POST
def refuse(request: StaffRequest, pk: int) -> HttpResponse:
    """Says that it is not one matter."""
    try:
        hot.refuse(by=request.by, issue=_found(request, pk), reason=request.POST.get("reason", ""))
    except Refusal as error:
        messages.error(request, error.message)
        return redirect("leader:hot_issue", pk=pk)
    messages.success(request, _("已记录，来了新的同类诉求再提。"))
    return redirect("leader:hot")
