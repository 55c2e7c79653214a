# SPDX-License-Identifier: Apache-2.0
"""The boards of the supervisor and of a head of department: where it sticks, what is near its limit, what goes back and forth, the cards, who does how much.

A head sees his own part of the department tree on the same pages.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from rexian.directory import clock
from rexian.directory.paging import page
from rexian.orders import actions, boards, limits, queries
from rexian.orders.models import OrderEvent, WorkOrder
from rexian.orders.workflow import EDGES
from rexian.security import access
from rexian.security.access import StaffRequest
from rexian.security.errors import Refusal
from rexian.security.identity import By
from rexian.security.posts import Post
from rexian.web.work.views import order_or_404

SEES = (Post.SUPERVISOR, Post.LEADER, Post.ANALYST, Post.HEAD)
ANSWERS_FOR = (Post.SUPERVISOR, Post.HEAD)
"""Posts that see what each person did: those who answer for these people, and nobody else."""
sees = access.staff(*SEES)
MOST = 100
"""Orders urged at a time, and rows of a page."""
TABS = (
    ("work:board", gettext_lazy("卡在哪里"), SEES),
    ("work:near", gettext_lazy("快到期"), SEES),
    ("work:chains", gettext_lazy("往返"), SEES),
    ("work:cards", gettext_lazy("牌和后果"), SEES),
    ("work:people", gettext_lazy("人员"), ANSWERS_FOR),
)


@dataclass(frozen=True, slots=True)
class Tile:
    """A number with what it is of, and the list behind it."""

    label: str
    value: int
    of: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    url: str
    label: str | Promise
    current: bool


def _board(request: StaffRequest, template: str, **context: Any) -> HttpResponse:
    """A page of the board with its tabs; a head's is of his own departments, and says so."""
    here = request.resolver_match.view_name if request.resolver_match else ""
    tabs = [Tab(reverse(name), label, name == here) for name, label, posts in TABS if request.by.role in posts]
    title = _("督办台") if request.by.departments is None else _("本单位")
    return render(request, template, context | {"tabs": tabs, "title": title})


@sees
def board(request: StaffRequest) -> HttpResponse:
    """What is late and where it sticks."""
    rows = queries.board(request.by, clock.now())
    own = [] if request.by.departments is not None else _of_hotline(request.by)
    return _board(request, "work/board.html", rows=rows[:60], tiles=[*_of_departments(rows), *own])


def _of_departments(rows: list[dict[str, Any]]) -> list[Tile]:
    open_, late, soon = (sum(row[name] for row in rows) for name in ("open", "late", "today"))
    near = reverse("work:near")
    return [
        Tile(_("逾期"), late, _("在办 %(open)s 张中") % {"open": open_}, f"{near}?late=1"),
        Tile(_("一天内到期"), soon, _("在办 %(open)s 张中") % {"open": open_}, near),
    ]


def _of_hotline(by: By) -> list[Tile]:
    waiting = queries.waiting(by)
    disputes = reverse("work:list", args=["disputes"]) if by.role is Post.SUPERVISOR else ""
    return [
        Tile(_("今日收到"), queries.received_since(by, clock.midnight()), _("零点以来收到的")),
        Tile(_("退回待审"), waiting["returning"], _("等热线审定"), disputes),
        Tile(_("危险待处置"), waiting["danger"], _("还没有派出或转出的")),
    ]


# Near the limit -------------------------------------------------------------------------------------------------------------------------


@sees
def near(request: StaffRequest) -> HttpResponse:
    """What is near its limit, or beyond it, by department; each urged by one click, many by one key."""
    asked = _asked(request.GET)
    late = "late" in asked
    rows = (boards.past if late else boards.near)(request.by, clock.now())
    if "lead" in asked:
        rows = rows.filter(lead=int(asked["lead"]))
    shown = page(rows, "due_at", after=request.GET.get("after", ""), size=MOST)
    context = {
        "late": late,
        "groups": _by_department(shown.rows),
        "page": shown,
        "query": f"&{urlencode(asked)}" if asked else "",
        "asked": asked,
        "reason": _("已超过办理期限，请立即办理并答复。") if late else _("距办理期限不足一天，请抓紧办理并答复。"),
        "may_urge": request.by.role in EDGES["urge"].who,
        "said": _said(),
    }
    return _board(request, "work/near.html", **context)


def _asked(told: Any) -> dict[str, str]:
    """Which list of urgent orders is asked for, as it stands in an address: `late`, and the id of a department."""
    lead = told.get("lead", "")
    late = {"late": "1"} if told.get("late") else {}
    return late | ({"lead": lead} if lead.isdecimal() and len(lead) < 10 else {})


@dataclass(frozen=True, slots=True)
class Row:
    """An order near its limit, when it was urged last, and why it could not be urged now."""

    order: WorkOrder
    urged: OrderEvent | None
    wrong: str = ""


def _said() -> dict[str, str]:
    """What every row says, and where it urges: the same for a hundred rows, so asked for once."""
    words = {"due": _("期限"), "state": _("状态"), "urge": _("催办"), "urged": _("已催")}
    return words | {"never": _("没有催过"), "again": _("再催"), "url": reverse("work:urge")}


def _by_department(orders: list[WorkOrder]) -> list[tuple[str, list[Row]]]:
    """The rows of each department, that of the earliest limit first."""
    told = boards.urged(orders)
    groups: dict[str, list[Row]] = {}
    for one in orders:
        groups.setdefault(str(one.lead), []).append(Row(one, told.get(one.pk)))
    return list(groups.items())


@access.staff(Post.SUPERVISOR, Post.LEADER, Post.HEAD)
@require_POST
def urge(request: StaffRequest) -> HttpResponse:
    """Urges one order (`only`) or those that are ticked, each by itself; says of each that could not be urged why."""
    only = request.POST.get("only", "")
    numbers = [only] if only else request.POST.getlist("number")[:MOST]
    orders = [order_or_404(request, number) for number in numbers]
    wrong = _urge(orders, request.by, request.POST.get("reason", ""))
    if only and request.headers.get("HX-Request"):
        row = Row(orders[0], boards.urged(orders).get(orders[0].pk), wrong.get(only, ""))
        return render(request, "work/near_row.html", {"row": row, "may_urge": True, "said": _said()})
    for number, why in wrong.items():
        messages.error(request, _("%(number)s：%(why)s") % {"number": number, "why": why})
    if done := len(orders) - len(wrong):
        messages.success(request, _("已催办 %(done)s 单，理由已记录。") % {"done": done})
    if not orders:
        messages.error(request, _("请先选中要催办的工单。"))
    return redirect(f"{reverse('work:near')}?{urlencode(_asked(request.POST))}")


def _urge(orders: Iterable[WorkOrder], by: By, reason: str) -> dict[str, str]:
    """By number why an order could not be urged."""
    wrong = {}
    for order in orders:
        try:
            actions.urge(order=order, by=by, reason=reason)
        except Refusal as error:
            wrong[order.number] = str(error.message)
    return wrong


# Back and forth, cards, people -----------------------------------------------------------------------------------------------------------


@sees
def chains(request: StaffRequest) -> HttpResponse:
    """Orders that go back and forth, each as the chain of its stays."""
    shown = page(boards.disputed(request.by), "-dispatches", after=request.GET.get("after", ""), size=20)
    told = boards.chains(shown.rows)
    return _board(request, "work/chains.html", page=shown, rows=[(one, told.get(one.pk, [])) for one in shown.rows])


@sees
def cards(request: StaffRequest) -> HttpResponse:
    """What each card means by the city's rules, and what each department collected in a month."""
    start, end = _month(request.GET.get("month", ""))
    pack = limits.pack_of()
    context = {
        "pack": pack,
        "rows": boards.collected(request.by, start, end, pack.cards),
        "month": start,
        "before": start - timedelta(days=1),
        "after": end if end <= clock.now() else None,
    }
    return _board(request, "work/cards.html", **context)


def _month(told: str) -> tuple[datetime, datetime]:
    """The beginning and the end of a month, told as 2026-11; of this one where it is none, or one in which there was no hotline."""
    this = clock.today().replace(day=1)
    try:
        asked = date.fromisoformat(f"{told}-01")
    except ValueError:
        asked = this
    first = asked if asked.year >= 2000 and asked <= this else this
    following = (first + timedelta(days=31)).replace(day=1)
    return clock.start_of(first), clock.start_of(following)


@access.staff(*ANSWERS_FOR)
def people(request: StaffRequest) -> HttpResponse:
    """Who did how much today, by the hour, and what is not done with."""
    found = boards.loads(request.by, clock.midnight())
    busy = [one for one in found if one.done or one.open]
    idle = [one.user for one in found if not (one.done or one.open)]
    hours = [sum(one.hours[hour] for one in busy) for hour in range(24)]
    most = max((n for one in busy for n in one.hours), default=0)
    return _board(request, "work/people.html", busy=busy, idle=idle, hours=hours, peak=max(hours), most=most)
