# SPDX-License-Identifier: Apache-2.0
"""The facts of a small made city, counted by hand, by as many queries whatever it holds."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rexian.assessment.evidence import gathering, measures
from rexian.assessment.evidence.facts import Facts, Period, Ruled, Tally
from rexian.directory import clock
from rexian.directory.models import Department, Staff
from rexian.intake.models import ApiClient, Draft, Receipt
from rexian.knowledge.models import Vote
from rexian.orders import actions, chain
from rexian.orders.actions.listing import ask_export
from rexian.orders.finding import Criteria
from rexian.orders.models import Correction, WorkOrder
from rexian.security.models import AccessRecord, SecondFactor, User
from rexian.warning import actions as warning
from rexian.warning.models import Alarm
from tests.factories import Town, closed, dispatched, make_town, received
from tests.knowledge.articles import published

pytestmark = pytest.mark.django_db
QUERIES = 14


def gathered(hours: int = 0) -> Facts:
    """The facts of the last 90 days as of so many hours from now."""
    end = clock.now() + timedelta(hours=hours, seconds=1)
    return gathering.gather(Period(end - timedelta(days=90), end))


def test_an_empty_database_invents_nothing() -> None:
    facts = gathered()
    assert facts.orders == 0
    assert [one.code for one in facts.channels] == ["app", "miniprogram", "telephone", "web", "wechat"]
    assert facts.kept == facts.sealed == facts.who == facts.catalogued == Tally()
    found = {key: one.value for key, one in measures.evidence(facts).items() if one.value is not None}
    assert found.keys() == {"D2.4", "D3.3"}, "only the columns of the database are there"
    with pytest.raises(ValueError, match="start"):
        gathering.gather(facts.now)


def test_orders_are_counted_by_channel_and_rule(town: Town) -> None:
    first = closed(town)
    dispatched(town, channel="wechat")
    dispatched(town, channel="telephone", happened="昨晚八点", cause="水管老化")
    received(town, channel="telephone")
    facts = gathered()
    assert {one.code: (one.orders, one.joined) for one in facts.channels if one.orders} == {
        "telephone": (2, 1), "web": (1, 1), "wechat": (1, 1),
    }  # fmt: skip
    assert [one.name for one in facts.channels if one.spoken] == ["电话"]
    assert set(facts.ruled) == {Ruled(one, first.pack, 1) for one in ("telephone", "web", "wechat")}
    assert (facts.who, facts.where) == (Tally(4, 4), Tally(4, 4))
    assert (facts.when, facts.why) == (Tally(1, 4), Tally(1, 4))
    assert facts.consistent == Tally(4, 4)
    assert facts.contacts == Tally(4, 4)
    assert facts.published == Tally(1, 1)
    assert facts.proposed == Tally(4, 4)
    assert facts.clocked == Tally(3, 3)
    assert measures.evidence(facts)["N1.2"].value == 1


def test_what_is_wrong_is_seen(town: Town) -> None:
    order, other = closed(town), closed(town)
    change = WorkOrder.objects.filter(pk=order.pk).update
    change(reply_public="请拨打 13800138000 联系。", closed_at=order.received_at - timedelta(days=1))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE orders_workorder SET telephone = %s WHERE id = %s", [b"13800138000", other.pk])
    facts = gathered()
    assert facts.published == Tally(1, 2)
    assert facts.consistent == Tally(1, 2)
    assert facts.contacts == Tally(1, 2)


def test_a_missing_order_and_an_unsealed_hour_are_seen(town: Town) -> None:
    orders = [received(town).order for _ in range(3)]
    chain.seal_due(clock.now() + timedelta(hours=3))
    facts = gathered(hours=3)
    assert facts.kept == Tally(3, 3)
    assert facts.sealed.count == facts.sealed.total >= 1
    WorkOrder.objects.filter(pk=orders[1].pk).update(serial=9_000_000)
    facts = gathered(hours=6)
    assert facts.kept == Tally(2, 3)
    assert facts.sealed.total > facts.sealed.count


def test_people_are_counted_with_examples(town: Town) -> None:
    SecondFactor.objects.create(user=town.users["leader"], secret="x", confirmed_at=clock.now())
    User.objects.filter(username="agent").update(must_change_password=True)
    User.objects.filter(username="visitor").update(is_active=False)
    Staff.objects.filter(user=town.users["head"]).update(department=None)
    facts = gathered()
    active = User.objects.filter(is_active=True).count()
    assert facts.placed == Tally(active - 1, active, ("head",))
    assert facts.own_password == Tally(active - 1, active, ("agent",))
    assert (facts.two_factor.count, facts.two_factor.total) == (1, active)
    assert len(facts.two_factor.examples) == gathering.EXAMPLES
    assert facts.department_accounts == Tally(2, 3)


def test_master_data_and_columns(town: Town) -> None:
    Department.objects.filter(pk=town.water.pk).update(duties="供水")
    facts = gathered()
    assert facts.catalogued == Tally(2, 2)
    assert facts.duties == Tally(1, 3, ("热线中心", "市住建局"))
    assert (facts.positioned.count, facts.positioned.total) == (0, 2)
    assert 0 < facts.columns.count < facts.columns.total
    assert all(not one.startswith(("orders_", "directory_", "evidence_")) for one in facts.columns.examples)


def test_alarms_instructions_votes_and_corrections(town: Town) -> None:
    order, other = dispatched(town), dispatched(town)
    now = clock.now()
    for series in ("a", "b"):
        Alarm.objects.create(sort="trend", day=clock.today(), series=series, found_at=now, category=town.outage)
    matter = Alarm.objects.create(sort="matter", day=clock.today(), series="m", found_at=now, order=order, word="爆炸")
    warning.note_alarm(by=town.by("supervisor"), alarm=Alarm.objects.get(series="a"), note="已核实")
    warning.note_alarm(by=town.by("leader"), alarm=matter, note="请消防到场")
    actions.urge(order=order, by=town.by("leader"), reason="请尽快")
    actions.urge(order=order, by=town.by("supervisor"), reason="请尽快")
    for field in ("category", "kind"):  # two corrections of one order are one order
        Correction.objects.create(order=other, at=now, field=field, proposed="x", chosen="y")
    article = published(town)
    Vote.objects.create(version=article.live, visitor=b"1" * 16, useful=True, at=now)
    Vote.objects.create(version=article.live, visitor=b"2" * 16, useful=False, at=now)
    Vote.objects.create(version=article.live, user=town.users["agent"], useful=True, at=now)
    facts = gathered()
    assert (facts.trends, facts.matters) == (Tally(1, 2), Tally(1, 1))
    assert facts.instructions == 2
    assert facts.followed == Tally(1, 2)
    assert facts.cleaned == 2
    assert facts.articles == 1
    assert facts.useful == Tally(1, 2)


def test_exports_clients_and_what_outlives_its_time(town: Town) -> None:
    dispatched(town)
    ask_export(by=town.by("clerk"), criteria=Criteria(), names=["number"], form="csv", reason="月度分析")
    AccessRecord.objects.create(
        at=clock.now(), user=town.users["agent"], act="export", subject="all", fields="", reason="不是承办单位"
    )
    now = clock.now()
    app, idle = (
        ApiClient.objects.create(name=name, channel="app", token=name.encode() * 8, since=now)
        for name in ("市民", "闲置")
    )
    Receipt.objects.create(source=str(app.pk), key=b"k" * 16, body=b"b" * 16, at=now)
    for number, days in enumerate((1, 31, 40)):
        Draft.objects.create(
            user=town.users["agent"], key=f"{number:032d}", content="x", saved_at=now - timedelta(days=days)
        )
    facts = gathered()
    assert facts.taken == Tally(1, 1)
    assert facts.exports_recorded == Tally(1, 1)
    assert facts.exports_done == Tally(0, 0), "it waits, which is no failure"
    assert facts.clients == Tally(1, 2, (idle.name,))
    assert facts.expiring.total - facts.expiring.count == 1, "a draft may be late by two nights"


def test_the_archive_counts_as_kept_and_archived(town: Town) -> None:
    order = closed(town)
    old = clock.now() - timedelta(days=400)
    WorkOrder.objects.filter(pk=order.pk).update(received_at=old)
    assert gathered().archived == Tally(0, 1)
    WorkOrder.objects.filter(pk=order.pk).update(state="archived")
    assert gathered().archived == Tally(1, 1)


def test_the_number_of_queries_is_fixed(town: Town) -> None:
    for many in (1, 6):
        for _ in range(many):
            closed(town)
        with CaptureQueriesContext(connection) as captured:
            gathered()
        assert len(captured) == QUERIES


@pytest.mark.django_db(transaction=True)
def test_all_queries_see_one_moment(transactional_db: None) -> None:
    make_town()
    with CaptureQueriesContext(connection) as captured:
        gathered()
    assert "REPEATABLE READ, READ ONLY" in captured[1]["sql"]
    assert len([one for one in captured if one["sql"].lstrip().startswith(("SELECT", "WITH"))]) == QUERIES
