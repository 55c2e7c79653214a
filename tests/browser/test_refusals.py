# SPDX-License-Identifier: Apache-2.0
"""Each refusal as a person meets it: in Chinese, at its field, with all that was typed, and nothing written."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from rexian.directory.models import Area
from rexian.directory.queries import forget
from rexian.intake import limiting
from rexian.orders import actions
from rexian.orders.models import Assignment, OrderEvent, WorkOrder
from tests.browser.conftest import PHONE, Desk, Opened, clean, new_page
from tests.factories import TELEPHONE, TEXT, Town, dispatched, received
from tests.web.test_pages import form

pytestmark = pytest.mark.django_db(transaction=True)
NAME = "照片.jpg"


@pytest.fixture
def phone(lively: Town, live_server: LiveServer, browser: Browser, opened: Opened) -> Page:
    page = new_page(browser, opened, PHONE)
    page.goto(live_server.url)
    return page


def fill(page: Page, text: str = TEXT) -> None:
    page.get_by_label("您遇到了什么事").fill(text)
    page.get_by_label("手机号").fill(TELEPHONE)


def press(page: Page) -> None:
    page.get_by_role("button", name="提交诉求").click()


def test_nothing_but_spaces(phone: Page) -> None:
    fill(phone, "   ")
    press(phone)
    expect(phone.locator(".wrong .why")).to_have_text("请写下您遇到的事。")
    expect(phone.get_by_label("手机号")).to_have_value(TELEPHONE)
    clean(phone)
    assert WorkOrder.objects.count() == 0


def test_a_file_too_large_and_one_of_another_kind(phone: Page) -> None:
    fill(phone)
    for content, says in ((b"\xff\xd8\xff" + b"0" * (10 * 1024 * 1024), "超过 10 MB"), (b"MZ program", "不是照片")):
        phone.get_by_label("照片或文件").set_input_files({"name": NAME, "mimeType": "image/jpeg", "buffer": content})
        press(phone)
        expect(phone.locator(".wrong .why")).to_contain_text(says)
        expect(phone.get_by_label("您遇到了什么事")).to_have_value(TEXT)
    assert WorkOrder.objects.count() == 0


def test_pressed_twice_is_one_order(phone: Page) -> None:
    fill(phone)
    phone.get_by_role("button", name="提交诉求").dblclick()
    expect(phone.locator("#number")).to_be_visible()
    assert phone.locator("#number").inner_text() == WorkOrder.objects.get().number
    phone.go_back()
    expect(phone.get_by_label("您遇到了什么事")).to_have_value("")


def test_a_flood_is_asked_for_a_proof_that_the_browser_finds(phone: Page, live_server: LiveServer) -> None:
    fill(phone)
    token = next(one["value"] for one in phone.context.cookies() if one["name"] == "csrftoken")
    with httpx.Client(base_url=live_server.url, cookies={"csrftoken": token}) as client:
        for _ in range(limiting.SUBMISSIONS):
            client.post("/", data=form() | {"csrfmiddlewaretoken": token})
    press(phone)
    expect(phone.locator("[data-proof-note]")).to_have_text("核对完成，请再按一次提交。", timeout=60_000)
    expect(phone.get_by_label("您遇到了什么事")).to_have_value(TEXT)
    clean(phone)
    press(phone)
    expect(phone.locator("#number")).to_be_visible()
    assert WorkOrder.objects.count() == limiting.SUBMISSIONS + 1


def test_a_point_on_the_map_fills_in_the_area(lively: Town, phone: Page) -> None:
    ring = [[105.1, 27.5], [105.3, 27.5], [105.3, 27.7], [105.1, 27.7], [105.1, 27.5]]
    Area.objects.filter(pk=lively.area.pk).update(outline={"type": "Polygon", "coordinates": [ring]})
    forget()
    fill(phone)
    phone.get_by_text("在地图上点").click()
    phone.locator("path.map-area").wait_for()
    phone.locator(".map").click()
    expect(phone.locator("[data-map-note]")).to_have_text("已选定地点")
    expect(phone.get_by_label("在哪个区或街道")).to_have_value("春和街道")
    press(phone)
    expect(phone.locator("#number")).to_be_visible()
    order = WorkOrder.objects.get()
    assert order.longitude == pytest.approx(105.2, abs=0.1)
    assert order.area == lively.area


def test_the_wrong_post(lively: Town, live_server: LiveServer, browser: Browser, opened: Opened) -> None:
    order = received(lively).order
    visitor = Desk(browser, opened, live_server.url, "visitor")
    visitor.page.goto(f"{live_server.url}/desk/")
    expect(visitor.page.get_by_text("这一页供话务员使用")).to_be_visible()
    clean(visitor.page)
    visitor.open(order.number)
    assert visitor.page.locator('form[action*="/dispatch/"], form[action*="/accept/"]').count() == 0
    clerk = Desk(browser, opened, live_server.url, "stranger")
    clerk.page.goto(f"{live_server.url}/work/orders/{order.number}/")
    expect(clerk.page.get_by_role("heading", name="没有这一页")).to_be_visible()


def refused(desk: Desk, number: str, edge: str, **values: str) -> Any:
    """Sends the form of an edge and gives the page's answer."""
    desk.act(number, edge, done=False, **values)
    return desk.page.locator(".notice.error, .wrong .why")


def test_too_late(lively: Town, live_server: LiveServer, browser: Browser, opened: Opened) -> None:
    order = actions.sign(order=dispatched(lively), by=lively.by("clerk"))
    before = timezone.now() - timedelta(days=9)
    Assignment.objects.filter(order=order).update(since=before)
    WorkOrder.objects.filter(pk=order.pk).update(due_at=before + timedelta(days=1), warn_at=before)
    clerk, events = Desk(browser, opened, live_server.url, "clerk"), OrderEvent.objects.count()
    expect(refused(clerk, order.number, "ask_return", reason="不属我单位")).to_contain_text("退回须在派单后")
    expect(clerk.page.locator('[name="ask_return-reason"]')).to_have_value("不属我单位")
    expect(refused(clerk, order.number, "ask_extension", days="2", reason="主管爆裂")).to_contain_text("已过办理期限")
    assert OrderEvent.objects.count() == events


def test_an_empty_reply(lively: Town, live_server: LiveServer, browser: Browser, opened: Opened) -> None:
    order = actions.sign(order=dispatched(lively), by=lively.by("clerk"))
    clerk = Desk(browser, opened, live_server.url, "clerk")
    told = {"facts": "true", "solved": "True"}
    expect(refused(clerk, order.number, "reply", reply_citizen="  ", **told)).to_contain_text("这个字段是必填项")
    expect(refused(clerk, order.number, "reply", reply_citizen="已修好", **told)).to_contain_text("先记录联系")
    expect(clerk.page.locator('[name="reply-reply_citizen"]')).to_have_value("已修好")
    clean(clerk.page)


def test_the_same_act_twice(lively: Town, live_server: LiveServer, browser: Browser, opened: Opened) -> None:
    order = dispatched(lively)
    clerk = Desk(browser, opened, live_server.url, "clerk")
    clerk.open(order.number)
    actions.sign(order=order, by=lively.by("head"))
    clerk.page.locator('form[action*="/sign/"] button').click()
    expect(clerk.page.locator(".notice.error")).to_contain_text("工单现在是“处置中”，不能签收")
    assert order.events.filter(edge="sign").count() == 1
