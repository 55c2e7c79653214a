# SPDX-License-Identifier: Apache-2.0
"""The administrator's pages in a real browser: what is typed, completed and chosen there, and nothing for axe to find on the way."""

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from rexian.directory.models import CatalogueLine
from rexian.orders.models import TextTemplate
from tests.browser.conftest import Desk, Opened, clean
from tests.directory.test_notice import notice_of
from tests.factories import Town, dispatched, received

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_directory_is_kept_by_keyboard_and_completion(
    lively: Town, live_server: LiveServer, browser: Browser, opened: Opened
) -> None:
    page = Desk(browser, opened, live_server.url, "administrator").page
    page.goto(f"{live_server.url}/admin/staff/{lively.users['agent'].pk}/")
    page.get_by_role("button", name="重设为一次性密码").click()
    expect(page.locator(".code")).to_be_visible()
    clean(page)
    line = CatalogueLine.objects.get(category=lively.outage)
    dispatched(lively)
    page.goto(f"{live_server.url}/admin/catalogue/{line.pk}/")
    page.get_by_label("主办单位").fill("市住建局（HOUSE）")
    page.get_by_label("协办单位").fill("")
    page.locator(f'form[action$="/catalogue/{line.pk}/"] button').click()
    expect(page.locator(".say")).to_contain_text("其中 1 张会派往别处")
    clean(page)
    page.get_by_role("button", name="按此保存").click()
    expect(page.locator(".notice").first).to_contain_text("已保存")
    page.goto(f"{live_server.url}/admin/calendar/?year=2027")
    page.get_by_label("通知全文").fill(notice_of(2026))
    page.get_by_role("button", name="先看读出了什么").click()
    expect(page.get_by_text("其中 0 天与现在的日历不同")).to_be_visible()
    clean(page)


def test_a_text_is_chosen_into_the_field(
    lively: Town, live_server: LiveServer, browser: Browser, opened: Opened
) -> None:
    TextTemplate.objects.create(edge="refuse", name="外地", text="{number} 请向属地反映。")
    order = received(lively).order
    page = Desk(browser, opened, live_server.url, "dispatcher").page
    page.goto(f"{live_server.url}/work/orders/{order.number}/")
    page.locator('form[action*="/refuse/"]').locator("xpath=..").locator("summary").first.click()
    choice = page.locator('form[action*="/refuse/"] select')
    choice.select_option(label="外地")
    expect(page.locator("#id_refuse-reason")).to_have_value(f"{order.number} 请向属地反映。")
    clean(page)
