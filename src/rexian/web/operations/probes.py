# SPDX-License-Identifier: Apache-2.0
"""For load balancers and monitors: whether this machine may get requests, and the numbers of the hotline."""

import logging
import os
from functools import cache
from ipaddress import ip_address

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST
from psycopg_pool import PoolTimeout

from rexian.security import access, encryption
from rexian.web.operations import metrics, warming

log = logging.getLogger(__name__)
PROXIED = ("X-Forwarded-For", "X-Forwarded-Proto", "X-Real-Ip", "Forwarded")


class NotReady(Exception):  # noqa: N818  an answer, not a fault
    """What is missing; it goes to the log, not to the stranger who asks."""


@access.public
def ready(request: HttpRequest) -> HttpResponse:
    """200 where the database answers, has this version's tables, the key ring can be read and the models are loaded; else 503. No details."""
    try:
        _check()
    except (NotReady, DatabaseError, PoolTimeout, OSError, ValueError) as error:
        log.warning("not ready: %s", error)
        return HttpResponse("not ready", status=503, content_type="text/plain")
    return HttpResponse("ready", content_type="text/plain")


def _check() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    _migrated()
    encryption.ring()
    if warming.waiting():
        raise NotReady("models are being loaded")


@cache
def _migrated() -> None:
    """Looked at until it is so, and then no more in this process: tables do not go back."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotReady("migrations are pending")


@access.public
def numbers(request: HttpRequest) -> HttpResponse:
    """The metrics, for this machine itself and for those who have the token; for others there is nothing here."""
    if not _may_read(request):
        return HttpResponse(status=404)
    return HttpResponse(metrics.exposition(), content_type=CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    token = os.environ.get("REXIAN_METRICS_TOKEN", "")
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and encryption.same(given.encode(), token.encode()):
        return True
    proxied = any(name in request.headers for name in PROXIED)  # a proxy on this machine is loopback too
    return not proxied and ip_address(request.META.get("REMOTE_ADDR") or "0.0.0.0").is_loopback  # noqa: S104
