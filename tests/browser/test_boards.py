# SPDX-License-Identifier: Apache-2.0
"""The supervisor's board by mouse and by keys, and what an agent on a small screen still reaches."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from rexian.orders.models import OrderEvent, WorkOrder
from tests.browser.conftest import Desk, Opened
from tests.factories import Town, dispatched, received

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_click_urges_and_keys_urge_many(
    lively: Town, live_server: LiveServer, browser: Browser, opened: Opened
) -> None:
    orders = [dispatched(lively) for _ in range(3)]
    for nth, order in enumerate(orders):  # one after the other, all within a day
        WorkOrder.objects.filter(pk=order.pk).update(due_at=order.due_at - timedelta(hours=5 - nth))
    page = Desk(browser, opened, live_server.url, "supervisor").page
    page.wait_for_load_state()  # the keys' script with it
    page.keyboard.press("2")
    row = page.locator("tbody tr").first
    expect(row).to_contain_text("没有催过")
    page.get_by_label("催办的理由").fill("今天务必答复")
    row.get_by_role("button").click()
    expect(row).to_contain_text("✓ 已催")
    expect(page.locator("tbody tr")).to_have_count(3)
    expect(page.locator(".notice")).to_have_count(0)
    for key in ("j", "x", "j", "x", "u"):  # from the row that was urged
        page.keyboard.press(key)
    expect(page.locator(".notice").first).to_contain_text("已催办 2 单")
    expect(page.locator("tbody tr").filter(has_text="✓ 已催")).to_have_count(3)
    page.wait_for_load_state()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("选中这一行")
    urged = OrderEvent.objects.filter(edge="urge").values_list("order", flat=True)
    assert sorted(urged) == sorted(order.pk for order in orders)
    assert OrderEvent.objects.filter(edge="urge").order_by("pk").first().data["reason"] == "今天务必答复"  # type: ignore[union-attr]


def test_at_1024_pixels_history_and_help_are_reached(
    lively: Town, live_server: LiveServer, browser: Browser, opened: Opened
) -> None:
    order, _other = dispatched(lively), received(lively)
    desk = Desk(browser, opened, live_server.url, "agent")
    desk.page.set_viewport_size({"width": 1024, "height": 768})
    desk.page.goto(f"{live_server.url}/desk/")
    desk.page.get_by_label("诉求内容").fill("春和小区3号楼停水")
    expect(desk.page.locator("#assist")).to_contain_text("市自来水公司")
    desk.page.locator("#assist .item").first.scroll_into_view_if_needed()
    expect(desk.page.locator("#assist .item").first).to_be_in_viewport()
    desk.open(order.number)
    desk.page.wait_for_load_state()
    history = desk.page.get_by_role("heading", name="经过", exact=True)
    desk.page.keyboard.press("i")
    expect(history).to_be_in_viewport()
    box, above = history.bounding_box(), desk.page.locator(".acts").bounding_box()
    assert box
    assert above
    assert box["y"] >= above["y"] + above["height"], "below the order, not over it"
