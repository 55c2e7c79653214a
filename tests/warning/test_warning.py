# SPDX-License-Identifier: Apache-2.0
"""Early warning: trends above what is usual, sensitive matters, and who took note."""

from dataclasses import replace
from datetime import timedelta

import pytest

from rexian.directory import clock
from rexian.orders.models import WorkOrder
from rexian.security.errors import Forbidden, Refusal
from rexian.warning import actions, queries
from rexian.warning.models import Alarm
from tests.factories import Town, dispatched, received
from tests.web.test_pages import signed_in

pytestmark = pytest.mark.django_db
DAYS = 60


def past(town: Town, a_day: int = 1) -> None:
    """A quiet past: so many outages a day, copied in bulk from one order."""
    model = dispatched(town)
    rows = []
    for back in range(1, DAYS + 1):
        for nth in range(a_day):
            row = WorkOrder.objects.get(pk=model.pk)
            row.pk, row.number, row.serial = None, f"{back}-{nth}", 10_000 + back * 100 + nth
            row.query_code, row.received_at = None, model.received_at - timedelta(days=back)
            rows.append(row)
    WorkOrder.objects.bulk_create(rows)


def test_a_burst_alarms_once_a_day_and_is_noted(town: Town) -> None:
    past(town)
    assert actions.watch_trends(clock.now()) == []
    for _ in range(12):
        dispatched(town)
    (first, *_rest) = actions.watch_trends(clock.now())
    assert (first.category, first.count) == (town.outage, 13)
    assert first.expected < 3
    assert first.chance < 0.001
    before = Alarm.objects.count()
    actions.watch_trends(clock.now())
    assert Alarm.objects.count() == before
    assert len(queries.orders_of(first, town.by("supervisor"))) >= 13
    with pytest.raises(Refusal, match="怎样处置"):
        actions.note_alarm(by=town.by("supervisor"), alarm=first, note=" ")
    with pytest.raises(Forbidden, match="处置"):
        actions.note_alarm(by=town.by("agent"), alarm=first, note="已派人")
    actions.note_alarm(by=town.by("supervisor"), alarm=first, note="自来水公司已抢修")
    with pytest.raises(Forbidden, match="已经有人"):
        actions.note_alarm(by=town.by("leader"), alarm=first, note="我来")


def test_a_young_hotline_has_no_usual_yet(town: Town) -> None:
    for _ in range(10):
        dispatched(town)
    assert actions.watch_trends(clock.now()) == []


def test_sensitive_matters_are_found_once(town: Town) -> None:
    order = received(town, text="工地三十多个工人被拖欠工资，准备集体上访讨薪。").order
    received(town)
    assert actions.watch_matters() == 1
    assert actions.watch_matters() == 0
    alarm = Alarm.objects.get()
    assert (alarm.order, alarm.sort, alarm.level) == (order, "matter", 3)


def test_an_alarm_is_for_those_whose_area_it_lies_in(town: Town) -> None:
    received(town, text="工地三十多个工人被拖欠工资，准备集体上访讨薪。", area=town.area)
    actions.watch_matters()
    whole = Alarm.objects.create(
        sort="trend", day=clock.today(), series="all", found_at=clock.now(), category=town.outage
    )
    here = Alarm.objects.create(sort="trend", day=clock.today(), series="here", found_at=clock.now(), area=town.area)
    matter = Alarm.objects.get(sort="matter")
    dispatcher = town.by("dispatcher")
    elsewhere, inside = replace(dispatcher, areas=("990199",)), replace(dispatcher, areas=(town.area.stem,))
    assert set(queries.visible(dispatcher)) == set(queries.visible(inside)) == {whole, here, matter}
    assert set(queries.visible(elsewhere)) == {whole}
    assert queries.orders_of(matter, elsewhere) == []
    assert queries.orders_of(matter, inside) == [matter.order]
    assert not queries.visible(town.by("agent")).exists()
    with pytest.raises(Forbidden):
        actions.note_alarm(by=elsewhere, alarm=here, note="已派人")


def test_the_pages_show_and_take_note(town: Town) -> None:
    order = received(town, text="有人要集体上访，已经拉起横幅。").order
    actions.watch_matters()
    alarm = Alarm.objects.get()
    dispatcher = signed_in("dispatcher")
    assert order.title in dispatcher.get("/today/alarms/").content.decode()
    page = dispatcher.post(f"/today/alarms/{alarm.pk}/", {"note": "已报值班领导"}, follow=True).content.decode()
    assert "已报值班领导" in page
    assert signed_in("clerk").get("/today/alarms/").status_code == 403
