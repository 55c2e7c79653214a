# SPDX-License-Identifier: Apache-2.0
"""The citizen's pages: one column, plain, without an account and without scripts."""

import json
import uuid
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rexian.directory import clock
from rexian.directory.models import Area, Category
from rexian.directory.paging import page
from rexian.intake import actions as intake
from rexian.intake import limiting, proposals
from rexian.intake.models import Draft
from rexian.knowledge.queries import for_question
from rexian.orders import actions, labels, queries
from rexian.orders.access import of_code
from rexian.orders.models import ArchivedOrder, WorkOrder
from rexian.orders.workflow import AT_DEPARTMENT, State, edges_from
from rexian.security import access
from rexian.security.errors import Refusal
from rexian.security.identity import CITIZEN
from rexian.security.posts import Outsider
from rexian.web.maps import allow_tiles, find_area, outlines_for_map
from rexian.web.portal.forms import ACTS, Find, Request
from rexian.web.portal.visitors import KEPT, remember, set_cookie, visitor
from rexian_ml.text import search_words

HELD = "order"
TOLD: tuple[str, ...] = (
    "submit",
    "accept",
    "ask_supplement",
    "supplement",
    "add",
    "dispatch",
    "designate",
    "sign",
    "contact",
    "grant_extension",
    "promise",
)
TOLD += (
    "approve",
    "visit",
    "rate",
    "redo",
    "close",
    "reopen",
    "refuse",
    "appeal",
    "answer",
    "transfer",
    "merge",
    "close_with_parent",
    "urge",
)
"""The events that the citizen's timeline shows; what happens inside and between departments stays there."""
UNANSWERED = (State.REVIEWING, State.HANDLING, State.DISPATCHED)
"""States in which a reply, if there is one, is not for the citizen yet or not any more."""


@access.public
def submit(request: HttpRequest) -> HttpResponse:
    """Submits a request; nothing typed is lost, and a second press makes no second order."""
    form, challenge = Request(request.POST or None, request.FILES or None, initial=_typed_before(request)), ""
    if request.method == "POST" and form.is_valid():
        try:
            limiting.check(request.META.get("REMOTE_ADDR", ""), request.POST.get("altcha", ""))
            received = intake.receive(submission=form.submission(), by=CITIZEN)
        except limiting.TooMany as error:
            form.add_error(None, str(error))
            challenge = json.dumps(limiting.challenge())
        except Refusal as error:
            field = {"attachments": "photos"}.get(error.field, error.field)
            form.add_error(field if field in form.fields else None, error.message)
        else:
            return _acknowledge(request, received)
    names = Area.objects.filter(active=True).values_list("name", flat=True)
    context = {"form": form, "areas": names, "challenge": challenge}
    response = allow_tiles(render(request, "portal/submit.html", context, status=422 if form.errors else 200))
    remember(request, response)
    return response


def _typed_before(request: HttpRequest) -> dict[str, Any]:
    known = visitor(request)
    draft = (
        Draft.objects.filter(visitor=known).order_by("-saved_at").first() if known and request.method == "GET" else None
    )
    return json.loads(draft.content) | {"key": draft.key} if draft else {}


def _acknowledge(request: HttpRequest, received: intake.Received) -> HttpResponse:
    known = visitor(request)
    if known:
        intake.discard_draft(key=uuid.UUID(request.POST["key"]), visitor=known)
    response = redirect("portal:done")
    set_cookie(response, "done", signing.dumps([received.order.number, received.query_code], salt="done"), age=3600)
    return response


@access.public
def done(request: HttpRequest) -> HttpResponse:
    """The number and the query code, once submitted."""
    try:
        number, code = signing.loads(request.COOKIES.get("done", ""), salt="done", max_age=3600)
    except signing.BadSignature:
        return redirect("portal:submit")
    return render(request, "portal/done.html", {"number": number, "code": code})


@access.public
@require_POST
def draft(request: HttpRequest) -> JsonResponse:
    """Keeps what is typed, for this browser."""
    known = visitor(request)
    try:
        key = uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return JsonResponse({"saved": False}, status=422)
    content = {
        name: str(value)[:10_000]
        for name, value in request.POST.items()
        if name in Request.base_fields and name != "key"
    }
    if known is None or not content.get("text", "").strip():
        return JsonResponse({"saved": False})
    intake.save_draft(key=key, content=content, visitor=known)
    return JsonResponse({"saved": True})


@access.public
def areas(request: HttpRequest) -> JsonResponse:
    """The outlines of streets and towns as GeoJSON, in the datum of the city's map."""
    response = JsonResponse(outlines_for_map())
    response["Cache-Control"] = "public, max-age=3600"
    return response


@access.public
@require_POST
def nearby(request: HttpRequest) -> HttpResponse:
    """What may answer already, and what others reported nearby, before the citizen sends it; and the area of a point on the map."""
    text, area = request.POST.get("text", "")[:2000], find_area(request.POST)
    context: dict[str, Any] = {"area": area}
    if len(text.strip()) >= 4:
        found = proposals.propose(text, area)
        category = Category.objects.filter(code=found.record["category"]["label"]).first()
        told = for_question(text, area, proposals.founded_category(found), public=True, most=2)
        context["answers"] = [one for one in told if one.good]
        if category is not None and area is not None:
            context |= {"category": category.name, "reported": queries.reported(category, area, clock.now())}
    response = render(request, "portal/nearby.html", context)
    if area is not None:
        response["X-Area"] = quote(area.name)
    return response


@access.public
def find(request: HttpRequest) -> HttpResponse:
    """Finds an order by its number and query code."""
    form = Find(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            limiting.check_lookup(request.META.get("REMOTE_ADDR", ""))
        except limiting.TooMany as error:
            form.add_error(None, str(error))
        else:
            found = of_code(form.cleaned_data["number"], intake.query_code_index(form.cleaned_data["code"]))
            if isinstance(found, ArchivedOrder):
                return render(request, "portal/archived.html", {"stub": found})
            if found is not None:
                response = redirect("portal:track")
                set_cookie(response, HELD, signing.dumps(found.number, salt=HELD), age=3600)
                return response
            form.add_error(None, _("没有找到：请核对工单号和查询码。"))
    return render(request, "portal/find.html", {"form": form}, status=422 if form.errors else 200)


def _held(request: HttpRequest) -> WorkOrder | None:
    """The order that this browser has shown the code of."""
    try:
        number = signing.loads(request.COOKIES.get(HELD, ""), salt=HELD, max_age=3600)
    except signing.BadSignature:
        return None
    return WorkOrder.objects.select_related("lead", "category").filter(number=number).first()


@access.public
def track(request: HttpRequest) -> HttpResponse:
    """An order's way as a timeline, and what its citizen can do."""
    order = _held(request)
    return redirect("portal:find") if order is None else _tracked(request, order, {})


def _tracked(request: HttpRequest, order: WorkOrder, failed: dict[str, Any]) -> HttpResponse:
    edges = {edge.name for edge in edges_from(State(order.state), Outsider.CITIZEN)}
    if not queries.reopenable(order, clock.now()):
        edges.discard("reopen")
    acts = [
        {
            "name": name,
            "label": labels.EDGES[name],
            "form": failed.get(name) or form(prefix=name),
            "open": name in failed or (not failed and name in ("supplement", "rate")),
        }
        for name, form in ACTS.items()
        if name in edges
    ]
    events = [event for event in queries.events_of(order) if event.edge in TOLD]
    context = {
        "order": order,
        "events": events,
        "acts": acts,
        "files": list(order.attachments.filter(role="citizen")),
        "answered": order.reply_citizen and order.state not in UNANSWERED,
        "at_department": AT_DEPARTMENT,
    }
    return render(request, "portal/track.html", context, status=422 if failed else 200)


@access.public
@require_POST
def act(request: HttpRequest, edge: str) -> HttpResponse:
    """What the citizen does with the order: add, rate, urge, reopen, appeal."""
    order = _held(request)
    if order is None or edge not in ACTS:
        return redirect("portal:find")
    form = ACTS[edge](request.POST, prefix=edge)
    if form.is_valid():
        try:
            getattr(actions, edge)(order=order, by=CITIZEN, **form.cleaned_data)
        except Refusal as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, _("已收到。"))
            return redirect("portal:track")
    return _tracked(request, order, {edge: form})


@access.public
def published(request: HttpRequest) -> HttpResponse:
    """Searches the replies that are published."""
    q = request.GET.get("q", "")[:100]
    shown = page(queries.published(search_words(q)), "-closed_at", after=request.GET.get("after", ""), size=20)
    return render(request, "portal/published.html", {"page": shown, "q": q})


@access.public
@require_POST
def size(request: HttpRequest) -> HttpResponse:
    """Large type or standard, remembered by the browser."""
    target = request.POST.get("next", "/")
    response = redirect(target if url_has_allowed_host_and_scheme(target, {request.get_host()}) else "/")
    response.set_cookie(
        "size", "large" if request.POST.get("size") == "large" else "", max_age=KEPT * 12, samesite="Lax"
    )
    return response


@access.public
def health(request: HttpRequest) -> HttpResponse:
    """Whether this process answers."""
    return HttpResponse("ok", content_type="text/plain")
