# SPDX-License-Identifier: Apache-2.0
"""The whole way in a real browser: a citizen on a phone, the dispatcher by keys, the department, the visitor."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from rexian.orders.models import WorkOrder
from tests.browser.conftest import PHONE, Desk, Opened, clean, new_page
from tests.factories import TELEPHONE, TEXT, Town

pytestmark = pytest.mark.django_db(transaction=True)


def submit(page: Page, server: str) -> tuple[str, str]:
    page.goto(f"{server}/")
    clean(page)
    page.get_by_label("您遇到了什么事").fill(TEXT)
    page.get_by_label("在哪个区或街道").fill("春和街道")
    page.get_by_label("手机号").fill("1380013800")
    page.get_by_role("button", name="提交诉求").click()
    expect(page.locator(".wrong .why")).to_contain_text("手机号少 1 位")
    expect(page.get_by_label("您遇到了什么事")).to_have_value(TEXT)
    page.get_by_label("手机号").fill(TELEPHONE)
    page.get_by_role("button", name="提交诉求").click()
    expect(page.get_by_role("heading", name="已收到您的诉求")).to_be_visible()
    clean(page)
    return page.locator("#number").inner_text(), page.locator("#code").inner_text()


def test_the_whole_way(lively: Town, live_server: LiveServer, browser: Browser, opened: Opened) -> None:
    server = live_server.url
    phone = new_page(browser, opened, PHONE)
    number, code = submit(phone, server)
    dispatcher = Desk(browser, opened, server, "dispatcher")
    expect(dispatcher.page.get_by_role("heading", name=re.compile("停水"))).to_be_visible()
    clean(dispatcher.page)
    dispatcher.act(number, "accept", category="城乡建设 › 供水 › 停水")
    dispatcher.open(number)
    expect(dispatcher.page.locator('[name="dispatch-lead"]')).to_have_value("市自来水公司")
    dispatcher.page.keyboard.press("Control+Enter")
    expect(dispatcher.page.locator(".notice").first).to_contain_text("派单")
    clerk, visitor = Desk(browser, opened, server, "clerk"), Desk(browser, opened, server, "visitor")
    clerk.act(number, "sign")
    clerk.act(number, "contact", result="已电话联系")
    clerk.act(number, "ask_extension", days="2", reason="主管爆裂")
    clean(clerk.page)
    Desk(browser, opened, server, "supervisor").act(number, "grant_extension", reason="同意")
    clerk.act(number, "reply", reply_citizen="已修好", facts="true", solved="True")
    dispatcher.act(number, "approve")
    visitor.act(number, "visit", solved="False", grade="1")
    visitor.act(number, "redo", reason="还是没有水")
    clerk.act(number, "sign")
    clerk.act(number, "contact", result="上门核实")
    clerk.act(number, "reply", reply_citizen="已换新管，恢复供水", facts="true", solved="True")
    dispatcher.act(number, "approve")
    visitor.act(number, "visit", solved="True", grade="5")
    visitor.act(number, "close")
    phone.goto(f"{server}/find/")
    phone.get_by_label("工单号").fill(number)
    phone.get_by_label("查询码").fill(code)
    phone.get_by_role("button", name="查询").click()
    for word in ("提交", "受理", "派单", "同意延期", "重办", "办结"):
        expect(phone.locator("ol.line strong", has_text=word).first).to_be_visible()
    expect(phone.get_by_text("已换新管，恢复供水")).to_be_visible()
    clean(phone)
    phone.get_by_text("非常满意", exact=True).click()
    phone.locator('form[action*="rate"] button').click()
    expect(phone.locator(".notice").first).to_contain_text("已收到")
    assert WorkOrder.objects.get(number=number).state == "closed"


def test_an_order_without_the_mouse(lively: Town, live_server: LiveServer, browser: Browser, opened: Opened) -> None:
    page = Desk(browser, opened, live_server.url, "agent").page
    page.keyboard.press("/")
    page.keyboard.type(TELEPHONE)
    page.get_by_label("诉求内容").focus()
    page.keyboard.type(TEXT)
    expect(page.locator("#assist")).to_contain_text("市自来水公司")
    expect(page.locator("[data-draft-note]")).to_contain_text("草稿已保存")
    page.keyboard.press("Control+1")
    page.keyboard.press("Control+2")
    expect(page.get_by_label("主办单位")).to_have_value("市自来水公司")
    clean(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".notice").first).to_contain_text("已保存")
    assert WorkOrder.objects.get().lead == lively.water
