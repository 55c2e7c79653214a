# SPDX-License-Identifier: Apache-2.0
"""What every page of Rexian is written with."""

from dataclasses import asdict
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from django import template
from django.forms import BoundField
from django.template.loader import render_to_string
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from rexian.directory import clock
from rexian.directory.models import Area, Category, Department
from rexian.directory.queries import kept
from rexian.intake.channels import register as register_of_channels
from rexian.orders import labels, limits
from rexian.orders.access import may_see_citizen
from rexian.orders.deadlines import moment_name
from rexian.orders.models import Card, Grade, OrderEvent, WorkOrder
from rexian.orders.models.text import FIELDS
from rexian.orders.texts import filled, for_edge
from rexian.orders.workflow import AT_DEPARTMENT, State
from rexian.security.masking import show

register = template.Library()

ICONS = {
    "phone": "M4 4h3l2 4-2 2a9 9 0 0 0 4 4l2-2 4 2v3a2 2 0 0 1-2 2A14 14 0 0 1 2 6a2 2 0 0 1 2-2z",
    "list": "M3 5h14M3 10h14M3 15h9",
    "file": "M4 3h9l3 3v11H4z M7 9h6 M7 12h6",
    "inbox": "M3 11l2-7h10l2 7v5H3z M3 11h4l1 2h4l1-2h4",
    "chart": "M4 16V9 M10 16V4 M16 16v-5",
    "warn": "M10 3l8 14H2z M10 8v4 M10 14.5v.5",
    "redo": "M4 10a6 6 0 1 1 2 4.5 M4 16v-4h4",
    "eye": "M2 10c2-4 5-6 8-6s6 2 8 6c-2 4-5 6-8 6s-6-2-8-6z M10 12.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z",
    "clock": "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14z M10 6v4l3 2",
    "late": "M5 3h10 M5 17h10 M6 3v3l4 4 4-4V3 M6 17v-3l4-4 4 4v3",
    "search": "M9 15a6 6 0 1 0 0-12 6 6 0 0 0 0 12z M13.5 13.5L18 18",
    "archive": "M3 4h14v4H3z M4 8v8h12V8 M8 11h4",
    "book": "M2 4h6a2 2 0 0 1 2 2v11a2 2 0 0 0-2-2H2z M18 4h-6a2 2 0 0 0-2 2v11a2 2 0 0 1 2-2h6z",
    "flame": "M10 17a5 5 0 0 0 5-5c0-4-4-5-4-9-3 2-3.500 5-3 6.500C7 9.500 6.500 9 6.500 8 5.500 9 5 10.500 5 12a5 5 0 0 0 5 5z",
    "target": "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14z M10 12.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z",
    "gauge": "M3 15a7.500 7.500 0 1 1 14 0 M10 13l3.500-4.500",
    "survey": "M5 4h10v13H5z M8 2.500h4V5H8z M8 9h4 M8 12.500h4",
    "sliders": "M3 6h8 M15 6h2 M13 4v4 M3 14h2 M9 14h8 M7 12v4",
    "stack": "M10 3l7 4-7 4-7-4z M3 10.500l7 4 7-4 M3 14l7 4 7-4",
    "dots": "M4.500 10h.01 M10 10h.01 M15.500 10h.01",
    "bell": "M5 14V9a5 5 0 0 1 10 0v5l1.5 1.5h-13z M8.5 17.5h3",
    "person": "M10 10a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z M3 18a7 7 0 0 1 14 0",
}


@register.simple_tag
def icon(name: str) -> SafeString:
    return format_html('<svg viewBox="0 0 20 20" aria-hidden="true"><path d="{}"/></svg>', ICONS[name])


@lru_cache
def _around_number(_prefix: str) -> tuple[str, str]:
    """What stands before and behind the number in the address of an order."""
    before, _number, behind = reverse("work:order", args=["0"]).rpartition("0")
    return before, behind


@register.filter
def order_url(number: str) -> str:
    """The address of an order, for lists: as `url` gives it, at a tenth of its cost."""
    before, behind = _around_number(get_script_prefix())
    return f"{before}{quote(number)}{behind}"


@register.simple_tag
def options() -> SafeString:
    """The lists from which the browser completes names: the same for everyone, so written once as long as the directory is kept."""
    return kept("options", _options)


def _options() -> SafeString:
    departments = Department.objects.filter(active=True).values_list("name", flat=True)
    names = {
        "categories": Category.objects.filter(active=True).values_list("full_name", flat=True),
        "areas": Area.objects.filter(active=True).values_list("name", flat=True),
        "departments": departments.filter(internal=False),
        "sections": departments.filter(internal=True),
    }
    return render_to_string("components/options.html", names)


@register.inclusion_tag("components/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    return {"field": bound}


@register.inclusion_tag("work/texts.html")
def texts(form: Any) -> dict[str, Any]:
    """The texts kept for the act of a form, as they read for its order."""
    name = FIELDS.get(form.prefix, "")
    kept = [(one.name, filled(one.text, form.order)) for one in for_edge(form.prefix)] if name else []
    return {"texts": kept, "field": form[name].id_for_label if kept else ""}


def span(gap: timedelta) -> str:
    """A span of time as people say it: 5 小时, 3 天."""
    minutes = int(abs(gap).total_seconds() // 60)
    if minutes < 60:
        return _("%(n)s 分钟") % {"n": minutes}
    if minutes < 48 * 60:
        return _("%(n)s 小时") % {"n": minutes // 60}
    return _("%(n)s 天") % {"n": minutes // (24 * 60)}


NEAR = {0: gettext_noop("今天 %(time)s"), 1: gettext_noop("昨天 %(time)s"), -1: gettext_noop("明天 %(time)s")}
SAME_YEAR, FAR = gettext_noop("%(month)s月%(day)s日 %(time)s"), gettext_noop("%(year)s年%(month)s月%(day)s日 %(time)s")
"""How a moment is told: by how many days it is past, else with its date."""


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """A moment as people say it, with the exact one on hover."""
    if value is None:
        return ""
    zone = timezone.get_current_timezone()
    local, now = value.astimezone(zone), clock.now().astimezone(zone)
    days, exact = (now.date() - local.date()).days, f"{local:%Y-%m-%d %H:%M:%S}"
    told = NEAR.get(days) or (SAME_YEAR if local.year == now.year else FAR)
    told = _(told) % {"time": exact[11:16], "day": local.day, "month": local.month, "year": local.year}
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), exact, told)


BROWSERS = {
    "MicroMessenger": gettext_lazy("微信"),
    "Edg/": "Edge",
    "Firefox/": "Firefox",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = ("HarmonyOS", "Windows", "Android", "iPhone", "iPad", "Mac OS X", "Linux")


@register.filter
def device(agent: str) -> str:
    """A browser and its system as people call them; where neither is known, the beginning of what it says of itself."""
    browser = next((str(name) for mark, name in BROWSERS.items() if mark in agent), "")
    system = next((name for name in SYSTEMS if name in agent), "")
    return " · ".join(filter(None, (browser, system))) or agent[:80]


STAGES = {
    State.SUBMITTED: gettext_lazy("受理"),
    State.ACCEPTED: gettext_lazy("派单"),
    State.VISITING: gettext_lazy("回访"),
}
"""What must be done within the limit of a state in which no department has the order."""
SOON = timedelta(hours=1)


@register.simple_tag
def deadline(order: WorkOrder) -> SafeString | str:
    """How long an order still has, or by how much it is late, with the exact time and the clause on hover.

    At a department that is the limit of handling, before and after it the limit of the present step.
    """
    if order.due_at is not None and order.state in AT_DEPARTMENT:
        title = _("期限 %(due)s，条款 %(clause)s") % {"due": moment_name(order.due_at), "clause": order.clause}
        return _time_left(order.due_at, title, order.warn_at or order.due_at)
    step = STAGES.get(State(order.state))
    if step is None or order.stage_due_at is None:
        return ""
    title = _("%(step)s期限 %(due)s") % {"step": step, "due": moment_name(order.stage_due_at)}
    return _time_left(order.stage_due_at, title, order.stage_due_at - SOON, f"{step} ")


def _time_left(due: datetime, title: str, warn: datetime, step: str = "") -> SafeString:
    now = clock.now()
    left = due - now
    if left < timedelta(0):
        words = _("逾期 %(span)s") % {"span": span(left)}
        return format_html('<span class="tag late" title="{}">▲ {}{}</span>', title, step, words)
    near = now >= warn
    words = _("还有 %(span)s") % {"span": span(left)}
    tone, mark = (" near", "● ") if near else ("", "")
    return format_html('<span class="tag{}" title="{}">{}{}{}</span>', tone, title, mark, step, words)


@register.simple_tag
def state(order: WorkOrder) -> SafeString:
    """The state of an order; ended ones are done, with their grade."""
    label = labels.STATES[State(order.state)]
    if order.state in ("closed", "archived"):
        grade = f" · {Grade(order.grade).label}" if order.grade else ""
        return format_html('<span class="tag done">✓ {}{}</span>', label, grade)
    return format_html('<span class="tag">{}</span>', label)


@register.simple_tag
def card(order: WorkOrder) -> SafeString | str:
    """The yellow or red card of an order, with what follows from it on hover."""
    if order.card == Card.NONE:
        return ""
    tone = "near" if order.card == Card.YELLOW else "late"
    rule = limits.pack_of().cards[order.card]  # CARDS has urging where Card has none
    title = _("%(when)s：%(follows)s，计 %(points)s 分（%(source)s）") % asdict(rule)
    return format_html('<span class="tag {}" title="{}">■ {}</span>', tone, title, Card(order.card).label)


@register.simple_tag(takes_context=True)
def personal(context: dict[str, Any], order: WorkOrder, sort: str) -> str:
    """A piece of personal data of an order as the signed-in person may see it."""
    by = context["request"].by
    if not may_see_citizen(order, by):
        return _("保密")
    values = {"name": order.who, "telephone": order.telephone, "address": order.address}
    return show(sort, values[sort] or "", by)


@register.filter
def edge_label(name: str) -> str:
    return str(labels.EDGES[name])


@register.filter
def channel_name(code: str) -> str:
    """What people call a channel."""
    channel = register_of_channels().get(code)
    return str(channel.name) if channel else code


TOLD = ("question", "text", "result", "opinion", "reason", "remark")
TOLD_TO_CITIZENS = {
    "ask_supplement": "question",
    "supplement": "text",
    "add": "text",
    "refuse": "reason",
    "urge": "reason",
}
TOLD_TO_CITIZENS |= {"promise": "until", "reopen": "reason", "appeal": "reason", "redo": "reason"}


@register.filter
def told(event: OrderEvent, staff: bool | None = None) -> list[str]:
    """What was said with an event: to staff all of it, to the citizen what is for the citizen."""
    names = TOLD if staff else (TOLD_TO_CITIZENS.get(event.edge, ""),)
    said = [str(event.data[name]) for name in names if event.data.get(name)]
    if staff and event.data.get("days"):
        said.append(_("%(n)s 个工作日") % {"n": event.data["days"]})
    if staff and event.data.get("until"):
        said.append(_("到 %(day)s") % {"day": event.data["until"]})
    return said


@register.filter
def proposal_title(proposal: dict[str, Any]) -> str:
    """Category → department, as proposed."""
    return f"{proposal['category']['name']} → {proposal['department']['name']}"


@register.filter
def proposal_reason(proposal: dict[str, Any]) -> str:
    return _("；").join(filter(None, (proposal["category"]["reason"], proposal["department"]["reason"])))


@register.filter
def named(code: str, names: dict[str, Any]) -> str:
    """What people call a code, by a table."""
    return str(names.get(code, code))


@register.filter
def percent1(value: float | str | None) -> str:
    """A share with one decimal; "" where there is none, which a template tells as None or as ""."""
    return f"{value:.1%}" if isinstance(value, int | float) else ""


@register.filter
def percent_small(value: float | None) -> str:
    """A small chance, as it is said: 0.3%, or below 0.01%."""
    if value is None:
        return ""
    return _("不到 0.01%") if value < 0.0001 else f"{value:.2%}"


@register.filter
def percent(value: float | None) -> str:
    return "" if value is None else f"{value:.0%}"
