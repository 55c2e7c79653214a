# SPDX-License-Identifier: Apache-2.0
"""What every request of the pages carries."""

from collections.abc import Callable
from typing import cast

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import SimpleLazyObject

from rexian.directory.queries import by_of
from rexian.security.models import User


class RealAddress:
    """Takes the caller's address from X-Forwarded-For where the connection comes from one of our own proxies (REXIAN_PROXIES).

    Read from the right: the last hop that is not a proxy of ours; what a caller wrote before it is not believed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
        while request.META.get("REMOTE_ADDR") in settings.PROXIES and hops:
            request.META["REMOTE_ADDR"] = hops.pop()
        return self.get_response(request)


class WhoActs:
    """Sets `request.by`, the signed-in person as an actor; None for everyone else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        who = SimpleLazyObject(lambda: by_of(cast(User, request.user))) if request.user.is_authenticated else None
        request.by = who  # type: ignore[attr-defined]
        return self.get_response(request)


class ContentPolicy(CSPMiddleware):
    """django-csp's header, put together once: it is the same for all answers but those with a map of their own. No page has a nonce."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        self.usual = build_policy()

    def process_request(self, request: HttpRequest) -> None:
        """Nothing: this is where a nonce would be made."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if getattr(response, "_csp_update", None):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self.usual)
        return response
