# SPDX-License-Identifier: Apache-2.0
"""A simulated city as a whole: what of the workflow it shows, that its record holds, and that its seed alone decides."""

from collections import Counter
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.db.models import Count, F, Max, Q

from rexian.directory.actions import load_city
from rexian.directory.actions.loading import SHIPPED
from rexian.directory.models import Citizen, Identity
from rexian.orders import chain, numbers
from rexian.orders.deadlines import ZONE
from rexian.orders.models import Assignment, OrderEvent, Seal, WorkOrder
from rexian.orders.workflow import EDGES, ENDED, OPEN, State
from rexian.security.identity import SYSTEM
from rexian.simulation.actions import simulate
from tests.simulation.record import record

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:The number of unique classes"),  # a city's classifier before any training
]
END = datetime(2026, 11, 20, 15, 30, tzinfo=ZONE)
RARE = {"attach"}
"""Edges that a simulated city does not show: files have no place in its stories."""


@pytest.mark.django_db
def test_a_city_of_3000_orders_shows_the_workflow(yucheng: None) -> None:
    assert simulate(orders=3000, days=60, seed=1, real=20, end=END, processes=1) == 3000
    _check_shown()
    _check_record()
    _check_moves()
    _check_shares()


def _check_shown() -> None:
    edges = Counter(OrderEvent.objects.values_list("edge", flat=True))
    assert set(EDGES) - set(edges) == RARE
    assert edges["submit"] == 3000
    now = set(WorkOrder.objects.values_list("state", flat=True).distinct())
    been = set(OrderEvent.objects.values_list("target", flat=True).distinct())
    assert been == {state.value for state in State}
    assert len(now) >= 10


def _check_record() -> None:
    found = chain.verify()
    assert (found.orders, found.findings) == (3000, [])
    last = Seal.objects.latest("hour").hour
    assert END - timedelta(hours=2) < last <= END - timedelta(hours=1)
    assert all(numbers.normalise(number) for number in WorkOrder.objects.values_list("number", flat=True)[:100])


def _check_moves() -> None:
    """Every event follows from the one before by the table, and none lies in the future."""
    at: dict[int, tuple[str, datetime]] = {}
    for event in OrderEvent.objects.order_by("order_id", "seq"):
        edge = EDGES[event.edge]
        source, moment = at.get(event.order_id, ("", event.at))
        assert event.source == source
        assert not source or source in edge.sources
        assert event.target == (edge.target or source)
        assert moment <= event.at < END + timedelta(minutes=1)
        assert event.role in {post.value for post in edge.who}
        at[event.order_id] = event.target, event.at
    for order in WorkOrder.objects.all():
        assert at[order.pk][0] == order.state
    assert not WorkOrder.objects.filter(state__in=ENDED, stage_due_at__lt=END - timedelta(minutes=2)).exists()


def _check_shares() -> None:
    """What a reader of the board would expect: most are solved and satisfied, some late, few returned, some merged, some secret."""
    orders = WorkOrder.objects
    ended = orders.exclude(state__in=OPEN).count()
    assert ended > 2000
    late = orders.filter(card__gte=2).count() / 3000
    assert 0.01 < late < 0.2
    graded = orders.filter(grade__isnull=False)
    assert 0.7 < graded.filter(grade__gte=3).count() / graded.count() < 0.97
    returned = Assignment.objects.filter(returned=True).values("order").distinct().count()
    assert 0.02 < returned / 3000 < 0.12
    merged = orders.filter(parent__isnull=False).count()
    assert 0.01 < merged / 3000 < 0.12
    assert orders.filter(confidential=True, named__isnull=False).exists()
    assert not orders.filter(confidential=True, published=True).exists()
    callers = orders.values("citizen").annotate(times=Count("pk")).aggregate(most=Max("times"))
    assert callers["most"] >= 4
    channels = Counter(orders.values_list("channel", flat=True))
    assert 0.8 < channels["telephone"] / 3000 < 0.88
    assert not orders.filter(Q(closed_at__lt=F("received_at")) | Q(replied_at__lt=F("received_at"))).exists()
    assert Citizen.objects.count() == Identity.objects.count() == 1800


@pytest.mark.django_db(transaction=True, serialized_rollback=False)
def test_the_seed_alone_decides_whatever_the_number_of_processes() -> None:
    told = []
    for processes, seed in ((1, 5), (2, 5), (1, 6)):
        _empty()
        load_city(folder=SHIPPED / "yucheng", by=SYSTEM)
        simulate(orders=240, days=12, seed=seed, real=8, end=END, processes=processes)
        told.append(record())
        assert chain.verify(processes).findings == []
    _empty()
    one, two, other = told
    assert len(one["orders"]) == 240
    for table in one:
        assert one[table] == two[table], table
    assert one["orders"] != other["orders"]


def _empty() -> None:

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables WHERE tablename ~ '^(orders|directory|intake|security)_'"
        )
        (tables,) = cursor.fetchone()
        cursor.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
        cursor.execute("ALTER SEQUENCE orders_serial RESTART")


@pytest.mark.django_db
def test_the_command_fills_an_empty_database_and_no_other(yucheng: None) -> None:
    out = StringIO()
    call_command("simulate", orders=30, days=3, seed=2, processes=1, stdout=out)
    assert "写入 30 张工单" in out.getvalue()
    with pytest.raises(CommandError, match="已有工单"):
        call_command("simulate", orders=30, days=3, seed=2, processes=1, stdout=out)
