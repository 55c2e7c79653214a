# SPDX-License-Identifier: Apache-2.0
"""The boards' pages: what each post sees of them, and urging by one click, by many, and without a page load."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from rexian.directory import clock
from rexian.directory.models import Staff
from rexian.orders import actions
from rexian.orders.models import OrderEvent
from tests.factories import Town, dispatched, received
from tests.web.test_pages import signed_in

pytestmark = pytest.mark.django_db
URGE = "/work/board/near/urge/"


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


def urgings() -> list[tuple[str, str]]:
    return list(OrderEvent.objects.filter(edge="urge").order_by("pk").values_list("order__number", "data__reason"))


def test_each_post_sees_its_boards(town: Town) -> None:
    for post, tabs in {"supervisor": 5, "head": 5, "leader": 4, "analyst": 4}.items():
        client = signed_in(post)
        assert read(client, "/work/board/").count("<kbd>") >= tabs
        for part in ("near", "near/?late=1", "chains", "cards"):
            read(client, f"/work/board/{part}{'' if '?' in part else '/'}")
        assert client.get("/work/board/people/").status_code == (200 if tabs == 5 else 403)
    assert signed_in("clerk").get("/work/board/").status_code == 403
    assert signed_in("analyst").post(URGE).status_code == 403


def test_a_head_sees_his_own_tree_only(town: Town) -> None:
    order = dispatched(town)
    Staff.objects.filter(user=town.users["stranger"]).update(department=town.other)
    town.users["stranger"].post = "head"
    town.users["stranger"].save()
    now = order.due_at - timedelta(hours=2)
    with clock.at(now):
        own, other = signed_in("head"), signed_in("stranger")
        for address in ("/work/board/", "/work/board/near/"):
            assert "市自来水公司" in read(own, address)
            assert "市自来水公司" not in read(other, address), "the assisting department's head"
        assert order.number in read(own, "/work/board/near/")
        assert "张clerk" in read(own, "/work/board/people/")
        assert "张agent" not in read(own, "/work/board/people/")
        assert other.post(URGE, {"only": order.number, "reason": "抓紧"}, follow=True).status_code == 200
    assert urgings() == []


def test_one_click_urges_with_the_reason_that_stands_there(town: Town) -> None:
    order = dispatched(town)
    with clock.at(order.due_at - timedelta(hours=2)):
        supervisor = signed_in("supervisor")
        page = read(supervisor, "/work/board/near/")
        assert "没有催过" in page
        reason = page.split('name="reason"')[1].split('value="')[1].split('"')[0]
        page = supervisor.post(URGE, {"only": order.number, "reason": reason}, follow=True).content.decode()
        assert "已催办 1 单" in page
        assert "✓ 已催" in page
        row = supervisor.post(URGE, {"only": order.number, "reason": "再催"}, headers={"HX-Request": "true"})
        assert row.content.decode().lstrip().startswith("<tr>")
        assert "再催" in row.content.decode()
    assert urgings() == [(order.number, reason), (order.number, "再催")]


def test_many_are_urged_at_once_and_each_refusal_is_said(town: Town) -> None:
    orders = [dispatched(town) for _ in range(2)]
    merged = actions.merge(order=received(town).order, by=town.by("dispatcher"), parent=orders[0])
    supervisor = signed_in("supervisor")
    numbers = [one.number for one in (*orders, merged)]
    page = supervisor.post(URGE, {"number": numbers, "reason": "抓紧"}, follow=True).content.decode()
    assert "已催办 2 单" in page
    assert f"{merged.number}：工单现在是“已并单”" in page
    assert "请先选中" in supervisor.post(URGE, {"reason": "抓紧"}, follow=True).content.decode()
    answer = supervisor.post(URGE, {"number": numbers[:1], "reason": " ", "late": "1", "lead": "7"})
    assert answer["Location"] == "/work/board/near/?late=1&lead=7"
    wrong = supervisor.post(URGE, {"only": merged.number, "reason": "抓紧"}, headers={"HX-Request": "true"})
    assert "工单现在是" in wrong.content.decode()
    assert len(urgings()) == 2


def test_lists_by_department_and_bad_addresses(town: Town) -> None:
    order = dispatched(town)
    supervisor = signed_in("supervisor")
    with clock.at(order.due_at + timedelta(hours=1)):
        assert order.number in read(supervisor, f"/work/board/near/?late=1&lead={town.water.pk}")
        assert order.number not in read(supervisor, f"/work/board/near/?late=1&lead={town.other.pk}")
        for bad in ("lead=x", "lead=99999999999999999999", "after=zzz"):
            assert order.number in read(supervisor, f"/work/board/near/?late=1&{bad}")
    assert "2026 年 2 月" in read(supervisor, "/work/board/cards/?month=2026-02")
    for bad in ("9999-99", "9999-12", "0001-01", "x"):
        assert f"{clock.today().month} 月各单位" in read(supervisor, f"/work/board/cards/?month={bad}")


def test_a_chain_stands_on_the_board_and_on_the_order(town: Town) -> None:
    order = actions.ask_return(order=dispatched(town), by=town.by("clerk"), reason="不归我们管", suggested=town.other)
    for address in ("/work/board/chains/", f"/work/orders/{order.number}/"):
        page = read(signed_in("supervisor"), address)
        assert 'class="hops"' in page
        assert "“不归我们管”" in page
        assert "建议 市住建局" in page


def test_pages_ask_the_database_no_more_for_more_orders(
    town: Town, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(6):
        actions.ask_return(order=dispatched(town), by=town.by("clerk"), reason="不归我们管")
    supervisor = signed_in("supervisor")
    for part, most in {"": 9, "near/": 7, "chains/": 8, "cards/": 6, "people/": 9}.items():
        with django_assert_max_num_queries(most):
            read(supervisor, f"/work/board/{part}")
