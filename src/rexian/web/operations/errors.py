# SPDX-License-Identifier: Apache-2.0
"""What is shown when something breaks: honest, without a database, with the id under which it stands in the log."""

import json
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from psycopg_pool import PoolClosed, PoolTimeout

from rexian.security import access
from rexian.web.operations.context import request_id

AGAIN = 10
"""Seconds after which to try again, for those who ask by machine."""
API = "/api/"


@access.public
def server_error(request: HttpRequest) -> HttpResponse:
    """503 where the database does not answer, else 500 (Django's handler500, called while the exception is handled)."""
    away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError | PoolTimeout | PoolClosed)
    status = 503 if away else 500
    response = _problem(status) if request.path.startswith(API) else _page(status)
    if away:
        response["Retry-After"] = str(AGAIN)
    return response


def _page(status: int) -> HttpResponse:
    return HttpResponse(render_to_string(f"{status}.html", {"request_id": request_id.get()}), status=status)


def _problem(status: int) -> HttpResponse:
    """As RFC 9457 has it."""
    title = _("系统暂时不可用") if status == 503 else _("我们这边出错了")
    detail = _("这次请求没有写入任何内容，请用同一个幂等键稍后再试。")
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "instance": request_id.get()}
    text = json.dumps(body, ensure_ascii=False)
    return HttpResponse(text, status=status, content_type="application/problem+json")
