# SPDX-License-Identifier: Apache-2.0
"""What needs whom, read from the record; who may see it; what was read."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from rexian.directory import clock
from rexian.notices import actions, queries
from rexian.notices.datasets import KEPT
from rexian.notices.happening import Tail, happened
from rexian.notices.kinds import Kind
from rexian.notices.models import Choice, Notice, Read
from rexian.orders import actions as orders
from rexian.orders.models import OrderEvent, WorkOrder
from rexian.security.errors import Forbidden, Refusal
from rexian.security.identity import CITIZEN, SYSTEM
from tests.factories import Town, dispatched, received, replied

pytestmark = pytest.mark.django_db


def kinds(town: Town, name: str) -> list[str]:
    by = town.by(name)
    return [one.kind for one in queries.listed(by, queries.choice_of(by))]


def test_a_department_is_told_of_its_orders_and_no_other(town: Town) -> None:
    order = dispatched(town)
    orders.urge(order=order, by=CITIZEN, reason="还没来水")
    actions.catch_up()
    assert kinds(town, "clerk") == [Kind.URGED, Kind.NEW]
    assert kinds(town, "stranger") == [Kind.URGED, Kind.NEW], "the assisting department has it too"
    order.assignments.filter(department=town.other).update(returned=True)
    assert kinds(town, "stranger") == []
    for name in ("agent", "visitor", "editor", "administrator", "dispatcher"):
        assert kinds(town, name) == [], name


def test_a_return_a_reply_a_visit_and_a_card_reach_their_desks(town: Town) -> None:
    order = replied(town)
    orders.approve(order=order, by=town.by("supervisor"))
    card = dispatched(town, telephone="13800138001", text="另一处停水，请来看看。")
    orders.red(order=card, by=SYSTEM)
    orders.ask_return(order=card, by=town.by("clerk"), reason="不归我们管", suggested=town.other)
    actions.catch_up()
    actions.choose(by=town.by("visitor"), kinds=["visit"], sound="off", title=True, desktop=False)
    assert kinds(town, "visitor") == [Kind.VISIT]
    assert kinds(town, "dispatcher") == [Kind.RETURNED], "replies are counted, and listed only to who chooses so"
    assert kinds(town, "supervisor") == [Kind.RETURNED, Kind.CARD]
    assert kinds(town, "leader") == [Kind.CARD]


def test_nobody_is_told_of_what_he_did_himself(town: Town) -> None:
    order = dispatched(town)
    orders.ask_return(order=order, by=town.by("clerk"), reason="不归我们管", suggested=town.other)
    orders.refuse_return(order=order, by=town.by("supervisor"), reason="归你们管")
    orders.red(order=order, by=SYSTEM)
    orders.accept_return(
        order=orders.ask_return(order=order, by=town.by("head"), reason="还是不归", suggested=town.other),
        by=town.by("dispatcher"),
    )
    actions.catch_up()
    assert kinds(town, "dispatcher") == [Kind.RETURNED, Kind.RETURNED], "not of the return that he accepted"


def test_danger_cannot_be_chosen_away(town: Town) -> None:
    received(town, text="家里煤气泄漏，有人昏倒了，快来救人！")
    actions.catch_up()
    actions.choose(by=town.by("dispatcher"), kinds=[], sound="all", title=False, desktop=False)
    assert kinds(town, "dispatcher") == [Kind.DANGER]
    assert kinds(town, "leader") == [Kind.DANGER]


def test_what_lies_outside_ones_area_is_not_told(town: Town) -> None:
    order = dispatched(town)
    orders.red(order=order, by=SYSTEM)
    actions.catch_up()
    staff = town.users["supervisor"].staff  # type: ignore[attr-defined]
    assert kinds(town, "supervisor") == [Kind.CARD]
    staff.areas.add(town.area.parent)
    assert kinds(town, "supervisor") == [Kind.CARD]
    elsewhere = type(town.area).objects.create(
        code="990103", stem="990103", name="河西区", level=2, parent=town.area.parent.parent
    )
    staff.areas.set([elsewhere])
    assert kinds(town, "supervisor") == []


def test_the_record_is_read_again_without_doubling(town: Town) -> None:
    dispatched(town)
    found = happened(Q())
    assert actions.keep(found) == actions.keep(found) == 2
    actions.catch_up()
    assert Notice.objects.count() == 2


def test_read_one_by_one_and_all_at_once(town: Town) -> None:
    order = dispatched(town)
    orders.urge(order=order, by=CITIZEN, reason="还没来水")
    actions.catch_up()
    clerk = town.by("clerk")
    newest, oldest = queries.listed(clerk, queries.choice_of(clerk))
    assert queries.unread(clerk, queries.choice_of(clerk)) == 2
    actions.read(by=clerk, notice=oldest)
    actions.read(by=clerk, notice=oldest)
    assert queries.unread(clerk, queries.choice_of(clerk)) == 1
    assert queries.unread(town.by("head"), queries.choice_of(town.by("head"))) == 2, "each reads for himself"
    with pytest.raises(Forbidden):
        actions.read(by=town.by("visitor"), notice=newest)
    actions.read_all(by=clerk, upto=newest.pk)
    assert queries.unread(clerk, queries.choice_of(clerk)) == 0
    assert not Read.objects.exists(), "what is read as a whole is not kept one by one"
    orders.urge(order=order, by=CITIZEN, reason="还是没来")
    actions.catch_up()
    assert queries.unread(clerk, queries.choice_of(clerk)) == 1


def test_old_notices_are_thrown_away(town: Town) -> None:
    dispatched(town)
    actions.catch_up()
    assert actions.forget_old() == 0
    with clock.at(clock.now() + KEPT + timedelta(hours=1)):
        assert kinds(town, "clerk") == []
        assert actions.forget_old() >= 2
    assert not Notice.objects.exists()


def test_only_known_sounds_and_kinds_are_kept(town: Town) -> None:
    with pytest.raises(Refusal):
        actions.choose(by=town.by("clerk"), kinds=[], sound="trumpet", title=True, desktop=False)
    assert not Choice.objects.exists()


def test_the_tail_gives_each_event_once_and_waits_for_those_that_commit_late(town: Town) -> None:
    tail = Tail()
    assert tail.read() == []
    order = received(town).order
    assert [one.edge for one in tail.read()] == ["submit"]
    # A transaction that took its key early and commits late: the key after it is seen first.
    late = OrderEvent.objects.get(order=order, seq=1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('orders_orderevent', 'id'))")
        early = cursor.fetchone()[0]
    dispatched(town, telephone="13800138001", text="另一处停水，请来看看。")
    assert [one.edge for one in tail.read()] == ["submit", "accept", "dispatch"]
    OrderEvent.objects.bulk_create(
        [
            OrderEvent(
                pk=early, order=order, seq=2, at=late.at, edge="urge", target="submitted", role="citizen", hash=b"x"
            )
        ]
    )
    WorkOrder.objects.filter(pk=order.pk).update(last_seq=2)
    assert [(one.event, one.edge) for one in tail.read()] == [(early, "urge")]
    assert tail.read() == []


def test_the_list_asks_the_database_a_few_times_however_long_it_is(town: Town) -> None:
    order = dispatched(town)
    for _ in range(5):
        orders.urge(order=order, by=CITIZEN, reason="还没来水")
    actions.catch_up()
    clerk = town.by("clerk")
    with CaptureQueriesContext(connection) as told:
        rows = queries.listed(clerk, Choice(user_id=clerk.user_id))
        assert {one.order.lead for one in rows} == {town.water}
    assert len(told) == 1
    assert len(rows) == 6
