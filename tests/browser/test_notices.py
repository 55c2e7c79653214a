# SPDX-License-Identifier: Apache-2.0
"""Notices at a real browser that has no stream and asks: the count in the title, the bar instead of moving rows, the list, the choices."""

from typing import Any

from playwright.sync_api import Browser, Page, expect

from rexian.notices import actions as notices
from rexian.orders import actions as orders
from rexian.security.identity import CITIZEN
from tests.browser.conftest import PHONE, Desk, Opened, clean, new_page
from tests.factories import PASSWORD, Town, dispatched, received

PUSH = """message => { window.pushed.onmessage({ data: JSON.stringify(message) }); }"""
FAKE = """window.EventSource = function (url) { window.pushed = this; this.url = url; this.readyState = 1; this.close = function () {}; };"""


def _streaming(page: Page, server: str) -> None:
    """A page whose stream is put in by hand: the real one is tested with real processes, this is what the page makes of its messages."""
    page.add_init_script(FAKE)
    page.goto(f"{server}/work/dispatch/")
    expect(page.locator("[data-notices]")).to_have_attribute("data-stream", "/stream")


def _choice(**values: Any) -> dict[str, Any]:
    return {"kinds": ["danger", "urged"], "sound": "off", "title": True, "desktop": False} | values


def test_what_is_pushed_shows_without_moving_a_row(
    lively: Town, browser: Browser, opened: Opened, live_server: Any, settings: Any
) -> None:
    settings.STREAM_URL = "/stream"
    received(lively)
    desk = Desk(browser, opened, live_server.url, "dispatcher")
    page = desk.page
    _streaming(page, live_server.url)
    rows = page.locator(".line-item").count()
    page.evaluate(PUSH, {"counts": {"dispatch": 1, "reviews": 0}, "unread": 2, "choice": _choice()})
    expect(page.locator("[data-count=dispatch]")).to_have_text("1")
    expect(page.locator("[data-count=reviews]")).to_have_text("")
    expect(page).to_have_title("(2) 待派 · 榆城热线")
    page.evaluate(PUSH, {"counts": {"dispatch": 4}, "arrived": {"dispatch": 3}, "told": [["review", 8]]})
    expect(page.locator("[data-arrived]")).to_have_text("3 条新工单，点此刷新")
    expect(page.locator("[data-unread-count]")).to_have_text("2")
    assert page.locator(".line-item").count() == rows, "rows do not jump under the hand"
    expect(page.locator("[data-loud]")).to_be_hidden()
    page.evaluate(PUSH, {"counts": {"dispatch": 5}, "arrived": {}, "told": [["danger", 9]]})
    expect(page.locator("[data-loud]")).to_be_visible()
    expect(page.locator("[data-say]")).to_have_text("危险警情")
    expect(page.get_by_label("提醒，3 条未读")).to_be_visible()
    clean(page)


def test_the_list_and_the_choices_at_a_desk_and_a_phone(
    lively: Town, browser: Browser, opened: Opened, live_server: Any
) -> None:
    order = dispatched(lively)
    orders.urge(order=order, by=CITIZEN, reason="还没来水")
    notices.catch_up()
    desk = Desk(browser, opened, live_server.url, "clerk")
    page = desk.page
    expect(page.locator("[data-unread-count]")).to_have_text("2")
    expect(page).to_have_title("(2) 待办 · 榆城热线")
    page.get_by_label("提醒，2 条未读").click()
    expect(page.get_by_role("heading", name="需要我办的")).to_be_visible()
    clean(page)
    page.locator("[data-read]").first.click()
    expect(page).to_have_url(f"{live_server.url}/work/orders/{order.number}/")
    page.goto(f"{live_server.url}/notices/")
    expect(page.locator("[data-read]")).to_have_count(1)
    page.keyboard.press("m")
    expect(page.locator("[data-read]")).to_have_count(0)
    page.goto(f"{live_server.url}/notices/choices/")
    clean(page)
    page.get_by_label("只有危险警情响").check()
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".notice[role=status]").first).to_contain_text("提醒方式已保存")
    phone = new_page(browser, opened, PHONE)
    phone.goto(f"{live_server.url}/account/in/?next=/notices/")
    phone.get_by_label("账号").fill("clerk")
    phone.get_by_label("密码").fill(PASSWORD)
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", name="需要我办的")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    clean(phone)
