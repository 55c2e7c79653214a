# SPDX-License-Identifier: Apache-2.0
"""One city of a survey as those who run it see it: who answered what when, evidence, sign-offs, links."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rexian.assessment import actions, filling, queries
from rexian.assessment.access import RUNNERS, get_invitation, link, runs
from rexian.assessment.models import Answer, Evidence, Invitation
from rexian.security import access
from rexian.security.access import StaffRequest
from rexian.security.errors import Refusal
from rexian.web.assessment.filling import Board, served

runner = access.staff(*RUNNERS)


def _found(pk: int, request: StaffRequest) -> Invitation:
    try:
        return get_invitation(pk, request.by)
    except Invitation.DoesNotExist as error:
        raise Http404 from error


@runner
def city(request: StaffRequest, pk: int) -> HttpResponse:
    """The answers of a city with their history."""
    one = _found(pk, request)
    board = Board(one)
    history = Answer.objects.filter(invitation=one, number__gt=1).count()
    context = {
        "one": one,
        "survey": one.survey,
        "board": board,
        "parts": [(name, board.groups(slug)) for slug, name in filling.names(board.index).items()],
        "files": queries.files(one),
        "signoffs": [(signoff, queries.unchanged(signoff)) for signoff in one.signoffs.order_by("-at")],
        "changed": history,
        "may": runs(one.survey, request.by),
        "fill": link(one.survey, one.fill_token),
    }
    return render(request, "assessment/city.html", context)


@runner
@require_POST
def act(request: StaffRequest, pk: int, edge: str) -> HttpResponse:
    """New links, no links, or answers opened again."""
    one = _found(pk, request)
    try:
        if edge == "renew":
            actions.renew(by=request.by, invitation=one)
        elif edge == "revoke":
            actions.revoke(by=request.by, invitation=one)
        elif edge == "reopen":
            actions.reopen(by=request.by, invitation=one, reason=request.POST.get("reason", ""))
        else:
            raise Http404
    except Refusal as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("已记录。"))
    return redirect("assessment:city", pk)


@runner
def evidence(request: StaffRequest, pk: int) -> FileResponse:
    """A file that a city attached."""
    found = Evidence.objects.filter(pk=pk, removed_at=None).first()
    if found is None:
        raise Http404
    return served(found)
