# SPDX-License-Identifier: Apache-2.0
"""The acts of the order page: for each edge of the workflow that staff take, its form. The action bears the edge's name."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rexian.directory import clock
from rexian.directory.models import Kind
from rexian.directory.queries import responsible
from rexian.intake import proposals
from rexian.orders.access import visible
from rexian.orders.actions.receiving import EMERGENCY
from rexian.orders.models import Facts, Grade, Urgency, WorkOrder
from rexian.orders.numbers import normalise
from rexian.orders.workflow import Edge, State, edges_from
from rexian.security.identity import By
from rexian.security.posts import DEPARTMENT_POSTS
from rexian.web.forms import (
    area_field,
    category_field,
    day_field,
    department_field,
    departments_field,
    section_field,
    style,
)

YES_NO = (("", "—"), ("True", _("是")), ("False", _("否")))


def text(label: Any, *, required: bool = True, rows: int = 3, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, required=required, help_text=hint, max_length=10_000, widget=forms.Textarea(attrs={"rows": rows})
    )


def yes_no(label: Any, *, required: bool = True) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, required=required, choices=YES_NO, coerce=lambda value: value == "True", empty_value=None
    )


class Act(forms.Form):
    """The form of one edge; `order` and `by` are known before it is filled in."""

    def __init__(self, *args: Any, order: WorkOrder, by: By, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order, self.by = order, by
        style(self)

    @classmethod
    def begin(cls, order: WorkOrder) -> dict[str, Any]:
        """What stands in the form when it opens."""
        return {}

    def data_for_action(self) -> dict[str, Any]:
        return self.cleaned_data


class Reason(Act):
    reason = text(_("理由"))


class Text(Act):
    text = text(_("内容"))


class Question(Act):
    question = text(_("请诉求人补充什么"))


class Classify(Act):
    kind = forms.ChoiceField(label=_("性质"), choices=Kind.choices)
    urgency = forms.ChoiceField(label=_("紧急程度"), choices=Urgency.choices)
    category = category_field(label=_("分类"), required=False)
    area = area_field(label=_("区域"), required=False)

    @classmethod
    def begin(cls, order: WorkOrder) -> dict[str, Any]:
        return {
            "kind": order.kind,
            "urgency": order.urgency,
            "category": order.category or proposed(order),
            "area": order.area,
        }


class Answer(Act):
    reply_citizen = text(_("给诉求人的答复"), rows=4)
    reply_public = text(_("公开的答复（没有个人信息）"), required=False)


class Transfer(Act):
    hotline = forms.ChoiceField(label=_("转往"), choices=[(one, one) for one in EMERGENCY])
    note = text(_("说明"))


def proposed(order: WorkOrder) -> str:
    """The proposed category's full name."""
    return str((order.proposal or {}).get("category", {}).get("name", ""))


class Dispatch(Act):
    category = category_field(label=_("分类"))
    lead = department_field(label=_("主办单位"))
    assisting = departments_field(label=_("协办单位"), required=False, help_text=_("几个单位用顿号分开"))
    complex = forms.BooleanField(label=_("情况复杂"), required=False)

    @classmethod
    def begin(cls, order: WorkOrder) -> dict[str, Any]:
        told = (order.proposal or {}).get("department", {})
        names = proposals.department_names()
        assisting = "、".join(names[code] for code in told.get("assisting", ()) if code in names)
        return {"category": order.category or proposed(order), "lead": told.get("name", ""), "assisting": assisting}

    def data_for_action(self) -> dict[str, Any]:
        data = self.cleaned_data
        line = responsible(data["category"], self.order.area, clock.today())
        return data | {"line": line.number if line and line.lead == data["lead"] else None}


class Designate(Dispatch):
    reason = text(_("理由"))

    def data_for_action(self) -> dict[str, Any]:
        return self.cleaned_data


class AskReturn(Act):
    reason = text(_("理由"), hint=_("写明依据，如三定方案、管理范围"))
    suggested = department_field(label=_("建议由谁承办"), required=False)


class AcceptReturn(Act):
    reason = text(_("意见"), required=False, rows=2)


class HandOn(Act):
    department = section_field(label=_("转给科室"))


class Contact(Act):
    result = text(_("联系结果"))
    number = forms.CharField(
        label=_("拨打的号码"), required=False, max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    reached = forms.BooleanField(label=_("已联系上"), required=False, initial=True)


class Opinion(Act):
    opinion = text(_("协办意见"))


class AskExtension(Act):
    days = forms.IntegerField(label=_("延长几个工作日"), min_value=1, max_value=60)
    reason = text(_("理由"))


class Promise(Act):
    until = day_field(label=_("承诺日期"))
    reason = text(_("为什么现在办不了"))


class Reply(Act):
    reply_citizen = text(_("给诉求人的答复"), rows=5)
    reply_public = text(_("公开的答复（没有个人信息）"), required=False)
    facts = forms.ChoiceField(label=_("是否属实"), choices=[("", "—"), *Facts.choices])
    solved = yes_no(_("是否解决"))
    why_unsolved = forms.CharField(label=_("未解决的原因"), required=False, max_length=200)
    outside_duty = forms.BooleanField(label=_("超出职责范围"), required=False)


class Approve(Act):
    publish = forms.BooleanField(label=_("公开这份答复"), required=False)

    @classmethod
    def begin(cls, order: WorkOrder) -> dict[str, Any]:
        return {"publish": bool(order.reply_public) and not order.confidential}


class Visit(Act):
    solved = yes_no(_("问题解决了吗"))
    grade = forms.TypedChoiceField(
        label=_("对办理满意吗"), choices=[("", "—"), *Grade.choices], coerce=int, empty_value=None
    )
    why_unsolved = forms.CharField(label=_("没有解决的原因"), required=False, max_length=200)
    remark = text(_("诉求人还说了什么"), required=False, rows=2)


class VisitMissed(Act):
    result = forms.CharField(label=_("结果"), max_length=100, initial=_("无人接听"))


class Supervise(Act):
    until = day_field(label=_("限期"))
    reason = text(_("督办要求"))

    @classmethod
    def begin(cls, order: WorkOrder) -> dict[str, Any]:
        return {"until": clock.today() + timedelta(days=1)}


class Merge(Act):
    parent = forms.CharField(label=_("并入哪一张（工单号）"), max_length=40)

    def clean_parent(self) -> WorkOrder:
        number = normalise(self.cleaned_data["parent"])
        found = visible(self.by).filter(number=number).first() if number else None
        if found is None:
            raise forms.ValidationError(_("没有这张工单，请核对工单号。"))
        return found


class Secret(Act):
    def data_for_action(self) -> dict[str, Any]:
        return {"named": []}


class Publish(Act):
    reply_public = text(_("公开的答复（没有个人信息）"))

    @classmethod
    def begin(cls, order: WorkOrder) -> dict[str, Any]:
        return {"reply_public": order.reply_public}


ACTS: dict[str, tuple[type[Act], str]] = {
    "accept": (Classify, "a"),
    "dispatch": (Dispatch, "d"),
    "designate": (Designate, ""),
    "sign": (Act, "s"),
    "reply": (Reply, "r"),
    "contact": (Contact, "c"),
    "hand_on": (HandOn, "f"),
    "ask_extension": (AskExtension, "e"),
    "ask_return": (AskReturn, "x"),
    "promise": (Promise, "p"),
    "opine": (Opinion, "o"),
    "approve": (Approve, "a"),
    "send_back": (Reason, "x"),
    "visit": (Visit, "v"),
    "visit_missed": (VisitMissed, "n"),
    "end_visits": (Reason, ""),
    "redo": (Reason, "r"),
    "close": (Act, "b"),
    "accept_return": (AcceptReturn, "y"),
    "refuse_return": (Reason, "n"),
    "grant_extension": (AcceptReturn, "g"),
    "deny_extension": (Reason, ""),
    "answer": (Answer, "r"),
    "ask_supplement": (Question, ""),
    "supplement": (Text, ""),
    "classify": (Classify, ""),
    "refuse": (Reason, ""),
    "transfer": (Transfer, "t"),
    "appeal": (Reason, ""),
    "urge": (Reason, "u"),
    "supervise": (Supervise, ""),
    "merge": (Merge, ""),
    "unmerge": (Reason, ""),
    "reopen": (Reason, ""),
    "add": (Text, ""),
    "make_confidential": (Secret, ""),
    "publish": (Publish, ""),
    "withdraw": (Reason, ""),
}
"""By edge: its form, and the key that opens it. In the order in which the page shows them."""


def possible(order: WorkOrder, by: By) -> list[Edge]:
    """The edges that `by` may take now, in the order of ACTS; what the state of things forbids is left out."""
    mine = order.lead_id in (by.departments or ())
    edges = {edge.name: edge for edge in edges_from(State(order.state), by.role)}
    if by.role in DEPARTMENT_POSTS and not mine:
        edges = {name: edge for name, edge in edges.items() if edge.assisting}
    asked = order.extension_requests.filter(decided_at=None).exists()
    gone = {"ask_extension"} if asked or order.extensions else set()
    gone |= set() if asked else {"grant_extension", "deny_extension"}
    gone |= {"ask_return"} if order.designated else set()
    gone |= {"publish"} if order.published or order.confidential else {"withdraw"} if not order.published else set()
    gone |= {"make_confidential"} if order.confidential else set()
    gone |= {"redo"} if order.lead_id is None else set()
    return [edges[name] for name in ACTS if name in edges and name not in gone]


def act_form(name: str, order: WorkOrder, by: By, data: Any = None) -> Act:
    """The form of an edge, empty as it opens or filled with what was sent."""
    form, _key = ACTS[name]
    return form(data, order=order, by=by, initial=form.begin(order), prefix=name)
