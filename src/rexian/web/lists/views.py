# SPDX-License-Identifier: Apache-2.0
"""Every order that one may see as a table: searched, filtered, sorted, with the columns one chooses, and acted on many at a time."""

import re
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from rexian.directory.paging import page
from rexian.orders import actions, columns, finding, labels
from rexian.orders.access import VIEWERS, get_order
from rexian.orders.finding import SORTS
from rexian.orders.models import SavedView, WorkOrder
from rexian.orders.workflow import EDGES
from rexian.security import access
from rexian.security.access import StaffRequest
from rexian.security.actions import record_access
from rexian.security.errors import Refusal
from rexian.security.identity import By
from rexian.web.lists.forms import Export, Filters
from rexian.web.templatetags.lists import Row
from rexian.web.work.acts import ACTS, AcceptReturn, Act, Reason, act_form
from rexian.web.work.views import sought_in_archive
from rexian_ml.text import words as words_of

SIZE = 50
MOST = 500
"""Orders that one act may take at a time."""
AROUND = 30
"""Characters shown on either side of what was found in a text."""
viewer = access.staff(*VIEWERS)


@viewer
def index(request: StaffRequest) -> HttpResponse:
    """A list, one page of it."""
    filters = Filters(request.GET)
    criteria, shown = filters.criteria(), columns.chosen(filters.shown())
    _note_telephone(request, criteria.words)
    found = columns.with_columns(finding.find(criteria, request.by), [*shown, columns.COLUMNS["text"]])
    keys = (criteria.sort if criteria.sort in SORTS else SORTS[0],)
    rows = page(found, *keys, after=request.GET.get("after", ""), size=SIZE)
    context = {
        "filters": filters,
        "columns": shown,
        "page": rows,
        "rows": [_row(order, shown, request.by, criteria.words) for order in rows.rows],
        "query": _address(request),
        "views": _views(request.by),
        "export": Export(),
        "acts": _acts(request.by),
        "stub": None if rows.rows else sought_in_archive(criteria.words, request.by),
    }
    return render(request, "lists/index.html", context)


def _note_telephone(request: StaffRequest, words: str) -> None:
    """A search by telephone is a look at a person, and written down."""
    if telephone := finding.telephone_in(words):
        record_access(
            by=request.by,
            act="search",
            subject=f"…{telephone[-4:]}",
            fields="telephone",
            reason=gettext_noop("按电话搜索"),
            address=request.META.get("REMOTE_ADDR"),
        )


def _row(order: WorkOrder, shown: list[columns.Column], by: By, words: str) -> Row:
    return Row(order, [column.tell(order, by) for column in shown], _found(order.text, words) if words else "")


def _found(text: str, words: str) -> SafeString | str:
    """The first place in a text at which a word of the search stands, the words marked."""
    wanted = sorted(set(words_of(words)), key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, wanted)), re.IGNORECASE) if wanted else None
    first = pattern.search(text) if pattern else None
    if pattern is None or first is None:
        return ""
    start = max(0, first.start() - AROUND)
    part = text[start : first.end() + AROUND].replace("\n", " ")
    pieces, last = [], 0
    for match in pattern.finditer(part):
        pieces.append((part[last : match.start()], match.group()))
        last = match.end()
    marked = format_html_join("", "{}<mark>{}</mark>", pieces)
    return format_html("{}{}{}{}", "…" if start else "", marked, part[last:], "…")


def _address(request: StaffRequest) -> str:
    """The filters as they stand in the address, without the page."""
    kept = request.GET.copy()
    kept.pop("after", None)
    return kept.urlencode()


def _views(by: By) -> list[SavedView]:
    """One's own saved lists, and those shared among the same post."""
    mine = Q(user_id=by.user_id) | Q(shared=True, post=by.role.value)
    return list(SavedView.objects.filter(mine).select_related("user").order_by("name")[:50])


def _acts(by: By) -> list[tuple[str, Any]]:
    """The acts of a post that ask for a reason at the most: those that can be done to many at once."""
    simple = [name for name, (form, _key) in ACTS.items() if form in (Act, Reason, AcceptReturn)]
    return [(name, labels.EDGES[name]) for name in simple if by.role in EDGES[name].who]


@viewer
def count(request: StaffRequest) -> HttpResponse:
    """How many orders a list has; asked for by the page once it stands."""
    found = finding.how_many(finding.find(Filters(request.GET).criteria(), request.by))
    told = _("约 %(n)s 张（估计）") if found.estimated else _("%(n)s 张")
    return HttpResponse(told % {"n": f"{found.rows:,}"})


@viewer
@require_POST
def act(request: StaffRequest) -> HttpResponse:
    """One act on every order that is ticked, each by itself; says of each that refused why."""
    edge, numbers = request.POST.get("edge", ""), request.POST.getlist("number")[:MOST]
    if edge not in dict(_acts(request.by)):
        raise Http404
    done = 0
    for number in numbers:
        try:
            _act_on(request, edge, number)
            done += 1
        except Refusal as error:
            messages.error(request, _("%(number)s：%(why)s") % {"number": number, "why": error.message})
    if not numbers:
        messages.error(request, _("请先选中工单。"))
    if done:
        messages.success(request, _("%(act)s %(done)s 张。") % {"act": labels.EDGES[edge], "done": done})
    return redirect(f"{reverse('lists:index')}?{request.POST.get('query', '')}")


def _act_on(request: StaffRequest, edge: str, number: str) -> None:
    try:
        order = get_order(number, request.by)
    except WorkOrder.DoesNotExist:
        raise Refusal(_("没有这张工单，或您看不到它。")) from None
    form = act_form(edge, order, request.by, {f"{edge}-reason": request.POST.get("reason", "")})
    if not form.is_valid():
        raise Refusal(_("请填写理由。"), field="reason")
    getattr(actions, edge)(order=order, by=request.by, **form.data_for_action())


@viewer
@require_POST
def save(request: StaffRequest) -> HttpResponse:
    """Keeps the list under a name."""
    query, name = request.POST.get("query", ""), request.POST.get("name", "")
    try:
        view = actions.save_view(by=request.by, name=name, query=query, shared="shared" in request.POST)
    except Refusal as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("已保存为“%(name)s”。") % {"name": view.name})
    return redirect(f"{reverse('lists:index')}?{query}")


@viewer
@require_POST
def drop(request: StaffRequest, pk: int) -> HttpResponse:
    view = SavedView.objects.filter(pk=pk).first()
    if view is None:
        raise Http404
    try:
        actions.drop_view(by=request.by, view=view)
    except Refusal as error:
        messages.error(request, error.message)
    return redirect("lists:index")
