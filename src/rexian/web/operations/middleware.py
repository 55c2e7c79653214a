# SPDX-License-Identifier: Apache-2.0
"""Around every request: its id, in the log, the answer and the error page; and how long it took, by the name of the view."""

import logging
import re
import secrets
import time
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from rexian.web.operations import metrics
from rexian.web.operations.context import request_id

log = logging.getLogger("rexian.request")
_GIVEN = re.compile(r"[0-9A-Za-z-]{8,64}")


class Observed:
    """The outermost middleware: takes the proxy's `X-Request-Id` or makes one, and gives it back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-Id", "")
        token = request_id.set(given if _GIVEN.fullmatch(given) else secrets.token_hex(8))
        begun = time.perf_counter()
        try:
            response = self.get_response(request)
            response["X-Request-Id"] = request_id.get()
            self._observe(request, response.status_code, time.perf_counter() - begun)
        finally:
            request_id.reset(token)
        return response

    def _observe(self, request: HttpRequest, status: int, seconds: float) -> None:
        """The view's name says which page it was, without the numbers and words of a path."""
        match = request.resolver_match
        view = (match.view_name or "unnamed") if match else "none"
        method = request.method if request.method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE") else "other"
        metrics.REQUESTS.labels(view, method, f"{status // 100}xx").observe(seconds)
        told = {"view": view, "method": method, "status": status, "milliseconds": round(seconds * 1000, 1)}
        log.info("request", extra=told)
