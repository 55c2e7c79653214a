# SPDX-License-Identifier: Apache-2.0
"""The agent's desk: the caller, the order and what helps, side by side."""

import json
import uuid
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rexian.directory import clock
from rexian.directory.models import Area, Category
from rexian.directory.queries import find_citizen, responsible, working_calendar
from rexian.intake import actions as intake
from rexian.intake import elements, proposals
from rexian.intake.models import Draft
from rexian.knowledge.queries import for_question
from rexian.orders import actions, deadlines, limits, queries
from rexian.orders.models import WorkOrder
from rexian.orders.similar import similar
from rexian.security import access
from rexian.security.access import StaffRequest
from rexian.security.errors import Refusal
from rexian.security.posts import Post
from rexian.web.desk.forms import NewOrder

agent = access.staff(Post.AGENT)


@agent
def new(request: StaffRequest) -> HttpResponse:
    """A new order: an empty form, a draft taken up again, or one to submit."""
    form = NewOrder(request.POST or None, initial=_begin(request))
    if request.method == "POST" and form.is_valid():
        try:
            order = _take_down(request, form)
        except Refusal as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            told = {"number": order.number, "state": order.get_state_display()}
            messages.success(request, _("工单 %(number)s 已保存，现在是“%(state)s”。") % told)
            return redirect("desk:new")
    return render(request, "desk/new.html", {"form": form}, status=422 if form.errors else 200)


def _begin(request: StaffRequest) -> dict[str, Any]:
    key = request.GET.get("draft", "")
    draft = Draft.objects.filter(user=request.user, key=key).first() if _is_key(key) else None
    if draft is not None:
        typed: dict[str, Any] = json.loads(draft.content)
        return typed | {"key": draft.key}
    return {"telephone": request.GET.get("telephone", "")}


def _is_key(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


@transaction.atomic
def _take_down(request: StaffRequest, form: NewOrder) -> WorkOrder:
    """Submits, accepts, and answers or dispatches, all or nothing."""
    data = form.cleaned_data
    received = intake.receive(submission=form.submission(), by=request.by, accept=True)
    order = received.order
    intake.discard_draft(key=data["key"], user=request.user)
    if received.repeated:
        return order
    if data["reply_citizen"].strip():
        return actions.answer(order=order, by=request.by, reply_citizen=data["reply_citizen"])
    if data["lead"] and order.state == "accepted":
        category = data["category"]
        if category is None:
            raise Refusal(_("派单前请选择分类。"), field="category")
        line = responsible(category, data["area"], clock.today())
        number = line.number if line and line.lead == data["lead"] else None
        order = actions.dispatch(
            order=order, by=request.by, category=category, lead=data["lead"], assisting=data["assisting"], line=number
        )
    return order


@agent
@require_POST
def assist(request: StaffRequest) -> HttpResponse:
    """What helps while the agent types: proposals, articles that may answer, the deadline that would follow, similar orders."""
    text = request.POST.get("text", "")
    if len(text) < 4:
        return HttpResponse("")
    area = Area.objects.filter(name=request.POST.get("area", "")).first()
    chosen = Category.objects.filter(full_name=request.POST.get("category", "")).first()
    found, heard = proposals.propose(text, area, chosen), elements.heard(text, clock.now())
    category = chosen or Category.objects.filter(code=found.record["category"]["label"]).first()
    case = limits.case(request.POST.get("kind") or found.kind, "danger" if found.danger else found.urgency, category)
    limit = deadlines.deadline(limits.pack_of(), "handle", case, clock.now(), working_calendar())
    answers = for_question(text, area, chosen or proposals.founded_category(found))
    context = {
        "answers": answers,
        "known": any(one.good for one in answers),
        "first_public": next((one for one in answers if one.version.public), None),
        "proposal": found.record,
        "heard": [(NewOrder.base_fields[name].label, name, value) for name, value in heard.items()],
        "heard_json": json.dumps(heard, ensure_ascii=False),
        "danger": found.danger,
        "limit": limit,
        "similar": similar(text, by=request.by, area=area),
        "assisting": [
            proposals.department_names().get(code, "")
            for code in found.record.get("department", {}).get("assisting", [])
        ],
    }
    return render(request, "desk/assist.html", context)


@agent
@require_POST
def citizen(request: StaffRequest) -> HttpResponse:
    """The caller's earlier requests, by number."""
    if not request.POST.get("telephone", "").strip():
        return render(request, "desk/citizen.html", {"wrong": _("输入号码，显示以前的诉求。")})
    try:
        known = find_citizen(telephone=request.POST.get("telephone", ""))
    except Refusal as error:
        return render(request, "desk/citizen.html", {"wrong": error.message})
    orders = list(queries.of_citizen(known, request.by)[:20]) if known else []
    return render(request, "desk/citizen.html", {"citizen": known, "orders": orders})


@agent
@require_POST
def draft(request: StaffRequest) -> JsonResponse:
    """Keeps what is typed."""
    key = request.POST.get("key", "")
    if not _is_key(key):
        return JsonResponse({"error": _("草稿没有编号。")}, status=422)
    content = {
        name: str(value) for name, value in request.POST.items() if name in NewOrder.base_fields and name != "key"
    }
    if any(value.strip() for value in content.values()):
        intake.save_draft(key=uuid.UUID(key), content=content, user=request.user)
    return JsonResponse({"saved": True})


@agent
def drafts(request: StaffRequest) -> HttpResponse:
    rows = [
        {"key": row.key, "saved_at": row.saved_at, "text": json.loads(row.content).get("text", "")[:60]}
        for row in Draft.objects.filter(user=request.user).order_by("-saved_at")[:50]
    ]
    return render(request, "desk/drafts.html", {"rows": rows})
