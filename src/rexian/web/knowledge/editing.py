# SPDX-License-Identifier: Apache-2.0
"""Writing an article: the form keeps what is typed, a save makes a version."""

import json
import uuid
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rexian.intake import actions as intake
from rexian.intake.models import Draft
from rexian.knowledge import actions
from rexian.knowledge.access import owns
from rexian.knowledge.models import Article
from rexian.knowledge.workflow import WRITERS, State
from rexian.security import access, encryption
from rexian.security.access import StaffRequest
from rexian.security.errors import Refusal
from rexian.security.posts import DEPARTMENT_POSTS
from rexian.web.knowledge.forms import ArticleForm, begun
from rexian.web.knowledge.views import found

writer = access.staff(*WRITERS)


@writer
def edit(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    """A new article, or a new version of one."""
    article = _own(request, pk) if pk else None
    if article is not None and article.state == State.REVIEWING:
        messages.error(request, _("正在审核，先收回再改。"))
        return redirect("knowledge:article", pk=article.pk)
    draft = Draft.objects.filter(user=request.user, key=_key(request, pk)).first()
    form = ArticleForm(request.POST or None, initial=_begin(request, article, draft))
    if request.method == "POST" and form.is_valid():
        try:
            saved = _save(request, form, article)
        except Refusal as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            return redirect("knowledge:article", pk=saved.pk)
    context = {"form": form, "article": article, "draft": None if request.method == "POST" else draft}
    return render(request, "knowledge/edit.html", context, status=422 if form.errors else 200)


def _own(request: StaffRequest, pk: int) -> Article:
    article = found(request, pk)
    if not owns(article, request.by):
        raise Http404
    return article


def _begin(request: StaffRequest, article: Article | None, draft: Draft | None) -> dict[str, Any]:
    """What was typed and not saved, else the newest version, else the writer's own department."""
    if draft is not None:
        typed: dict[str, Any] = json.loads(draft.content)
        return typed | {"kinds": typed.get("kinds", "").split("\n"), "public": bool(typed.get("public"))}
    if article is not None and article.latest is not None:
        return begun(article.latest)
    staff = getattr(request.user, "staff", None)
    return {"department": staff.department} if staff and request.by.role in DEPARTMENT_POSTS else {}


@transaction.atomic
def _save(request: StaffRequest, form: ArticleForm, article: Article | None) -> Article:
    """Saves the version and, where that was asked for, hands it to review, all or nothing."""
    content, base = form.content(), form.cleaned_data["base"]
    saved = actions.write(by=request.by, content=content, article=article, base=base if article else None)
    if saved.latest is not None and article is not None and saved.latest.number == base:
        messages.info(request, _("和第 %(n)s 版一样，没有另存。") % {"n": base})
    elif saved.latest is not None:
        messages.success(request, _("已存为第 %(n)s 版。") % {"n": saved.latest.number})
    if request.POST.get("then") == "submit":
        saved = actions.submit(article=saved, by=request.by)
        messages.success(request, _("已交审核。"))
    intake.discard_draft(key=_key(request, article.pk if article else None), user=request.user)
    return saved


def _key(request: StaffRequest, pk: int | None) -> uuid.UUID:
    """The key of this person's draft of this article (or of the new one); nobody else can make it."""
    return uuid.UUID(bytes=encryption.blind_index(f"{request.user.pk} {pk or 'new'}", "knowledge.draft"))


@writer
@require_POST
def keep(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    """Keeps what is typed; with `discard`, throws it away and opens the form anew."""
    article = _own(request, pk) if pk else None
    key = _key(request, article.pk if article else None)
    if "discard" in request.POST:
        intake.discard_draft(key=key, user=request.user)
        return redirect("knowledge:edit", pk=article.pk) if article else redirect("knowledge:new")
    content = {name: "\n".join(request.POST.getlist(name)) for name in ArticleForm.base_fields if name in request.POST}
    if any(content.get(name, "").strip() for name in ("title", "body")):
        intake.save_draft(key=key, content=content, user=request.user)
    return JsonResponse({"saved": True})


@writer
@require_POST
def preview(request: StaffRequest) -> HttpResponse:
    """The body as readers will see it."""
    return render(request, "knowledge/preview.html", {"body": request.POST.get("body", "")[: actions.LONGEST["body"]]})
