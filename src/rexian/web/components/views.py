# SPDX-License-Identifier: Apache-2.0
"""The design system on one page: its tokens, and every component in each of its states."""

from types import SimpleNamespace
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rexian.directory import clock
from rexian.security import access
from rexian.security.access import StaffRequest
from rexian.web.forms import style

COLOURS = (
    ("ground", gettext_lazy("页底")),
    ("surface", gettext_lazy("面")),
    ("sunken", gettext_lazy("凹面")),
    ("accent", gettext_lazy("强调：唯一的颜色")),
    ("late", gettext_lazy("红：逾期")),
    ("near", gettext_lazy("黄：快到期")),
    ("done", gettext_lazy("绿：完成")),
)


class Sample(forms.Form):
    telephone = forms.CharField(label=gettext_lazy("手机号"), help_text=gettext_lazy("只有承办人员能看到。"))
    text = forms.CharField(label=gettext_lazy("诉求内容"), widget=forms.Textarea(attrs={"rows": 3}))
    complex = forms.BooleanField(label=gettext_lazy("情况复杂"), required=False)


@access.staff()
def gallery(request: StaffRequest) -> HttpResponse:
    """Every component, as pages use it."""
    form = style(Sample({"telephone": "1380013800", "text": ""}))
    form.add_error("telephone", _("手机号少 1 位：应为 11 位数字。"))
    return render(request, "components/gallery.html", {"colours": COLOURS, "form": form, "events": _events()})


def _events() -> list[Any]:
    def event(edge: str, **data: str) -> Any:
        return SimpleNamespace(edge=edge, at=clock.now(), department=None, user=None, data=data)

    return [event("sign"), event("dispatch"), event("ask_supplement", question=_("哪一栋？")), event("submit")]
