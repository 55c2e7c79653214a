# SPDX-License-Identifier: Apache-2.0
"""What a change would have done to last month's orders."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rexian.directory import clock
from rexian.orders import deadlines, trying
from rexian.orders.models import WorkOrder
from tests.factories import Town, dispatched

pytestmark = pytest.mark.django_db
SHANDONG, GUANGDONG = deadlines.load("shandong-2020"), deadlines.load("guangdong-2022")


def test_the_live_pack_against_itself_moves_nothing(town: Town) -> None:
    for kind in ("help", "complaint"):
        dispatched(town, kind=kind)
    found = trying.try_pack(deadlines.load("beijing-2021"))
    assert (found.total, found.sample, found.all.moves) == (2, 2, [0.0, 0.0])
    assert (found.all.shorter, found.all.longer, found.all.median) == (0, 0, 0.0)
    assert [(one.kind, one.orders) for one in found.kinds] == [("help", 1), ("complaint", 1)]


def test_an_answer_after_either_limit_is_late_by_it(town: Town) -> None:
    start = clock.now() - timedelta(days=20)
    order = dispatched(town)
    for days, late in ((1, (0, 0)), (9, (1, 1)), (4, (1, 0))):
        WorkOrder.objects.filter(pk=order.pk).update(dispatched_at=start, replied_at=start + timedelta(days=days))
        found = trying.try_pack(SHANDONG)
        assert (found.all.late_now, found.all.late_then) == late, days
    WorkOrder.objects.filter(pk=order.pk).update(replied_at=None)
    assert trying.try_pack(GUANGDONG).all.late_then == 1, "without an answer the present counts"


def test_a_complex_order_is_tried_as_complex(town: Town) -> None:
    order = dispatched(town)
    town.outage.service = ""
    town.outage.save()
    WorkOrder.objects.filter(pk=order.pk).update(pack="beijing-2021/1", clause="bj-handle-complex")
    live = deadlines.load("beijing-2021")
    ids = [one.id for one in live.clauses if ("complex", ("true",)) in one.when and one.phase == "handle"]
    WorkOrder.objects.filter(pk=order.pk).update(clause=ids[0])
    assert trying.try_pack(SHANDONG).all.shorter == 1


def test_a_sample_is_bounded_and_spread(town: Town) -> None:
    for _n in range(7):
        dispatched(town)
    found = trying.try_pack(SHANDONG, most=3)
    assert found.total == 7
    assert 1 <= found.sample <= 3


def test_the_number_of_queries_is_the_same_for_any_number_of_orders(town: Town) -> None:
    def queries() -> tuple[int, int]:
        counts = []
        for act in (
            lambda: trying.try_pack(SHANDONG),
            lambda: trying.try_line(town.outage, None, town.other, clock.today()),
        ):
            with CaptureQueriesContext(connection) as seen:
                act()
            counts.append(len(seen))
        return counts[0], counts[1]

    dispatched(town)
    trying.try_pack(SHANDONG)
    few = queries()
    for _n in range(6):
        dispatched(town)
    assert queries() == few


def test_a_line_that_says_what_holds_moves_nothing(town: Town) -> None:
    dispatched(town)
    found = trying.try_line(town.outage, None, town.water, clock.today())
    assert (found.orders, found.elsewhere, found.moved) == (1, 0, [])
