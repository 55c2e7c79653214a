# SPDX-License-Identifier: Apache-2.0
"""The public JSON API: OpenAPI from types, errors as problem+json (RFC 9457), one token a client."""

import json
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer

from rexian.api.v1 import categories, requests
from rexian.directory.queries import kept
from rexian.intake.actions import token_index
from rexian.intake.models import ApiClient
from rexian.security.errors import Forbidden, Refusal


class Token(HttpBearer):
    """A client by its bearer token."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiClient | None:
        index = token_index(token)
        return kept(f"client {index.hex()}", lambda: ApiClient.objects.filter(token=index, active=True).first())


api = NinjaAPI(
    title="Rexian 热线 API", version="1", urls_namespace="api", auth=Token(), docs_url=None, openapi_url="openapi.json"
)
api.add_router("requests", requests.router)
api.add_router("categories", categories.router)


def problem(status: int, title: str, detail: str, errors: list[dict[str, Any]] | None = None) -> HttpResponse:
    """An error as RFC 9457 has it; `errors` name the fields."""
    body = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
        **({"errors": errors} if errors else {}),
    }
    return HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type="application/problem+json")


@api.exception_handler(Refusal)
def refused(request: HttpRequest, error: Refusal) -> HttpResponse:
    status = 409 if isinstance(error, Forbidden) else 422
    errors = [{"field": error.field, "detail": error.message}] if error.field else None
    return problem(status, _("不能这样做") if status == 409 else _("内容有误"), error.message, errors)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [{"field": str(one["loc"][-1]), "detail": one["msg"]} for one in error.errors]
    return problem(422, _("内容有误"), "；".join(f"{one['field']}：{one['detail']}" for one in errors), errors)


@api.exception_handler(AuthenticationError)
def unknown_client(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problem(401, _("没有令牌或令牌无效"), _("请在 Authorization 头中带上 Bearer 令牌。"))


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, HTTPStatus(error.status_code).phrase, str(error))
