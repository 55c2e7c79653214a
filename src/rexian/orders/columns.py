# SPDX-License-Identifier: Apache-2.0
"""The columns of lists and exports: what each is called and how it is told of an order, masked by the post of who looks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rexian.orders import labels
from rexian.orders.models import Card, WorkOrder
from rexian.orders.workflow import State
from rexian.security.identity import By
from rexian.security.masking import show

Tell = Callable[[WorkOrder, By], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `needs` are the model's fields that it reads; `number`: set flush right."""

    name: str
    label: str | Promise
    tell: Tell
    needs: tuple[str, ...]
    number: bool = False
    personal: bool = False


def _plain(name: str) -> Tell:
    return lambda order, by: getattr(order, name)


def _display(name: str) -> Tell:
    return lambda order, by: getattr(order, f"get_{name}_display")()


def _named(name: str) -> Tell:
    return lambda order, by: str(getattr(order, name) or "")


def _time(name: str) -> Tell:
    def tell(order: WorkOrder, by: By) -> str:
        moment: datetime | None = getattr(order, name)
        return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""

    return tell


def _masked(sort: str, name: str) -> Tell:
    """Of confidential orders nothing, here: whoever is named among those who know opens the order itself."""
    return lambda order, by: "" if order.confidential else show(sort, getattr(order, name) or "", by)


def _state(order: WorkOrder, by: By) -> str:
    return str(labels.STATES[State(order.state)])


def _card(order: WorkOrder, by: By) -> str:
    return str(Card(order.card).label) if order.card else ""


def _solved(order: WorkOrder, by: By) -> str:
    return "" if order.solved is None else str(_("是") if order.solved else _("否"))


def _column(
    name: str, label: Promise, tell: Tell, needs: str = "", *, number: bool = False, personal: bool = False
) -> Column:
    return Column(name, label, tell, tuple((needs or name).split()), number, personal)


COLUMNS: dict[str, Column] = {
    one.name: one
    for one in (
        _column("number", _("工单号"), _plain("number")),
        _column("title", _("标题"), _plain("title")),
        _column("state", _("状态"), _state),
        _column("received_at", _("收到"), _time("received_at")),
        _column("channel", _("渠道"), _plain("channel")),
        _column("kind", _("性质"), _display("kind")),
        _column("urgency", _("紧急程度"), _display("urgency")),
        _column("category", _("分类"), _named("category")),
        _column("area", _("区域"), _named("area")),
        _column("lead", _("主办单位"), _named("lead")),
        _column("due_at", _("办理期限"), _time("due_at")),
        _column("clause", _("时限条款"), _plain("clause")),
        _column("card", _("牌"), _card),
        _column("dispatched_at", _("派单"), _time("dispatched_at")),
        _column("signed_at", _("签收"), _time("signed_at")),
        _column("contacted_at", _("首次联系"), _time("contacted_at")),
        _column("replied_at", _("答复"), _time("replied_at")),
        _column("closed_at", _("办结"), _time("closed_at")),
        _column("solved", _("已解决"), _solved),
        _column("grade", _("评价"), _display("grade")),
        _column("dispatches", _("派单次数"), _plain("dispatches"), number=True),
        _column("redos", _("重办次数"), _plain("redos"), number=True),
        _column("extensions", _("延期次数"), _plain("extensions"), number=True),
        _column("text", _("诉求内容"), _plain("text"), personal=True),
        _column("reply_citizen", _("给诉求人的答复"), _plain("reply_citizen"), personal=True),
        _column("reply_public", _("公开的答复"), _plain("reply_public")),
        _column("who", _("姓名"), _masked("name", "who"), "who confidential", personal=True),
        _column("telephone", _("电话"), _masked("telephone", "telephone"), "telephone confidential", personal=True),
        _column("address", _("地址"), _masked("address", "address"), "address confidential", personal=True),
    )
}
SHOWN = ("number", "title", "state", "received_at", "category", "area", "lead", "due_at")
"""What a list shows before somebody chooses."""
ALWAYS: tuple[str, ...] = (
    *("id", "number", "title", "state", "received_at", "due_at", "warn_at", "stage_due_at", "closed_at", "card"),
    *("urgency", "clause", "grade", "confidential"),
)


def chosen(names: list[str]) -> list[Column]:
    """The columns of these names in their order, unknown ones left out; none gives those of SHOWN."""
    return [COLUMNS[name] for name in dict.fromkeys(names) if name in COLUMNS] or [COLUMNS[name] for name in SHOWN]


def with_columns(orders: QuerySet[WorkOrder], columns: list[Column]) -> QuerySet[WorkOrder]:
    """The orders with what the columns read, and nothing else."""
    needed = {need for column in columns for need in column.needs} | set(ALWAYS)
    joined = sorted(needed & {"category", "area", "lead"})
    names = [
        name
        for join in joined
        for name in (f"{join}__name", f"{join}__full_name")
        if join == "category" or "full" not in name
    ]
    return orders.select_related(*joined).only(*needed, *names) if joined else orders.only(*needed)
