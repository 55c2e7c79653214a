# SPDX-License-Identifier: Apache-2.0
"""One minute is enough: today against usual, what rises, what is late and where it sticks, the three rates."""

from typing import Any

from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from rexian.analytics import rates, usual
from rexian.directory import clock
from rexian.orders import queries
from rexian.security import access
from rexian.security.access import StaffRequest
from rexian.security.errors import Refusal
from rexian.security.identity import By
from rexian.security.posts import Post
from rexian.warning import actions as warning
from rexian.warning.models import Alarm
from rexian.warning.queries import VIEWERS, orders_of, visible

leader = access.staff(Post.LEADER, Post.SUPERVISOR, Post.ANALYST)
alarmed = access.staff(*VIEWERS)
STICKING = 8


def _now(by: By) -> dict[str, Any]:
    """What the page and the wall both show."""
    now = clock.now()
    start, end = (clock.start_of(day) for day in usual.last_week(clock.today()))
    return {
        "now": now,
        "day": usual.today(by, now, clock.midnight()),
        "rates": rates.three_rates(by, start, end),
        "week": (start, end),
        "rising": _alarms(by, Alarm.Sort.TREND),
        "sticking": [row for row in queries.board(by, now) if row["open"]][:STICKING],
    }


def _alarms(by: By, sort: str) -> list[Alarm]:
    today = visible(by).filter(day=clock.today(), sort=sort)
    return list(today.order_by(F("seen_at").desc(nulls_first=True), "chance", "-level", "-found_at")[:10])


@leader
def today(request: StaffRequest) -> HttpResponse:
    """The leader's page."""
    context = {"matters": _alarms(request.by, Alarm.Sort.MATTER), "instructed": rates.instructed(request.by)}
    return render(request, "leader/today.html", _now(request.by) | context)


@leader
def wall(request: StaffRequest) -> HttpResponse:
    """The same on the wall of the hall: large, by itself, without anything of a person."""
    return render(request, "leader/wall.html", _now(request.by))


@leader
def departments(request: StaffRequest) -> HttpResponse:
    """Satisfaction by department over the last week; small numbers are shown and not ranked."""
    start, end = (clock.start_of(day) for day in usual.last_week(clock.today()))
    rows = rates.by_department(request.by, start, end)
    return render(request, "leader/departments.html", {"rows": rows, "fewest": rates.FEWEST, "week": (start, end)})


@alarmed
def alarms(request: StaffRequest) -> HttpResponse:
    """The newest warnings, open ones first."""
    rows = visible(request.by).order_by("-found_at")[:100]
    return render(request, "leader/alarms.html", {"rows": sorted(rows, key=lambda one: one.seen_at is not None)})


@alarmed
def alarm(request: StaffRequest, pk: int) -> HttpResponse:
    """One warning with the orders behind it; somebody takes note of it."""
    found = visible(request.by).filter(pk=pk).first()
    if found is None:
        raise Http404
    if request.method == "POST":
        try:
            warning.note_alarm(by=request.by, alarm=found, note=request.POST.get("note", ""))
        except Refusal as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("已记录。"))
        return redirect("leader:alarm", pk=pk)
    return render(request, "leader/alarm.html", {"alarm": found, "orders": orders_of(found, request.by)})
