# SPDX-License-Identifier: Apache-2.0
"""The filters of a list, as the address of the page holds them."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from rexian.directory.models import Kind
from rexian.intake.channels import register
from rexian.orders.columns import COLUMNS, SHOWN
from rexian.orders.finding import SORTS, SPANS, Criteria
from rexian.orders.labels import STATES
from rexian.orders.models import Grade, Urgency
from rexian.orders.workflow import State
from rexian.web.forms import area_field, category_field, day_field, department_field, style

ORDERS = {
    "-received_at": _("收到，新的在前"),
    "received_at": _("收到，旧的在前"),
    "due_at": _("期限，先到的在前"),
    "-closed_at": _("办结，新的在前"),
}
SWITCHES = {"late": _("逾期的"), "carded": _("有牌的"), "redone": _("重办过的"), "unsolved": _("没有解决的")}
DAYS = {"received": _("收到"), "due": _("期限"), "closed": _("办结时间")}


def many(label: Any, choices: Any) -> forms.TypedMultipleChoiceField:
    return forms.TypedMultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple, coerce=str
    )


def _channels() -> list[tuple[str, Any]]:
    return [(one.code, one.name) for one in register().values()]


class Filters(forms.Form):
    """What a list asks for. Nothing is required; what cannot be read is said at its field and not asked for."""

    q = forms.CharField(label=_("搜索"), required=False, max_length=200)
    states = many(_("状态"), [(state.value, STATES[state]) for state in State])
    kinds = many(_("性质"), Kind.choices)
    urgencies = many(_("紧急程度"), Urgency.choices)
    channels = many(_("渠道"), lazy(_channels, list))
    grades = forms.TypedMultipleChoiceField(
        label=_("评价"), choices=Grade.choices, required=False, widget=forms.CheckboxSelectMultiple, coerce=int
    )
    category = category_field(label=_("分类（及其下）"), required=False)
    area = area_field(label=_("区域（及其下）"), required=False)
    lead = department_field(label=_("主办单位（及其下）"), required=False)
    sort = forms.ChoiceField(label=_("排序"), choices=list(ORDERS.items()), required=False)
    columns = many(_("列"), [(one.name, one.label) for one in COLUMNS.values()])

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        for name, label in DAYS.items():
            self.fields[f"{name}_from"] = day_field(label=_("%(what)s：从") % {"what": label}, required=False)
            self.fields[f"{name}_to"] = day_field(label=_("%(what)s：到") % {"what": label}, required=False)
        for name, label in SWITCHES.items():
            self.fields[name] = forms.BooleanField(label=label, required=False)
        style(self)
        self.is_valid()

    def criteria(self) -> Criteria:
        """What could be read, as criteria."""
        data = self.cleaned_data
        lists = {name: tuple(data.get(name) or ()) for name in ("states", "kinds", "urgencies", "channels", "grades")}
        codes = {name: data[name].code if data.get(name) else "" for name in ("category", "area", "lead")}
        spans = {name: (_iso(data.get(f"{name}_from")), _iso(data.get(f"{name}_to"))) for name in SPANS}
        switches = {name: bool(data.get(name)) for name in SWITCHES}
        values: dict[str, Any] = {**lists, **codes, **spans, **switches}
        return Criteria(words=data.get("q", ""), sort=data.get("sort") or SORTS[0], **values)

    @property
    def groups(self) -> list[forms.BoundField]:
        """The fields in which several can be ticked."""
        return [self[name] for name in ("states", "kinds", "urgencies", "channels", "grades", "columns")]

    def shown(self) -> list[str]:
        """The names of the columns."""
        return self.cleaned_data.get("columns") or list(SHOWN)

    def active(self) -> int:
        """How many filters are set, the search aside."""
        return len(self.criteria().to_json().keys() - {"words", "sort"})


def _iso(value: Any) -> str:
    return value.isoformat() if value else ""


class Export(forms.Form):
    form = forms.ChoiceField(label=_("格式"), choices=[("csv", "CSV"), ("xlsx", "XLSX")])
    reason = forms.CharField(label=_("用途"), max_length=200, help_text=_("谁、导出什么、为什么，会被记录"))
