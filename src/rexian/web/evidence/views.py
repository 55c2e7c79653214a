# SPDX-License-Identifier: Apache-2.0
"""The 29 indicators as the platform's own tables show them: beside what the city says of itself and what was published in 2020."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rexian.assessment import index as indexes
from rexian.assessment.evidence import actions, claims, measures, queries, report
from rexian.assessment.evidence.models import Measurement
from rexian.assessment.index import Indicator, Node
from rexian.directory import clock
from rexian.jobs import queries as jobs
from rexian.orders.access import VIEWERS
from rexian.security import access
from rexian.security.access import StaffRequest
from rexian.security.errors import Refusal
from rexian.security.identity import By
from rexian.security.posts import Post
from rexian.web.evidence.wording import Line, name

reader = access.staff(*actions.ASKERS)
MENDERS = frozenset({Post.STEWARD, Post.ADMINISTRATOR})
"""Who may see examples of what is lacking: names of accounts, tables and departments are theirs to mend."""


@reader
def index(request: StaffRequest) -> HttpResponse:
    """All indicators, by dimension and sub-dimension."""
    now = queries.latest()
    found = {key: queries.evidence_of(one) for key, one in now.items()}
    scores = measures.scored([found]) if found.keys() >= measures.BY_INDICATOR.keys() else None  # of an index before
    context = {
        "notice": indexes.load().notice,
        "taken": queries.newest(),
        "dimensions": _dimensions(now),
        "known": sum(one.value is not None for one in now.values()),
        "overall": float(scores.overall[0]) if scores else None,
        "low": float(scores.whole.low[0, 0]) if scores else None,
        "high": float(scores.whole.high[0, 0]) if scores else None,
        "claimed": bool(claims.current()),
        "plan": _plan(now),
        **_job(),
    }
    return render(request, "evidence/index.html", context)


def _dimensions(now: dict[str, Measurement]) -> list[tuple[str, list[tuple[str, list[Line]]]]]:
    """(dimension, [(sub-dimension, its lines)]), by name; empty where nothing was measured."""
    told, before, table = claims.current(), queries.earlier(now), indexes.load()

    def lines(parent: Node) -> list[Line]:
        own = [one for one in table.under(parent.id) if one.id in now]
        return [Line(one, now[one.id], told.get(one.id), before.get(one.id)) for one in own]

    subs = {one.id: (name(one), lines(one)) for one in table.subdimensions}
    rows = [(name(one), [sub for key, sub in subs.items() if key.startswith(one.id)]) for one in table.dimensions]
    return rows if now else []


def _plan(now: dict[str, Measurement]) -> list[tuple[queries.Progress, str]]:
    return [(one, _named(one.milestone.indicator)) for one in queries.progress(now)]


def _named(indicator: str) -> str:
    """An indicator's name, its id where the index has it no more."""
    found = indexes.load().by_id.get(indicator)
    return name(found) if found else indicator


def _job() -> dict[str, Any]:
    return {"job": jobs.last_of(actions.MEASURE), "alive": jobs.workers_alive()}


@reader
def job(request: StaffRequest) -> HttpResponse:
    """How far a measuring that was asked for is; the page asks again until it is done."""
    return render(request, "evidence/job.html", _job())


@reader
@require_POST
def measure(request: StaffRequest) -> HttpResponse:
    """Asks the worker to measure now."""
    try:
        actions.ask_measuring(by=request.by)
    except Refusal as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("已排队，量完后刷新即见。"))
    return redirect("evidence:index")


@reader
def one(request: StaffRequest, pk: int) -> HttpResponse:
    """One measurement: how, the rows behind it, what is missing, how it went, what is planned."""
    found = Measurement.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    indicator = indexes.load().by_id.get(found.indicator)
    if not isinstance(indicator, Indicator):
        raise Http404
    told = claims.current().get(indicator.id)
    context = {
        "line": Line(indicator, found, told, None),
        "how": measures.BY_INDICATOR[indicator.id].how,
        "rows": [_row(row, found, request.by) for row in found.rows],
        "examples": request.by.role in MENDERS,
        "trend": queries.trend(found),
        "neighbours": _neighbours(found),
        "plan": [one for one in queries.progress({found.indicator: found}) if one.milestone.indicator == indicator.id],
    }
    return render(request, "evidence/one.html", context)


def _neighbours(found: Measurement) -> list[tuple[Measurement, str]]:
    """The indicators before and after it in the same measurement, with their names."""
    same = Measurement.objects.filter(taken_at=found.taken_at)
    beside = (same.filter(pk__lt=found.pk).order_by("-pk").first(), same.filter(pk__gt=found.pk).order_by("pk").first())
    return [(one, _named(one.indicator)) for one in beside if one is not None]


def _row(row: dict[str, Any], found: Measurement, by: By) -> dict[str, Any]:
    """A row with the address of its orders, where they are a list that this person may see."""
    told = {key: row[key] for key in ("name", "count", "total", "examples")}
    told["points"] = f"{report.amount(row['hits'])} / {report.amount(row['of'])}"
    if row["channels"] and found.start is not None and by.role in VIEWERS:
        days = {"received_from": clock.day_of(found.start), "received_to": clock.day_of(found.end)}
        told["url"] = f"{reverse('lists:index')}?{urlencode({'channels': row['channels'], **days}, doseq=True)}"
    return told
