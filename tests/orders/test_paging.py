# SPDX-License-Identifier: Apache-2.0
"""Pages by key: every row once, in order, whatever is null, and read in an index's order."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from rexian.directory import clock
from rexian.directory.paging import page
from rexian.orders import queries
from rexian.orders.models import WorkOrder
from rexian.security.posts import Post
from rexian.web.work.queues import QUEUES
from tests.factories import Town, received

pytestmark = pytest.mark.django_db


@pytest.fixture
def orders(town: Town) -> list[WorkOrder]:
    """Nine orders: three moments of receipt, every third without a limit of its stage, one dangerous."""
    found = []
    now = clock.now()
    for place in range(9):
        with clock.at(now - timedelta(days=place // 3)):
            found.append(received(town).order)
    WorkOrder.objects.filter(pk__in=[one.pk for one in found[::3]]).update(stage_due_at=None)
    WorkOrder.objects.filter(pk=found[4].pk).update(urgency="danger")
    return found


def _walk(rows: QuerySet[Any], *keys: str, size: int) -> Iterator[Any]:
    token = ""
    while True:
        shown = page(rows, *keys, after=token, size=size)
        assert len(shown.rows) <= size
        yield from shown.rows
        if not (token := shown.after):
            return


@pytest.mark.parametrize("size", [1, 2, 3, 4, 9, 50])
@pytest.mark.parametrize("keys", [("-received_at",), ("stage_due_at",), ("-stage_due_at",), ("calm", "stage_due_at")])
def test_every_row_comes_once_and_in_order(orders: list[WorkOrder], keys: tuple[str, ...], size: int) -> None:
    rows = queries.danger_first(WorkOrder.objects.all())
    found = list(_walk(rows, *keys, size=size))
    assert sorted(one.pk for one in found) == sorted(one.pk for one in orders)
    name, down = keys[-1].removeprefix("-"), keys[-1].startswith("-")
    known = [one for one in found if getattr(one, name) is not None]
    assert found[: len(known)] == known  # nulls last
    told = [(*(getattr(one, key.removeprefix("-")) for key in keys), one.pk) for one in known]
    assert told == sorted(told, reverse=down)
    if keys[0] == "calm":
        assert found[0] == orders[4]


@pytest.mark.parametrize("token", ["x", "W10", "bnVsbA", "WyJhIiwgMV0", "WzEsIDIsIDNd"])
def test_a_bad_token_is_the_first_page(orders: list[WorkOrder], token: str) -> None:
    assert page(WorkOrder.objects.all(), "-received_at", after=token, size=4) == page(
        WorkOrder.objects.all(), "-received_at", size=4
    )


def _plan(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute(f"EXPLAIN {sql}")
        return "\n".join(row for (row,) in cursor.fetchall())


def test_a_deep_page_begins_inside_the_index(orders: list[WorkOrder]) -> None:
    first = page(WorkOrder.objects.all(), "-received_at", size=4)
    with CaptureQueriesContext(
        connection,
    ) as told:
        page(WorkOrder.objects.all(), "-received_at", after=first.after, size=4)
    plan = _plan(told.captured_queries[0]["sql"])
    (inside,) = [line for line in plan.splitlines() if "Index Cond:" in line and "received_at" in line]
    assert "order_by_received" in plan
    assert "<=" in inside or "ROW" in inside


@pytest.mark.parametrize(
    ("slug", "post", "index"),
    [
        ("dispatch", Post.DISPATCHER, "order_to_dispatch"),
        ("reviews", Post.DISPATCHER, "order_to_review"),
        ("visits", Post.VISITOR, "order_to_visit"),
        ("late", Post.SUPERVISOR, "order_"),
        ("mine", Post.AGENT, "event_first_by_user"),
        ("all", Post.DISPATCHER, "order_by_received"),
    ],
)
def test_a_list_of_work_is_found_by_an_index_that_leaves_the_past_out(
    orders: list[WorkOrder], town: Town, slug: str, post: Post, index: str
) -> None:
    queue, by = QUEUES[slug], town.by(post.value)
    with CaptureQueriesContext(connection) as told:
        page(queue.rows(by), *queue.keys, size=4)
    plan = _plan(told.captured_queries[0]["sql"])
    assert f"using {index}" in plan or f"on {index}" in plan, plan
