# SPDX-License-Identifier: Apache-2.0
"""The way of an order through the real actions, and every refusal on it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from rexian.directory import clock
from rexian.orders import actions, chain, clocks
from rexian.orders.models import Assignment, Card, OrderEvent, WorkOrder
from rexian.security.errors import Forbidden, Refusal
from rexian.security.identity import CITIZEN
from tests.factories import TELEPHONE, Town, closed, dispatched, received, replied

pytestmark = pytest.mark.django_db


def test_whole_way_with_extension_and_redo(town: Town) -> None:
    order = dispatched(town)
    assert order.clause == "bj-utility"
    assert abs(order.due_at - order.dispatched_at - timedelta(hours=24)) < timedelta(seconds=1)
    clerk, visitor = town.by("clerk"), town.by("visitor")
    order = actions.sign(order=order, by=clerk)
    actions.contact(order=order, by=clerk, result="已联系", number=TELEPHONE)
    before = order.due_at
    actions.ask_extension(order=order, by=clerk, reason="主管爆裂", days=2)
    order = actions.grant_extension(order=order, by=town.by("supervisor"))
    assert order.due_at > before
    order = actions.reply(order=order, by=clerk, reply_citizen="已修复", facts="true", solved=True)
    order = actions.approve(order=order, by=town.by("dispatcher"))
    order = actions.visit(order=order, by=visitor, solved=False, grade=1)
    order = actions.redo(order=order, by=visitor, reason="仍然没有水")
    assert (order.state, order.redos, order.lead) == ("dispatched", 1, town.water)
    order = actions.sign(order=order, by=clerk)
    actions.contact(order=order, by=clerk, result="再次联系")
    order = actions.reply(order=order, by=clerk, reply_citizen="已再次修复", facts="true", solved=True)
    order = actions.approve(order=order, by=town.by("dispatcher"))
    order = actions.visit(order=order, by=visitor, solved=True, grade=4)
    order = actions.close(order=order, by=visitor)
    assert (order.state, order.outcome, order.grade) == ("closed", "solved", 4)
    result = chain.verify()
    assert (result.orders, result.events, result.findings) == (1, order.last_seq, [])


def test_return_is_accepted_by_silence_and_three_dispatches_lead_to_designation(town: Town) -> None:
    order = dispatched(town)
    dispatcher, clerk = town.by("dispatcher"), town.by("clerk")
    for again in range(3):
        order = actions.ask_return(order=order, by=clerk, reason="不属我单位", suggested=town.other)
        with clock.at(order.stage_due_at + timedelta(minutes=1)):
            assert clocks.run_due(clock.now())["silent"] == 1
            assert clocks.run_due(clock.now())["silent"] == 0
        order.refresh_from_db()
        assert (order.state, order.lead_id) == ("accepted", None)
        if again < 2:
            order = actions.dispatch(order=order, by=dispatcher, category=town.outage, lead=town.water)
    with pytest.raises(Forbidden, match="指定"):
        actions.dispatch(order=order, by=dispatcher, category=town.outage, lead=town.water)
    order = actions.designate(order=order, by=dispatcher, category=town.outage, lead=town.water, reason="供水归其管理")
    with pytest.raises(Forbidden, match="不能退回"):
        actions.ask_return(order=order, by=clerk, reason="还是不属")


def test_a_repeat_that_comes_after_the_reply_is_replied_to_when_it_is_closed(town: Town) -> None:
    visitor = town.by("visitor")
    first = actions.approve(order=replied(town), by=town.by("dispatcher"))
    later = received(town).order
    later = actions.accept(order=later, by=town.by("dispatcher")) if later.state == "submitted" else later
    actions.merge(order=later, by=town.by("dispatcher"), parent=first)
    first = actions.visit(order=first, by=visitor, solved=True, grade=5)
    actions.close(order=first, by=visitor)
    later.refresh_from_db()
    assert later.state == "closed"
    assert later.replied_at == later.closed_at > later.received_at


def test_cards_come_once_each_even_after_a_week(town: Town) -> None:
    order = dispatched(town)
    with clock.at(order.due_at + timedelta(days=7)):
        first, second = clocks.run_due(clock.now()), clocks.run_due(clock.now())
    assert (first["yellow"], first["red"]) == (0, 1)
    assert set(second.values()) == {0}
    order.refresh_from_db()
    assert order.card == Card.RED
    supervised = actions.supervise(order=order, by=town.by("supervisor"), reason="限期办结", until=timezone.localdate())
    assert supervised.card == Card.SUPERVISED


def test_changing_the_pack_moves_no_deadline_already_set(town: Town) -> None:
    from rexian.directory.models import City
    from rexian.directory.queries import forget

    order = dispatched(town)
    City.objects.update(rule_pack="guangdong-2022")
    forget()
    later = dispatched(town)
    order.refresh_from_db()
    assert (order.clause, later.clause) == ("bj-utility", "gd-help")


def test_merge_and_unmerge_and_close_together(town: Town) -> None:
    parent, repeat, wrong = dispatched(town), dispatched(town), dispatched(town)
    dispatcher = town.by("dispatcher")
    actions.merge(order=repeat, by=dispatcher, parent=parent)
    actions.merge(order=wrong, by=dispatcher, parent=parent)
    assert actions.unmerge(order=wrong, by=dispatcher, reason="地点不同").state == "accepted"
    clerk = town.by("clerk")
    order = actions.sign(order=parent, by=clerk)
    actions.contact(order=order, by=clerk, result="已联系")
    order = actions.reply(order=order, by=clerk, reply_citizen="已恢复", facts="true", solved=True)
    order = actions.approve(order=order, by=dispatcher)
    order = actions.visit(order=order, by=town.by("visitor"), solved=True, grade=5)
    actions.close(order=order, by=town.by("visitor"))
    repeat.refresh_from_db()
    assert (repeat.state, repeat.reply_citizen) == ("closed", "已恢复")
    assert chain.verify().findings == []
    with pytest.raises(Refusal, match="已结束"):
        actions.merge(order=received(town).order, by=dispatcher, parent=parent)


def test_citizen_supplements_rates_once_and_reopens_in_time(town: Town) -> None:
    order = received(town).order
    order = actions.ask_supplement(order=order, by=town.by("agent"), question="哪一栋？")
    assert actions.supplement(order=order, by=CITIZEN, text="3号楼").state == "submitted"
    order = closed(town)
    actions.rate(order=order, by=CITIZEN, grade=2, solved=False)
    with pytest.raises(Forbidden, match="已经评价"):
        actions.rate(order=order, by=CITIZEN, grade=5)
    order.refresh_from_db()
    with clock.at(order.stage_due_at + timedelta(days=1)), pytest.raises(Forbidden, match="已过"):
        actions.reopen(order=order, by=CITIZEN, reason="又停了")
    reopened = actions.reopen(order=order, by=CITIZEN, reason="又停了")
    assert (reopened.state, reopened.reopens, reopened.lead) == ("accepted", 1, None)


def test_ended_orders_are_archived_after_the_reopening_days(town: Town) -> None:
    order = closed(town)
    with clock.at(order.stage_due_at + timedelta(minutes=1)):
        assert clocks.run_due(clock.now())["archive"] == 1
    order.refresh_from_db()
    assert order.state == "archived"


@pytest.mark.parametrize("name", ["agent", "clerk", "visitor", "leader", "administrator"])
def test_only_the_desk_dispatches(town: Town, name: str) -> None:
    order = actions.accept(order=received(town).order, by=town.by("dispatcher"), category=town.outage)
    if name == "agent":
        return
    with pytest.raises(Forbidden):
        actions.dispatch(order=order, by=town.by(name), category=town.outage, lead=town.water)
    order.refresh_from_db()
    assert order.state == "accepted"


def test_another_department_can_do_nothing(town: Town) -> None:
    order = dispatched(town)
    with pytest.raises(Forbidden, match="不在您的单位"):
        actions.sign(order=order, by=town.by("stranger"))
    assert Assignment.objects.filter(order=order, ended_at=None).count() == 2
    assert actions.contact(order=order, by=town.by("stranger"), result="协办也可联系").contacted_at is not None


def test_what_is_missing_is_said_at_its_field_and_writes_nothing(town: Town) -> None:
    order = actions.sign(order=dispatched(town), by=town.by("clerk"))
    events = OrderEvent.objects.count()
    for data, field in (
        ({"reply_citizen": " ", "facts": "true", "solved": True}, "reply_citizen"),
        ({"reply_citizen": "好", "facts": "", "solved": True}, "facts"),
        ({"reply_citizen": "好", "facts": "true", "solved": None}, "solved"),
        ({"reply_citizen": "好", "facts": "true", "solved": False}, "why_unsolved"),
    ):
        with pytest.raises(Refusal) as found:
            actions.reply(order=order, by=town.by("clerk"), **data)
        assert found.value.field == field
    with pytest.raises(Forbidden, match="先记录联系"):
        actions.reply(order=order, by=town.by("clerk"), reply_citizen="好", facts="true", solved=True)
    assert OrderEvent.objects.count() == events


def test_confidential_orders_are_not_published(town: Town) -> None:
    order = replied(town, confidential=True)
    with pytest.raises(Refusal, match="保密"):
        actions.approve(order=order, by=town.by("dispatcher"), publish=True)


def test_corrections_are_kept(town: Town) -> None:
    order = actions.accept(order=received(town).order, by=town.by("dispatcher"))
    assert order.proposal["category"]["label"] == "Y010101"
    actions.dispatch(order=order, by=town.by("dispatcher"), category=town.policy, lead=town.other)
    assert set(order.corrections.values_list("field", "chosen")) == {("category", "Y010102"), ("department", "HOUSE")}


def test_personal_data_is_not_in_the_database_in_plain(town: Town) -> None:
    from django.db import connection

    received(town)
    with connection.cursor() as cursor:
        for table in (
            "orders_workorder",
            "directory_citizen",
            "directory_identity",
            "orders_orderevent",
            "intake_receipt",
        ):
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")
            (rows,) = cursor.fetchone()
            assert TELEPHONE not in rows
            assert TELEPHONE.encode().hex() not in rows
            assert "王小明" not in rows
    assert WorkOrder.objects.get().telephone == TELEPHONE
