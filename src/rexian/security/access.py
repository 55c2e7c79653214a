# SPDX-License-Identifier: Apache-2.0
"""Who may open which page: said on the view itself, refused where nothing is said."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import gettext as _

from rexian.security.identity import By
from rexian.security.models import POST_LABELS, User
from rexian.security.posts import Post

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class StaffRequest(HttpRequest):
    """A request of a page for signed-in staff, as `staff` lets it through."""

    user: User
    by: By


@dataclass(frozen=True, slots=True)
class Access:
    """What a view says of who may open it: everyone, API clients with a token, or staff of these posts."""

    public: bool = False
    client: bool = False
    posts: frozenset[Post] = field(default_factory=frozenset)


def public(view: View) -> View:
    """Anyone may open this page."""
    return _mark(view, Access(public=True))


def client(view: View) -> View:
    """For systems with a token, which the view checks itself."""
    return _mark(view, Access(client=True))


def _mark(view: View, access: Access) -> View:
    view.access = access  # type: ignore[attr-defined]
    return view


WITH_ONE_TIME_PASSWORD = ("account:password", "account:sign_out")
"""The pages that open to one whose password was reset, until it is changed."""
MUST_SET_UP = "must_set_up"
"""In the session of one whose post needs a second factor and who has none yet: only the pages of the account open."""


def staff(*posts: Post, unfinished: bool = False) -> Callable[[View], View]:
    """Signed-in staff of these posts may open this page; without posts, all signed-in staff.

    `unfinished`: also those who have yet to set up the second factor that their post needs.
    """
    allowed = frozenset(posts or Post)

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if request.user.post not in allowed:
                who = "、".join(str(POST_LABELS[post]) for post in Post if post in allowed)
                raise PermissionDenied(_("这一页供%(who)s使用。") % {"who": who})
            if first := _first_to_do(request, unfinished):
                return redirect(first)
            return view(request, *args, **kwargs)

        return _mark(guarded, Access(posts=allowed))  # type: ignore[return-value]

    return decorate


def _first_to_do(request: HttpRequest, unfinished: bool) -> str:
    """The page of the account that has to be done with before others open: a new password, then the second factor; "" for none."""
    if getattr(request.user, "must_change_password", False):
        here = request.resolver_match.view_name if request.resolver_match else ""
        return "" if here in WITH_ONE_TIME_PASSWORD else "account:password"
    return "account:second_setup" if not unfinished and request.session.get(MUST_SET_UP) else ""


class DenyByDefault:
    """Middleware that refuses every view that does not say who may open it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        if access_of(view) is None:
            raise PermissionDenied(_("这一页没有开放。"))


def access_of(view: Any) -> Access | None:
    """What a view function says, or None; the API says it on its whole router."""
    found = getattr(view, "access", None)
    return found if isinstance(found, Access) else None


def all_routes() -> Iterator[tuple[str, URLPattern]]:
    """Every URL pattern of the site with its full route."""
    yield from _routes("", get_resolver().url_patterns)


def _routes(prefix: str, patterns: list[URLPattern | URLResolver]) -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(route, pattern.url_patterns)
        else:
            yield route, pattern
