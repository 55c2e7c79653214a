# SPDX-License-Identifier: Apache-2.0
"""What the administrator's pages are written with."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rexian.intake.comparing import Verdict
from rexian.orders.labels import FIELDS
from rexian.security.posts import Post

register = template.Library()
TABS: tuple[tuple[str, tuple[str, ...], Promise], ...] = (
    ("admin:staff", (), gettext_lazy("人员")),
    ("admin:table", ("departments",), gettext_lazy("部门")),
    ("admin:table", ("categories",), gettext_lazy("分类")),
    ("admin:table", ("areas",), gettext_lazy("区域")),
    ("admin:catalogue", (), gettext_lazy("派单目录")),
    ("admin:packs", (), gettext_lazy("时限规则")),
    ("admin:calendar", (), gettext_lazy("工作日历")),
    ("admin:learning", (), gettext_lazy("分类与自动派单")),
    ("admin:texts", (), gettext_lazy("常用语")),
)


@dataclass(frozen=True, slots=True)
class Tab:
    url: str
    label: str | Promise
    current: bool


@register.inclusion_tag("admin/tabs.html", takes_context=True)
def tabs(context: dict[str, Any]) -> dict[str, Any]:
    """The administrator's pages that the signed-in person may open, the open one marked."""
    request = context["request"]
    found = []
    for name, arguments, label in TABS:
        url = reverse(name, args=arguments)
        if name != "admin:staff" or request.by.role is Post.ADMINISTRATOR:
            found.append(Tab(url, label, request.path.startswith(url)))
    return {"tabs": found}


@register.filter
def share(part: int, whole: int) -> str:
    """A part of a whole with one decimal; a dash where there is none."""
    return f"{part / whole:.1%}" if whole else "—"


@register.filter
def hours(value: float) -> str:
    """So many hours more or less, in days from two on."""
    if not value:
        return _("不变")
    sign, size = ("+" if value > 0 else "−"), abs(value)
    told = (
        _("%(n)s 小时") % {"n": round(size)}
        if size < 48
        else _("%(n)s 天") % {"n": f"{size / 24:.1f}".removesuffix(".0")}
    )
    return f"{sign}{told}"


@register.filter
def corrected(name: str) -> str:
    """What a correction is about."""
    return _("主办单位") if name == "department" else str(FIELDS.get(name, name))


@register.filter
def braced(name: str) -> str:
    """A place of a text as it is written in one."""
    return f"{{{name}}}"


VERDICTS = {
    Verdict.BETTER: gettext_lazy("比原来的好"),
    Verdict.EVEN: gettext_lazy("不比原来的差，学了更新的工单"),
    Verdict.SAME: gettext_lazy("与在用的一样，没有替换"),
    Verdict.WORSE: gettext_lazy("比在用的差，没有启用"),
    Verdict.UNTESTED: gettext_lazy("没有双方都没见过的工单可检验"),
}


@register.filter
def verdict(name: str | None) -> str:
    """What the comparison of a new version with the live one came to; empty for those of earlier releases."""
    return str(VERDICTS[Verdict(name)]) if name else ""


@register.filter
def versioned(model: str, names: dict[str, int]) -> str:
    """What people call a model by its name on record: its version; one that has seen no order goes by the categories' words alone."""
    return _("第 %(n)s 版") % {"n": names[model]} if model in names else _("只按关键词")
