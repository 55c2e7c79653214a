# SPDX-License-Identifier: Apache-2.0
"""A citizen's browser, known again by a cookie and nothing else."""

import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from rexian.security import encryption

VISITOR = "visitor"
KEPT = 30 * 24 * 3600


def set_cookie(response: HttpResponse, name: str, value: str, age: int = KEPT) -> None:
    response.set_cookie(name, value, max_age=age, httponly=True, samesite="Lax", secure=settings.PRODUCTION)


def visitor(request: HttpRequest) -> bytes | None:
    """The blind index of the browser's cookie, None for one that has none."""
    cookie = request.COOKIES.get(VISITOR)
    return encryption.blind_index(cookie, "portal.visitor") if cookie else None


def remember(request: HttpRequest, response: HttpResponse) -> None:
    """Gives the browser its cookie, if it has none yet."""
    if VISITOR not in request.COOKIES:
        set_cookie(response, VISITOR, secrets.token_urlsafe(24))
