# SPDX-License-Identifier: Apache-2.0
from django.urls import URLPattern, URLResolver, path

from rexian.api.site import api
from rexian.security import access

OPEN = ("openapi-json", "api-root")
"""What describes the API is for everyone."""


def _mark(patterns: list[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """Says of every operation that it is for clients, whose token the API itself asks for; the description is open."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            mark = access.public if pattern.name in OPEN else access.client
            mark(pattern.callback)
    return patterns


urlpatterns = [path("v1/", (_mark(list(api.urls[0])), api.urls[1], api.urls[2]))]
