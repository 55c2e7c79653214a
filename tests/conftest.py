# SPDX-License-Identifier: Apache-2.0
"""One throw-away PostgreSQL for all tests of a run, and the small city of the factories."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation

from rexian.config.postgres import EmbeddedPostgres
from rexian.directory import queries
from rexian.intake import readers
from rexian.orders import numbers
from rexian.security import encryption
from tests.factories import Town, make_town

WORKER = os.environ.get("PYTEST_XDIST_WORKER")
QUICK = (("fsync", "off"), ("synchronous_commit", "off"), ("full_page_writes", "off"))
"""Durability is of no use to a database that ends with the tests; the tests of durability start their own."""


def _server() -> EmbeddedPostgres | None:
    """The server that this process has to start and stop: the first one's, unless the operator gives one."""
    return None if WORKER or os.environ.get("DATABASE_URL") else EmbeddedPostgres(Path(settings.VAR), QUICK)


def pytest_configure(config: pytest.Config) -> None:
    if server := _server():
        server.start()


def pytest_unconfigure(config: pytest.Config) -> None:
    if server := _server():
        server.stop()
        shutil.rmtree(server.home, ignore_errors=True)
        shutil.rmtree(server.socket_folder, ignore_errors=True)
        shutil.rmtree(settings.VAR, ignore_errors=True)


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """Nothing of the test before is kept in memory, nor the language that a page of it was asked for in."""
    translation.deactivate()
    queries.forget()
    readers.forget()
    numbers._bases.clear()
    encryption.refresh()  # else a ring of the test before is found out only within the second, in the middle of this one


@pytest.fixture
def town(db: None) -> Town:
    """The small city of the factories."""
    return make_town()


@pytest.fixture
def queue(transactional_db: None) -> Iterator[None]:
    """An empty queue of jobs, for tests that commit: procrastinate's tables are not Django's to empty."""
    with connection.cursor() as cursor:
        empty = "TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE"
        cursor.execute(empty)
        yield
        cursor.execute(empty)
