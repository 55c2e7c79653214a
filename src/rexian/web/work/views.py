# SPDX-License-Identifier: Apache-2.0
"""Lists of work and the order page: the queue at the left, the order and what can be done with it, what happened at the right."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rexian.directory.paging import page
from rexian.directory.searching import all_of
from rexian.orders import actions, attachments, boards, labels, numbers, queries
from rexian.orders.access import VIEWERS, archived, get_order, may_see_citizen
from rexian.orders.models import ArchivedOrder, Attachment, WorkOrder
from rexian.orders.similar import similar
from rexian.orders.workflow import EDGES, OPEN, State
from rexian.security import access
from rexian.security.access import StaffRequest
from rexian.security.actions import record_access
from rexian.security.errors import Refusal
from rexian.security.identity import By
from rexian.security.posts import Post
from rexian.web.navigation import landing
from rexian.web.work.acts import ACTS, act_form, possible
from rexian.web.work.asking import questions
from rexian.web.work.queues import QUEUES
from rexian_ml.text import search_words

SHOWN = ("dispatch", "sign", "reply", "approve", "visit", "accept_return")
"""Acts whose form stands open, one at the most: the next thing to do."""
SURE = 0.6
"""The confidence from which a proposal is the first choice; below it, or where it is not known, the dispatcher's own is."""


@access.staff(*VIEWERS)
def queue(request: StaffRequest, slug: str) -> HttpResponse:
    """A list of work, with its first order open beside it."""
    return _work(request, slug, None)


@access.staff(*VIEWERS)
def order(request: StaffRequest, number: str) -> HttpResponse:
    """One order, beside the list that it was opened from; of one in the archive, that it lies there."""
    try:
        return _work(request, request.GET.get("list", "all"), number)
    except Http404:
        if (stub := archived(number, request.by)) is None:
            raise
        return render(request, "work/archived.html", {"stub": stub})


def _work(request: StaffRequest, slug: str, number: str | None, failed: dict[str, Any] | None = None) -> HttpResponse:
    found = QUEUES.get(slug)
    if found is None:
        raise Http404
    if request.by.role not in found.posts:
        raise PermissionDenied(_("这一页供别的岗位使用。"))
    rows = _searched(found.rows(request.by), request.GET.get("q", ""), slug)
    shown = page(rows, *found.keys, after=request.GET.get("after", ""), size=30)
    context: dict[str, Any] = {"queue": found, "slug": slug, "page": shown, "q": request.GET.get("q", "")}
    if not shown.rows:
        context["stub"] = sought_in_archive(context["q"], request.by)
    if number is None and shown.rows and not request.GET.get("q"):
        number = shown.rows[0].number
    if number is not None:
        context |= _order(request, order_or_404(request, number), failed or {})
        context["chosen"] = request.resolver_match is not None and request.resolver_match.url_name != "list"
    return render(request, "work/work.html", context, status=422 if failed else 200)


def _searched(rows: Any, q: str, slug: str) -> Any:
    """The rows that a search finds: by number, or by all its words."""
    if not q.strip():
        return rows
    if number := numbers.normalise(q):
        return rows.filter(number=number)
    words = all_of(search_words(q))
    return rows.filter(search=words) if words is not None else rows


def sought_in_archive(q: str, by: By) -> ArchivedOrder | None:
    """The archived order whose number a search names."""
    number = numbers.normalise(q)
    return archived(number, by) if number else None


def order_or_404(request: StaffRequest, number: str) -> WorkOrder:
    """The order that the address names, for those who may see it."""
    try:
        return get_order(number, request.by)
    except WorkOrder.DoesNotExist:
        raise Http404 from None


def _proposed(order: WorkOrder, by: By) -> str:
    """Whether `by` may dispatch the order as proposed: "sure" from a confidence of SURE on, else "unsure"; "" where he may not."""
    told = (order.proposal or {}).get("department")
    if not told or order.state not in (State.SUBMITTED, State.ACCEPTED) or by.role not in EDGES["dispatch"].who:
        return ""
    return "sure" if (told.get("confidence") or 0) >= SURE else "unsure"


def _order(request: StaffRequest, order: WorkOrder, failed: dict[str, Any]) -> dict[str, Any]:
    edges = possible(order, request.by)
    forms = [
        {
            "name": edge.name,
            "label": labels.EDGES[edge.name],
            "why": _(edge.why),
            "key": ACTS[edge.name][1],
            "form": failed.get(edge.name) or act_form(edge.name, order, request.by),
        }
        for edge in edges
    ]
    events = list(queries.events_of(order))
    first = next((one for one in forms if one["name"] in failed), None)
    proposed = _proposed(order, request.by)
    shown = (*SHOWN, "accept") if proposed == "unsure" else SHOWN
    first = first or next((one for name in shown for one in forms if one["name"] == name), None)
    return {
        "order": order,
        "acts": [one for one in forms if one is not first],
        "first": first,
        "events": events,
        "assignments": list(queries.assigned(order)),
        "attachments": list(order.attachments.all()),
        "repeats": list(order.repeats.only("parent", "number", "title")[:20]),
        "similar": similar(order.text, by=request.by, area=order.area, exclude=order.pk, most=4),
        "sees_citizen": may_see_citizen(order, request.by),
        "proposed": proposed,
        "mergeable": request.by.role in EDGES["merge"].who and order.state in OPEN,
        "hops": boards.chains([order]).get(order.pk)
        if order.dispatches > 1 or order.state == State.RETURNING
        else None,
        "questions": questions(order) if request.by.role is Post.VISITOR and order.state == State.VISITING else (),
        "steps": next((event.data["steps"] for event in events if "steps" in event.data), []),
    }


@access.staff(*VIEWERS)
@require_POST
def act(request: StaffRequest, number: str, edge: str) -> HttpResponse:
    """Takes an edge of the workflow."""
    found = order_or_404(request, number)
    if edge not in ACTS:
        raise Http404
    slug = request.GET.get("list", "all")
    form = act_form(edge, found, request.by, request.POST)
    if form.is_valid():
        try:
            getattr(actions, edge)(order=found, by=request.by, **form.data_for_action())
        except Refusal as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(
                request, _("%(number)s：%(act)s，已记录。") % {"number": number, "act": labels.EDGES[edge]}
            )
            return redirect(
                reverse("work:list", args=[slug]) if slug != "all" else reverse("work:order", args=[number])
            )
    if edge not in {one.name for one in possible(found, request.by)}:
        for message in list(map(str, form.non_field_errors())) or [
            _("现在不能%(act)s。") % {"act": labels.EDGES[edge]}
        ]:
            messages.error(request, message)
        return redirect("work:order", number=number)
    return _work(request, slug, number, {edge: form})


@transaction.atomic
def _dispatch_as_proposed(order: WorkOrder, by: By) -> WorkOrder:
    """Accepts the order if it waits for that, and dispatches it as proposed; raises Refusal, and then nothing was written."""
    form = act_form("dispatch", order, by)
    data = {f"dispatch-{name}": form.fields[name].prepare_value(value) for name, value in form.initial.items()}
    sent = act_form("dispatch", order, by, data)
    if not sent.is_valid():
        raise Refusal(_("没有可采用的建议"))
    if order.state == State.SUBMITTED:
        order = actions.accept(order=order, by=by, category=sent.cleaned_data["category"])
    return actions.dispatch(order=order, by=by, **sent.data_for_action())


@access.staff(*VIEWERS)
@require_POST
def adopt(request: StaffRequest, number: str) -> HttpResponse:
    """Dispatches an order as proposed, by one key."""
    found = order_or_404(request, number)
    try:
        order = _dispatch_as_proposed(found, request.by)
    except Refusal as error:
        messages.error(request, error.message)
        return redirect("work:order", number=number)
    messages.success(request, _("%(number)s 已派给%(lead)s。") % {"number": number, "lead": order.lead})
    return redirect("work:list", slug=request.GET.get("list", "dispatch"))


@access.staff(*VIEWERS)
@require_POST
def batch(request: StaffRequest) -> HttpResponse:
    """Dispatches several orders as proposed, each by itself; says of each that could not be dispatched why."""
    done = 0
    for number in request.POST.getlist("number")[:100]:
        try:
            _dispatch_as_proposed(order_or_404(request, number), request.by)
            done += 1
        except Refusal as error:
            messages.error(request, _("%(number)s：%(why)s") % {"number": number, "why": error.message})
    if done:
        messages.success(request, _("已派 %(done)s 单。") % {"done": done})
    return redirect("work:list", slug="dispatch")


@access.staff(*VIEWERS)
@require_POST
def reveal(request: StaffRequest, number: str) -> HttpResponse:
    """Shows personal data in full, once, for a reason that is written down."""
    found = order_or_404(request, number)
    if not may_see_citizen(found, request.by) or request.by.role in (Post.ANALYST, Post.LEADER):
        raise PermissionDenied(_("您不能查看这张工单的个人信息。"))
    try:
        record_access(
            by=request.by,
            act="reveal",
            subject=found.number,
            fields="name telephone address",
            reason=request.POST.get("reason", ""),
            address=request.META.get("REMOTE_ADDR"),
        )
    except Refusal as error:
        messages.error(request, error.message)
        return redirect("work:order", number=number)
    return render(request, "work/reveal.html", {"order": found})


@access.staff(*VIEWERS)
def attachment(request: StaffRequest, number: str, pk: int) -> FileResponse:
    """A file of an order: the clean copy."""
    found = Attachment.objects.filter(order=order_or_404(request, number), pk=pk).first()
    if found is None:
        raise Http404
    response = FileResponse(
        attachments.path(found.cleaned).open("rb"), content_type=found.media_type, filename=found.name
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@access.staff()
def start(request: StaffRequest) -> HttpResponse:
    """To the page where this post's work is."""
    return redirect(landing(Post(request.user.post)))
