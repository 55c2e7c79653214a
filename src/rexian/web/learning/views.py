# SPDX-License-Identifier: Apache-2.0
"""How good the machines' proposals are: accuracy by week, confidence against truth, what people chose instead, which version was live when."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rexian.directory import clock
from rexian.directory.models import Category, Department
from rexian.directory.queries import city
from rexian.intake import accuracy as queries
from rexian.intake.accuracy import FIELDS
from rexian.orders.writing import FORMULA
from rexian.security import access
from rexian.security.access import StaffRequest
from rexian.security.posts import Post
from rexian.web.forms import style

viewer = access.staff(Post.DISPATCHER, Post.SUPERVISOR, Post.ANALYST, Post.STEWARD, Post.ADMINISTRATOR)
LABELS = {"category": gettext_lazy("分类"), "department": gettext_lazy("主办单位")}
SPANS = ((28, gettext_lazy("近 4 周")), (91, gettext_lazy("近 13 周")), (364, gettext_lazy("近 52 周")))
SHOWN = 100
USUAL = 0.9
"""The threshold at which coverage is shown where the city has set none."""


class Filters(forms.Form):
    field = forms.ChoiceField(label=gettext_lazy("看什么"), choices=list(LABELS.items()), required=False)
    above = forms.IntegerField(label=gettext_lazy("置信度不低于（%）"), min_value=1, max_value=100, required=False)
    days = forms.TypedChoiceField(label=gettext_lazy("更正的时间"), choices=SPANS, coerce=int, required=False)
    word = forms.CharField(label=gettext_lazy("更正里的词"), max_length=40, required=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page is narrowed to; what was not understood is left at its usual value."""

    form: forms.Form
    field: str
    threshold: float
    since: date
    word: str

    @classmethod
    def of(cls, request: StaffRequest) -> "Asked":
        usual = round((city().dispatch_above or USUAL) * 100)
        form = Filters({"field": FIELDS[0], "above": usual, "days": SPANS[1][0]} | request.GET.dict())
        told: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
        days = told.get("days") or SPANS[1][0]
        return cls(
            style(form),
            told.get("field") or FIELDS[0],
            (told.get("above") or usual) / 100,
            clock.today() - timedelta(days=days),
            (told.get("word") or "").strip(),
        )


@dataclass(frozen=True, slots=True)
class Corrected:
    """How often people chose the one where the other was proposed."""

    proposed: str
    chosen: str
    count: int
    last: Any


def _corrected(asked: Asked) -> list[Corrected]:
    rows = list(queries.corrected(asked.field, asked.since)[: SHOWN * 20])
    codes = {row[name] for row in rows for name in ("proposed", "chosen")}
    model, name = (Category, "full_name") if asked.field == "category" else (Department, "name")
    names = dict(model._default_manager.filter(code__in=codes).values_list("code", name))
    found = [
        Corrected(names.get(row["proposed"], row["proposed"]), names.get(row["chosen"], row["chosen"]), row["count"], row["last"])
        for row in rows
    ]  # fmt: skip
    return [one for one in found if asked.word in f"{one.proposed}\n{one.chosen}"][:SHOWN]


@viewer
def accuracy(request: StaffRequest) -> HttpResponse:
    asked = Asked.of(request)
    models = queries.models()
    chosen = request.GET.get("model") or (models[0][0] if models else "")
    bins = queries.calibration(asked.field, chosen)
    context = {
        "asked": asked,
        "field": LABELS[asked.field],
        "weeks": queries.weeks(asked.field, asked.threshold),
        "names": {one.name: one.version for one in queries.versions()},
        "models": models,
        "chosen_model": chosen,
        "bins": bins,
        "error": queries.calibration_error(bins),
        "corrections": _corrected(asked),
        "switches": queries.switches()[:20],
        "query": request.GET.urlencode(),
        "keeps": request.by.role in (Post.STEWARD, Post.ADMINISTRATOR),
    }
    return render(request, "learning/accuracy.html", context)


@viewer
def weeks_file(request: StaffRequest) -> HttpResponse:
    """The weeks of both fields as CSV."""
    threshold = Asked.of(request).threshold
    head = [_("周"), _("看什么"), _("件数"), _("准确"), _("准确率"), _("区间下限"), _("区间上限")]
    head += [_("置信度不低于"), _("其中件数"), _("其中准确"), _("模型")]
    rows = [
        [
            one.week.isoformat(), LABELS[field], one.all.of, one.all.hits, one.all.value, one.all.low, one.all.high,
            threshold, one.sure.of, one.sure.hits, " ".join(one.models),
        ]
        for field in FIELDS
        for one in queries.weeks(field, threshold)
    ]  # fmt: skip
    return _csv("accuracy", head, rows)


@viewer
def corrections_file(request: StaffRequest) -> HttpResponse:
    """The corrections that the page lists, as CSV."""
    rows = [[one.proposed, one.chosen, one.count, one.last.isoformat()] for one in _corrected(Asked.of(request))]
    return _csv("corrections", [_("建议"), _("人选"), _("次数"), _("最近")], rows)


def _csv(name: str, head: list[str], rows: Iterable[list[Any]]) -> HttpResponse:
    """A file that spreadsheets read as UTF-8, and in which no cell becomes a formula."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{clock.today():%Y%m%d}.csv"'
    writer = csv.writer(response)
    writer.writerow(head)
    writer.writerows([f"'{cell}" if str(cell).startswith(FORMULA) else cell for cell in row] for row in rows)
    return response
