# SPDX-License-Identifier: Apache-2.0
"""What every template knows: the city, the size of type, and for staff the way around."""

from typing import Any

from django.http import HttpRequest

from rexian.directory.queries import city
from rexian.web.navigation import entries


def page(request: HttpRequest) -> dict[str, Any]:
    """Context of every page."""
    by = getattr(request, "by", None)
    return {
        "city": city(),
        "size": "large" if request.COOKIES.get("size") == "large" else "",
        "navigation": entries(by.role, request.path) if by else [],
    }
