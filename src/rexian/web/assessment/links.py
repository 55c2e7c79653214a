# SPDX-License-Identifier: Apache-2.0
"""Pages that a link opens: unguessable, until the end of the survey or its revocation, and only for its own city."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from rexian.assessment.access import OWN, held
from rexian.assessment.models import Invitation
from rexian.intake import limiting
from rexian.security import access
from rexian.security.identity import By
from rexian.security.posts import Outsider
from rexian.web.portal.visitors import set_cookie

NAME = "respondent"
"""The cookie with the name under which this browser answers."""
LongView = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Opened:
    """What a page of a link works with: its token, its invitation, whether it signs, and who answers (without a name until one is given)."""

    token: str
    invitation: Invitation
    signs: bool
    by: By


def by_link(view: LongView) -> LongView:
    """The view gets (request, opened, …); whoever has no link that holds sees the same page, whatever the reason."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = held(token)
        try:
            if found is None:
                limiting.check_lookup(request.META.get("REMOTE_ADDR", ""))
                return _private(render(request, "assessment/shut.html", status=404))
            if request.method == "POST":
                limiting.check_link(token)
        except limiting.TooMany as error:
            return HttpResponse(str(error), status=429, content_type="text/plain; charset=utf-8")
        opened = Opened(token, found.invitation, found.signs, _who(request, found.invitation))
        return _private(view(request, opened, *args, **kwargs))

    return access.public(guarded)


def _private(response: HttpResponseBase) -> HttpResponseBase:
    """In no cache and no index of a search engine; that no other site gets it as a referrer is the policy of all pages."""
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _who(request: HttpRequest, invitation: Invitation) -> By:
    """The leader or administrator who answers for the own city, or the name that this browser gave."""
    by: By | None = getattr(request, "by", None)
    if by and invitation.own and by.role in OWN:
        return by
    try:
        name = signing.loads(request.COOKIES.get(NAME, ""), salt=NAME)
    except signing.BadSignature:
        name = ""
    return By(role=Outsider.RESPONDENT, name=str(name))


def remember_name(response: HttpResponse, name: str) -> None:
    """Keeps the name in this browser."""
    set_cookie(response, NAME, signing.dumps(name.strip()[:40], salt=NAME))


def told_closed(opened: Opened) -> str:
    """Why nothing can be changed any more, or ""."""
    if opened.invitation.state == Invitation.State.SIGNED:
        return _("已签发，只能看。要改请联系调查负责人重开。")
    return ""
