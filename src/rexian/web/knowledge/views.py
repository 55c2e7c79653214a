# SPDX-License-Identifier: Apache-2.0
"""The knowledge base as staff read it: the list, the article and what can be done with it, its history and its versions."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from rexian.directory.paging import page
from rexian.knowledge import actions, diff, labels, queries
from rexian.knowledge.access import get_article, owns, sees_latest
from rexian.knowledge.models import Article, Version
from rexian.knowledge.workflow import READERS, REVIEWERS, WRITERS, Edge, State, edges_from
from rexian.security import access
from rexian.security.access import StaffRequest
from rexian.security.errors import Refusal
from rexian.security.identity import By
from rexian.web.knowledge.forms import Narrowing, Reason

reader = access.staff(*READERS)
ACTS: dict[str, tuple[type[forms.Form], str]] = {
    "submit": (forms.Form, "s"),
    "recall": (forms.Form, "r"),
    "approve": (forms.Form, "a"),
    "send_back": (Reason, "b"),
    "withdraw": (Reason, "w"),
}
"""The edges that are taken on the article's page, each with its form and key."""


@dataclass(frozen=True, slots=True)
class Queue:
    """A list of articles: what it is sorted and paged by, and what it says when there is nothing in it."""

    title: str | Promise
    empty: str | Promise
    key: str = "-changed_at"


QUEUES = {
    "": Queue(gettext_lazy("全部知识"), gettext_lazy("还没有知识。编辑写好、审核通过的会出现在这里。")),
    "reviewing": Queue(gettext_lazy("待审核"), gettext_lazy("没有待审核的知识。")),
    "expiring": Queue(gettext_lazy("快到期"), gettext_lazy("没有 30 天内到期的知识。"), "expires"),
    "useless": Queue(gettext_lazy("有人说没用"), gettext_lazy("没有被评为没用的知识。")),
    "draft": Queue(gettext_lazy("草稿"), gettext_lazy("没有草稿。")),
    "expired": Queue(gettext_lazy("已过期"), gettext_lazy("没有过期的知识。")),
    "withdrawn": Queue(gettext_lazy("已撤下"), gettext_lazy("没有撤下的知识。")),
}
"""By slug; those but the first are for the posts that write and review."""


@reader
def shelf(request: StaffRequest, slug: str = "") -> HttpResponse:
    """The list, searched and narrowed."""
    if slug not in QUEUES or (slug and request.by.role not in WRITERS | REVIEWERS):
        raise Http404
    return render(request, "knowledge/shelf.html", _listed(request, slug))


def _listed(request: StaffRequest, slug: str) -> dict[str, Any]:
    form, queue = Narrowing(request.GET), QUEUES[slug]
    wanted = form.filter(slug)
    shown = page(queries.search(request.by, wanted), queue.key, after=request.GET.get("after", ""), size=30)
    near = [] if shown.rows or not wanted.words else queries.for_question(wanted.words, wanted.area, wanted.category)
    kept = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    works = request.by.role in WRITERS | REVIEWERS
    return {
        "queue": queue,
        "slug": slug,
        "queues": [(one, told.title) for one, told in QUEUES.items()] if works else [],
        "waiting": queries.waiting(request.by) if works else {},
        "page": shown,
        "rows": [(one, queries.version_for(one, request.by)) for one in shown.rows],
        "near": near,
        "form": form,
        "narrowed": any(name != "q" for name in kept),
        "query": f"&{urlencode(kept)}" if kept else "",
        "writes": request.by.role in WRITERS,
    }


def found(request: StaffRequest, pk: int) -> Article:
    """The article, or a page that tells a stranger nothing."""
    try:
        return get_article(pk, request.by)
    except Article.DoesNotExist:
        raise Http404 from None


@reader
def article(request: StaffRequest, pk: int) -> HttpResponse:
    """One article as this person sees it."""
    return _article(request, found(request, pk), {})


def possible(article: Article, by: By) -> list[Edge]:
    """The edges of ACTS that `by` may take now."""
    edges = [one for one in edges_from(State(article.state), by.role) if one.name in ACTS]
    edges = [one for one in edges if not one.own or owns(article, by)]
    own = article.latest is not None and article.latest.author_id == by.user_id
    return [one for one in edges if not (one.name == "approve" and own)]


def _article(request: StaffRequest, article: Article, failed: dict[str, forms.Form]) -> HttpResponse:
    by = request.by
    version, works = _shown(article, by), sees_latest(article, by)
    acts = [
        {"name": one.name, "label": labels.EDGES[one.name], "why": _(one.why), "key": ACTS[one.name][1]}
        | {"form": failed.get(one.name) or ACTS[one.name][0](), "open": one.name in failed}
        for one in possible(article, by)
    ]
    compared = works and article.live is not None and article.live != article.latest
    context: dict[str, Any] = {
        "article": article,
        "version": version,
        "categories": list(version.categories.all()),
        "areas": list(version.areas.all()),
        "kinds": diff.told(version, "kinds"),
        "acts": acts,
        "writable": owns(article, by) and article.state != State.REVIEWING,
        "works": works,
        "events": list(queries.events_of(article)[:50]) if works else [],
        "changes": diff.between(article.live, version) if compared and article.live else [],
        "compared": compared,
    } | _votes(article, by)
    return render(request, "knowledge/article.html", context, status=422 if failed else 200)


def _shown(article: Article, by: By) -> Version:
    version = queries.version_for(article, by)
    if version is None:
        raise Http404
    return version


def _votes(article: Article, by: By) -> dict[str, Any]:
    """How useful the live version was found, why not, and what `by` said of it."""
    if article.live is None:
        return {}
    counts = queries.tally(article.live)
    mine = article.live.votes.filter(user=by.user_id).first()
    return {"tally": counts, "complaints": queries.complaints(article.live), "mine": mine}


@reader
@require_POST
def act(request: StaffRequest, pk: int, edge: str) -> HttpResponse:
    """Takes an edge of the workflow."""
    one = found(request, pk)
    if edge not in ACTS:
        raise Http404
    form = ACTS[edge][0](request.POST)
    if form.is_valid():
        try:
            getattr(actions, edge)(article=one, by=request.by, **form.cleaned_data)
        except Refusal as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, _("%(act)s，已记录。") % {"act": labels.EDGES[edge]})
            return redirect("knowledge:article", pk=pk)
    if edge in {edge_.name for edge_ in possible(one, request.by)} and form.fields:
        return _article(request, one, {edge: form})
    for message in map(str, form.non_field_errors()):
        messages.error(request, message)
    return redirect("knowledge:article", pk=pk)


@reader
def versions(request: StaffRequest, pk: int) -> HttpResponse:
    """All versions, and what differs between two of them: by default the newest and the one before."""
    one = found(request, pk)
    if not sees_latest(one, request.by):
        raise Http404
    rows = list(queries.versions(one))
    new = _chosen(rows, request.GET.get("new", ""), 0)
    old = _chosen(rows, request.GET.get("old", ""), min(rows.index(new) + 1, len(rows) - 1))
    context = {"article": one, "rows": rows, "old": old, "new": new, "changes": diff.between(old, new)}
    return render(request, "knowledge/versions.html", context)


def _chosen(rows: list[Version], number: str, place: int) -> Version:
    return next((one for one in rows if str(one.number) == number), rows[place])


@reader
@require_POST
def vote(request: StaffRequest, pk: int) -> HttpResponse:
    """Whether the article helped; a fragment for the desk, else back to the page."""
    one = found(request, pk)
    if one.live is None:
        raise Http404
    wrong = ""
    try:
        useful = request.POST.get("useful") == "yes"
        actions.vote(version=one.live, by=request.by, useful=useful, why=request.POST.get("why", ""))
    except Refusal as error:
        wrong = error.message
    if request.headers.get("HX-Request"):
        return render(request, "knowledge/vote.html", {"article": one, "wrong": wrong} | _votes(one, request.by))
    messages.add_message(request, messages.ERROR if wrong else messages.SUCCESS, wrong or _("谢谢，已记下。"))
    return redirect("knowledge:article", pk=pk)
