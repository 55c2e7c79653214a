# SPDX-License-Identifier: Apache-2.0
"""The pages of those who run surveys: whom they went to, how far each city is, links, letters, files."""

import csv
import io
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rexian.assessment import actions, queries
from rexian.assessment.access import OWN, READERS, RUNNERS, get_survey, link, runs
from rexian.assessment.access import surveys as visible
from rexian.assessment.actions.surveying import Guest
from rexian.assessment.files import safe
from rexian.assessment.models import Invitation, Letter, Survey
from rexian.directory import clock
from rexian.directory.queries import city
from rexian.security import access
from rexian.security.access import StaffRequest
from rexian.security.errors import Refusal
from rexian.web.assessment import filling
from rexian.web.assessment.forms import Closes, Guests, Judges, NewSurvey, Reason
from rexian.web.forms import style

reader = access.staff(*READERS)
runner = access.staff(*RUNNERS)
TERM = timedelta(days=28)
"""How long a new survey is open, unless said otherwise."""


def found(pk: int, request: StaffRequest) -> Survey:
    """The survey, or 404."""
    try:
        return get_survey(pk, request.by)
    except Survey.DoesNotExist as error:
        raise Http404 from error


def _address(request: HttpRequest) -> str:
    """What the links of a survey begin with, as this page was reached."""
    return request.build_absolute_uri(reverse("assessment:fill", args=["x"])).removesuffix("x/")


@reader
def index(request: StaffRequest) -> HttpResponse:
    """All surveys; a new one."""
    now = timezone.localtime(clock.now()).replace(second=0, microsecond=0)
    form = style(NewSurvey(request.POST or None, initial={"opens": now, "closes": now + TERM}))
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("assessment:survey", _created(request, form.cleaned_data).pk)
        except Refusal as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
    rows = [(one, _counts(one)) for one in visible(request.by).order_by("-opens")]
    context = {"rows": rows, "form": form, "may": request.by.role in RUNNERS, "now": clock.now()}
    return render(request, "assessment/surveys.html", context, status=422 if form.errors else 200)


def _created(request: StaffRequest, data: dict[str, Any]) -> Survey:
    own = data.pop("own")
    survey = actions.create_survey(by=request.by, address=_address(request), **data)
    if own:
        actions.invite(by=request.by, survey=survey, guests=[Guest(city().name)], own=True)
    return survey


def _counts(survey: Survey) -> dict[str, int]:
    states = list(survey.invitations.values_list("state", flat=True))
    return {state: states.count(state) for state in Invitation.State.values} | {"of": len(states)}


@reader
def survey(request: StaffRequest, pk: int) -> HttpResponse:
    """A survey with its cities."""
    return _survey(request, found(pk, request))


def _survey(request: StaffRequest, one: Survey, status: int = 200, **more: Any) -> HttpResponse:
    forms = {
        "guests": style(Guests()),
        "closes": style(Closes(initial={"closes": timezone.localtime(one.closes)}, auto_id="closes_%s")),
        "judges": style(Judges(initial={"judges": one.judges})),
        "reason": style(Reason(auto_id="links_%s")),
    }
    context = _table(request, one) | {"forms": forms | more.pop("forms", {}), "mail": bool(settings.EMAIL_HOST)}
    context |= {"fits": queries.fits(one), "own": request.by.role in OWN and one.invitations.filter(own=True).first()}
    return render(request, "assessment/survey.html", context | more, status=status)


def _table(request: StaffRequest, one: Survey) -> dict[str, Any]:
    rows = queries.standings(one)
    letters = _letters(one)
    return {
        "survey": one,
        "rows": [(row, letters.get(row.invitation.pk, [])) for row in rows],
        "counts": {state: sum(row.invitation.state == state for row in rows) for state in Invitation.State.values},
        "may": runs(one, request.by),
        "sees": request.by.role in RUNNERS,
        "over": clock.now() >= one.closes,
        "now": clock.now(),
    }


def _letters(one: Survey) -> dict[int, list[Letter]]:
    told: dict[int, list[Letter]] = {}
    for letter in Letter.objects.filter(invitation__survey=one).order_by("asked_at"):
        told.setdefault(letter.invitation_id, []).append(letter)
    return told


@reader
def table(request: StaffRequest, pk: int) -> HttpResponse:
    """The cities alone; the page asks again while the survey is open."""
    return render(request, "assessment/table.html", _table(request, found(pk, request)))


@runner
@require_POST
def invite(request: StaffRequest, pk: int) -> HttpResponse:
    """More cities."""
    one, form = found(pk, request), style(Guests(request.POST))
    if form.is_valid():
        try:
            new = actions.invite(by=request.by, survey=one, guests=form.cleaned_data["guests"])
        except Refusal as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, _("已邀请 %(n)s 个城市，每个都有自己的两个链接。") % {"n": len(new)})
            return redirect("assessment:survey", pk)
    return _survey(request, one, 422, forms={"guests": form})


@runner
@require_POST
def send(request: StaffRequest, pk: int) -> HttpResponse:
    """Mails the links."""
    try:
        asked = actions.send(by=request.by, survey=found(pk, request))
    except Refusal as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("已交给后台发送 %(n)s 封；发过的不再发。") % {"n": asked})
    return redirect("assessment:survey", pk)


@runner
@require_POST
def postpone(request: StaffRequest, pk: int) -> HttpResponse:
    """Another end."""
    one, form = found(pk, request), style(Closes(request.POST, auto_id="closes_%s"))
    if form.is_valid():
        try:
            actions.postpone(by=request.by, survey=one, closes=form.cleaned_data["closes"])
        except Refusal as error:
            form.add_error("closes", error.message)
        else:
            messages.success(request, _("已记录。"))
            return redirect("assessment:survey", pk)
    return _survey(request, found(pk, request), 422, forms={"closes": form})


@runner
@require_POST
def judges(request: StaffRequest, pk: int) -> HttpResponse:
    """The judges' comparisons."""
    one, form = found(pk, request), style(Judges(request.POST))
    if form.is_valid():
        try:
            actions.keep_judges(by=request.by, survey=one, text=form.cleaned_data["judges"])
        except Refusal as error:
            form.add_error("judges", error.message)
        else:
            messages.success(request, _("已记录。"))
            return redirect("assessment:survey", pk)
    return _survey(request, one, 422, forms={"judges": form})


@runner
@require_POST
def links(request: StaffRequest, pk: int) -> HttpResponse:
    """All links as CSV, on record: for whoever hands them on by other ways than mail."""
    one = found(pk, request)
    try:
        invited = actions.record_links(
            by=request.by, survey=one, reason=request.POST.get("reason", ""), address=request.META.get("REMOTE_ADDR")
        )
    except Refusal as error:
        messages.error(request, error.message)
        return redirect("assessment:survey", pk)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_("城市"), _("联系邮箱"), _("填写链接"), _("负责人签发链接"), _("状态")])
    for guest in invited:
        told = (guest.city, guest.contact, link(one, guest.fill_token), link(one, guest.sign_token))
        writer.writerow([safe(cell) for cell in (*told, guest.get_state_display())])
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="links-{pk}.csv"'
    response["Cache-Control"] = "no-store"
    return response


@runner
@require_POST
def upload(request: StaffRequest, pk: int) -> HttpResponse:
    """Answers of many cities as a file: all or nothing."""
    one = found(pk, request)
    faults, why = filling.taken(request, request.by, one)
    if faults or why:
        return _survey(request, one, 422, faults=faults, why=why)
    messages.success(request, _("文件里的回答都已存好。"))
    return redirect("assessment:survey", pk)


@runner
def blank(request: StaffRequest, slug: str) -> HttpResponse:
    """The empty questionnaire as a file."""
    return filling.template(slug)


@access.staff(*OWN)
@require_POST
def own(request: StaffRequest, pk: int) -> HttpResponse:
    """To the questionnaire of this city, to fill in or to sign, under one's own name."""
    one = found(pk, request)
    invitation = one.invitations.filter(own=True).first()
    if invitation is None:
        raise Http404
    if request.POST.get("sign"):
        return redirect("assessment:check", invitation.sign_token)
    return redirect("assessment:fill", invitation.fill_token)
