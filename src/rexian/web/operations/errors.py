# SPDX-License-Identifier: Apache-2.0
"""What is shown when something breaks: honest, without a database, with the id under which it stands in the log."""

import json
import sys

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import defaults
from psycopg_pool import PoolClosed, PoolTimeout

from rexian.security import access
from rexian.web.operations.context import request_id

AGAIN = 10
"""Seconds after which to try again, for those who ask by machine."""
API = "/api/"


AWAY = {
    (OperationalError, InterfaceError, PoolTimeout, PoolClosed): gettext_lazy("数据库暂时连不上"),
    (OSError,): gettext_lazy("文件暂时读写不了"),
}
"""What may be away for a while, and what is said of it; anything else is a fault of ours."""


@access.public
def server_error(request: HttpRequest) -> HttpResponse:
    """503 where the database or the files do not answer, else 500 (Django's handler500, called while the exception is handled)."""
    error = sys.exc_info()[1]
    reason = next((str(told) for sorts, told in AWAY.items() if isinstance(error, sorts)), "")
    status = 503 if reason else 500
    response = _problem(status, reason) if request.path.startswith(API) else _page(status, reason)
    if reason:
        response["Retry-After"] = str(AGAIN)
    return response


@access.public
def too_large(request: HttpRequest) -> HttpResponse:
    """413 in our words, where the proxy refuses a body before it comes to us (docs/howto/production.md), or we a form of more than 2 MB."""
    return render(request, "413.html", status=413)


@access.public
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400; what is too large is said to be so."""
    return too_large(request) if isinstance(exception, RequestDataTooBig) else defaults.bad_request(request, exception)


def _page(status: int, reason: str) -> HttpResponse:
    context = {"request_id": request_id.get(), "reason": reason}
    return HttpResponse(render_to_string(f"{status}.html", context), status=status)


def _problem(status: int, reason: str) -> HttpResponse:
    """As RFC 9457 has it."""
    title = reason or _("我们这边出错了")
    detail = _("这次请求没有写入任何内容，请用同一个幂等键稍后再试。")
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "instance": request_id.get()}
    text = json.dumps(body, ensure_ascii=False)
    return HttpResponse(text, status=status, content_type="application/problem+json")
