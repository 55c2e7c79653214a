# SPDX-License-Identifier: Apache-2.0
"""Histories told in bulk are those that the real actions write for the same stories: every column, every event, every hash."""

from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction

from rexian.directory.queries import city, working_calendar
from rexian.orders import chain
from rexian.orders.deadlines import ZONE
from rexian.orders.models import OrderEvent, WorkOrder
from rexian.security.identity import CITIZEN
from rexian.simulation import town
from rexian.simulation.cast import Town
from rexian.simulation.hotline import Block, Bulk, Matter, Real, Writer, matter, players
from rexian.simulation.people import People, settle
from rexian.simulation.playing import play
from rexian.simulation.story import Step
from tests.simulation.record import record

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:The number of unique classes"),  # a city's classifier before any training
]
END = datetime(2026, 11, 20, 15, 30, tzinfo=ZONE)
DAYS, ORDERS = 40, 60


def _matters(place: Town, people: People, seed: int) -> list[Matter]:
    """The matters of a day, those of several calls first; places count on as the orders are received."""
    plan = town.plan(seed, place.map, orders=ORDERS * DAYS, days=DAYS, end=END, calendar=working_calendar())
    day = next(one for one in plan if one.surges)
    calls: dict[int, list[town.Call]] = {}
    for call in town.calls(seed, place.map, day):
        calls.setdefault(call.matter, []).append(call)
    found, number = [], 0
    for group in sorted(calls.values(), key=len, reverse=True):
        found.append(matter(seed, place, people, list(enumerate(group, number))))
        number += len(group)
    return found


def _play(writer: Writer, place: Town, people: People, seed: int) -> None:
    for one in _matters(place, people, seed):
        play(writer, players(writer, place, one), END)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_bulk_tells_what_the_actions_tell(yucheng: None, seed: int) -> None:
    place, people = Town.read(), People(seed, 1000, 200)
    settle(people, range(200), END - timedelta(days=200))
    with transaction.atomic():
        _play(Real(), place, people, seed)
        real = record()
        first = WorkOrder.objects.order_by("serial").values_list("serial", flat=True)[0]
        with connection.cursor() as cursor:
            cursor.execute("SELECT base FROM orders_numberday")
            (base,) = cursor.fetchone()
        transaction.set_rollback(True)
    bulk = Bulk(Block(5000, first, base))
    asked = {one.place: one.told for each in _matters(place, people, seed) for one in each.heard}
    bulk.read(asked)
    _play(bulk, place, people, seed)
    bulk.ledger.write()
    told = record()
    assert len(told["orders"]) == len(asked) == WorkOrder.objects.filter(number__startswith=city().code).count()
    assert OrderEvent.objects.count() > 5 * len(asked)
    for table in real:
        for mine, theirs in zip(told[table], real[table], strict=True):
            assert mine == theirs, table
    assert chain.verify().findings == []


def test_a_step_that_the_workflow_does_not_know_is_refused(yucheng: None) -> None:
    place, people = Town.read(), People(1, 1000, 200)
    bulk = Bulk(Block(1, 1, 0))
    one = _matters(place, people, 1)[-1]
    bulk.read({heard.place: heard.told for heard in one.heard})
    order, _ = players(bulk, place, one)[0].receive()
    with pytest.raises(ValueError, match="not in the workflow"):
        bulk.take(order, Step("close", END, CITIZEN))
