# SPDX-License-Identifier: Apache-2.0
"""Published answers of the knowledge base, for citizens: searched, browsed, and whether they helped."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rexian.directory.models import Category
from rexian.directory.paging import page
from rexian.intake import limiting
from rexian.knowledge import actions, queries
from rexian.knowledge.models import Article, Version
from rexian.security import access
from rexian.security.errors import Refusal
from rexian.security.identity import CITIZEN
from rexian.web.portal.visitors import remember, visitor


@access.public
def answers(request: HttpRequest) -> HttpResponse:
    """The answers with all the words, of a branch of the categories; where there are none, those that are near."""
    q, code = request.GET.get("q", "")[:100], request.GET.get("category", "")[:32]
    branch = Category.objects.filter(code=code).first() if code.isprintable() and code else None
    shown = page(queries.answers(q, branch), "-changed_at", after=request.GET.get("after", ""), size=20)
    near = [] if shown.rows or not q.strip() else queries.for_question(q, public=True, most=5)
    kept = {name: value for name, value in (("q", q), ("category", code)) if value}
    context = {"page": shown, "near": near, "q": q, "branch": branch, "branches": queries.branches()}
    return render(request, "portal/answers.html", context | {"query": f"&{urlencode(kept)}" if kept else ""})


def _found(pk: int) -> tuple[Article, Version]:
    article = queries.answers().filter(pk=pk).first()
    if article is None or article.live is None:
        raise Http404
    return article, article.live


@access.public
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """One answer."""
    article, version = _found(pk)
    known = visitor(request)
    mine = version.votes.filter(visitor=known).first() if known else None
    context = {"article": article, "version": version, "areas": list(version.areas.all()), "mine": mine}
    response = render(request, "portal/answer.html", context)
    remember(request, response)
    return response


@access.public
@require_POST
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether it helped: one vote a browser; one without cookies is asked for nothing and counted not at all."""
    _article, version = _found(pk)
    known, useful = visitor(request), request.POST.get("useful") == "yes"
    try:
        limiting.check_vote(request.META.get("REMOTE_ADDR", ""))
        if known is not None:
            actions.vote(version=version, by=CITIZEN, visitor=known, useful=useful, why=request.POST.get("why", ""))
    except (limiting.TooMany, Refusal) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("谢谢，您的评价已记下。") if known else _("浏览器不接受 Cookie，这次没有记下。"))
    response = redirect("portal:answer", pk=pk)
    remember(request, response)
    return response
