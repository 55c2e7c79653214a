# SPDX-License-Identifier: Apache-2.0
"""The three rates and today against usual, counted by hand."""

from datetime import date, timedelta

import pytest

from rexian.analytics import rates, usual
from rexian.directory import clock
from rexian.directory.queries import forget
from rexian.orders import actions
from rexian.orders.models import WorkOrder
from rexian_ml.shares import wilson
from tests.factories import Town, closed, dispatched, received, replied
from tests.web.test_pages import signed_in

pytestmark = pytest.mark.django_db


def test_wilson_against_published_figures() -> None:
    """Newcombe, Statistics in Medicine 17, 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29."""
    for hits, of, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        share = wilson(hits, of)
        assert (share.low, share.high) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))
    assert wilson(0, 0).value is None


def test_the_three_rates_say_of_what(town: Town) -> None:
    closed(town)
    unhappy = actions.approve(order=replied(town), by=town.by("dispatcher"))
    actions.visit(order=unhappy, by=town.by("visitor"), solved=False, grade=2)
    missed = actions.approve(order=replied(town), by=town.by("dispatcher"))
    actions.visit_missed(order=missed, by=town.by("visitor"), result="无人接听")
    dispatched(town)
    dispatched(town, telephone="", name="")
    start, end = clock.now() - timedelta(days=1), clock.now() + timedelta(days=3)
    response, solution, satisfaction = rates.three_rates(town.by("leader"), start, end)
    assert (response.share.hits, response.share.of) == (3, 4)
    assert {str(why): n for why, n in response.left_out.items()} == {"没有留下联系方式": 1}
    assert (solution.share.hits, solution.share.of) == (1, 2)
    assert (satisfaction.share.hits, satisfaction.share.of) == (1, 2)
    assert {str(why): n for why, n in satisfaction.left_out.items()} == {"没有接通": 1}
    assert not satisfaction.ranked


def test_today_is_laid_beside_the_same_weekday(town: Town) -> None:
    now = clock.midnight() + timedelta(hours=20)
    with clock.at(now - timedelta(hours=1)):
        orders = [received(town).order for _ in range(12)]
    for place, order in enumerate(orders[:8]):
        shift = timedelta(weeks=place + 1)
        values = {"received_at": order.received_at - shift, "day": order.day - shift}
        WorkOrder.objects.filter(pk=order.pk).update(**values)
    WorkOrder.objects.filter(pk=orders[8].pk).update(received_at=now + timedelta(hours=1))
    forget()
    found = usual.today(town.by("leader"), now, clock.midnight())
    assert (found.total.today, found.total.low, found.total.high, found.total.tone) == (3, 1, 1, "high")
    assert [(one.name, one.today) for one in found.channels] == [("网站", 3)]
    assert [(one.name, one.today) for one in found.districts] == [("河东区", 3)]


def test_last_week_is_monday_to_monday() -> None:
    assert usual.last_week(date(2026, 11, 24)) == (date(2026, 11, 16), date(2026, 11, 23))


def test_the_leaders_page_the_wall_and_the_departments(town: Town) -> None:
    order = dispatched(town)
    actions.urge(order=order, by=town.by("leader"), reason="尽快")
    with clock.at(clock.now() - timedelta(weeks=1)):
        closed(town)
    leader = signed_in("leader")
    page = leader.get("/today/").content.decode()
    assert order.number in page
    assert "满意率" in page
    assert "市自来水公司" in page
    wall = leader.get("/today/wall/").content.decode()
    assert 'hx-trigger="every 60s" hx-select="#wall"' in wall
    assert order.title not in wall
    assert "不排名" in leader.get("/today/departments/").content.decode()
    assert signed_in("clerk").get("/today/").status_code == 403
