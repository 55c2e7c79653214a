# SPDX-License-Identifier: Apache-2.0
"""The working calendar: a year by months, the city's own days, and the State Council's notice from its text."""

from calendar import Calendar
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rexian.directory import actions, clock, notice
from rexian.directory.models import CalendarDay
from rexian.directory.queries import working_calendar
from rexian.security.access import StaffRequest
from rexian.web.admin import changes
from rexian.web.admin.forms import DayForm, NoticeForm
from rexian.web.admin.guards import done, keeper

YEARS = range(2004, 2101)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the year's table. `sign`: 休 for a weekday off, 班 for a weekend worked, else ""; `exception`: what the city's own calendar says."""

    day: date
    sign: str
    exception: CalendarDay | None


def _months(year: int, exceptions: dict[date, CalendarDay]) -> list[list[list[Day | None]]]:
    """Twelve months of weeks, Monday first; days of other months are None."""
    known = working_calendar()

    def told(day: date) -> Day:
        works, weekend = known.is_workday(day), day.weekday() >= 5
        return Day(day, "" if works is not weekend else _("班") if works else _("休"), exceptions.get(day))

    weeks = [Calendar().monthdatescalendar(year, month) for month in range(1, 13)]
    return [
        [[told(day) if day.month == month else None for day in week] for week in month_weeks]
        for month, month_weeks in enumerate(weeks, 1)
    ]


@keeper
def index(request: StaffRequest) -> HttpResponse:
    """A year, with its exceptions and an honest sign where its notice is not known yet."""
    return _year(request, _asked(request.GET.get("year", "")))


def _asked(text: str) -> int:
    year = int(text) if text.isdecimal() and len(text) < 5 else clock.today().year
    if year not in YEARS:
        raise Http404
    return year


def _year(request: StaffRequest, year: int, day: DayForm | None = None) -> HttpResponse:
    exceptions = list(CalendarDay.objects.filter(day__year=year))
    context = {
        "year": year,
        "months": _months(year, {one.day: one for one in exceptions}),
        "exceptions": exceptions,
        "known": working_calendar().known(year),
        "form": day or DayForm(),
        "notice": NoticeForm(),
        "changes": changes.of("calendarday"),
        "weekdays": [_("一"), _("二"), _("三"), _("四"), _("五"), _("六"), _("日")],
    }
    return render(request, "admin/calendar.html", context)


@keeper
@require_POST
def save(request: StaffRequest) -> HttpResponse:
    """A day of the city's own: a local holiday, or a day worked after all."""
    form = DayForm(request.POST)
    if form.is_valid():
        data = dict(form.cleaned_data)
        day = data.pop("day")
        row = CalendarDay.objects.filter(day=day).first() or CalendarDay(day=day)
        if done(form, lambda: actions.save_day(by=request.by, day=row, values=data)):
            messages.success(request, _("已保存 %(day)s。已派出的工单期限不变。") % {"day": day})
            return redirect(f"{reverse('admin:calendar')}?year={day.year}")
    return _year(request, clock.today().year, form)


@keeper
@require_POST
def take_notice(request: StaffRequest) -> HttpResponse:
    """The State Council's notice: first what was read of it, then, where it agrees with itself, the calendar."""
    form = NoticeForm(request.POST)
    if not form.is_valid():
        return render(request, "admin/notice.html", {"form": form})
    found = notice.read(form.cleaned_data["text"], form.cleaned_data["year"] or 0)
    if request.POST.get("do") == "save" and done(form, lambda: actions.save_notice(by=request.by, notice=found)):
        messages.success(request, _("%(year)s 年的通知已入日历。") % {"year": found.year})
        return redirect(f"{reverse('admin:calendar')}?year={found.year}")
    known = working_calendar()
    days = [(one, known.is_workday(one.day) is not one.working) for one in found.days]
    context = {"form": form, "found": found, "days": days, "new": sum(differs for _one, differs in days)}
    return render(request, "admin/notice.html", context)
