# SPDX-License-Identifier: Apache-2.0
"""What every template knows: the city, the size of type, and for staff the way around."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from rexian.directory.queries import city
from rexian.notices.kinds import NEEDED
from rexian.notices.labels import KINDS
from rexian.web.navigation import entries


def page(request: HttpRequest) -> dict[str, Any]:
    """Context of every page."""
    by = getattr(request, "by", None)
    return {
        "city": city(),
        "size": "large" if request.COOKIES.get("size") == "large" else "",
        "navigation": entries(by.role, request.path) if by else [],
        "bell": _bell(request) if by and by.role in NEEDED else None,
    }


def _bell(request: HttpRequest) -> dict[str, str]:
    """Where an open page hears what needs its reader, and the words for it."""
    host = request.get_host().partition(":")[0]
    kinds = json.dumps({kind.value: str(label) for kind, label in KINDS.items()}, ensure_ascii=False)
    return {"stream": settings.STREAM_URL.replace("{host}", host), "kinds": kinds}
