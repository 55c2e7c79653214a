# SPDX-License-Identifier: Apache-2.0
"""The knowledge base in a real browser: written with a preview, approved, put into a reply by one key, read on a phone."""

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from rexian.knowledge.models import Article
from tests.browser.conftest import PHONE, Desk, Opened, clean, new_page
from tests.factories import TEXT, Town

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_the_editor_to_the_citizen(
    lively: Town, live_server: LiveServer, browser: Browser, opened: Opened
) -> None:
    editor = Desk(browser, opened, live_server.url, "editor").page
    editor.get_by_role("link", name="写一篇").click()
    editor.get_by_label("标题").fill("家里停水了怎么办")
    editor.get_by_label("相近问法").fill("停水什么时候来水")
    editor.get_by_label("正文").fill("## 先看公告\n- 计划停水提前 24 小时通知")
    expect(editor.locator("#preview h3")).to_have_text("先看公告")
    editor.get_by_label("提供单位").fill("市自来水公司")
    editor.get_by_label("分类").fill("城乡建设 › 供水 › 停水")
    with editor.expect_response(lambda answer: "/keep/" in answer.url and "public" in (answer.request.post_data or "")):
        editor.get_by_label("向市民公开").check()
    expect(editor.locator("[data-draft-note]")).to_contain_text("草稿已保存")
    editor.reload()
    expect(editor.get_by_label("正文")).to_have_value("## 先看公告\n- 计划停水提前 24 小时通知")
    clean(editor)
    editor.keyboard.press("Control+Enter")
    expect(editor.locator(".notice", has_text="已交审核")).to_be_visible()
    number = Article.objects.get().pk
    supervisor = Desk(browser, opened, live_server.url, "supervisor").page
    supervisor.goto(f"{live_server.url}/knowledge/{number}/")
    supervisor.get_by_role("button", name="审核通过").click()
    expect(supervisor.locator(".notice").first).to_contain_text("已记录")
    clean(supervisor)
    agent = Desk(browser, opened, live_server.url, "agent").page
    agent.get_by_label("直接答复").fill("您好。")
    agent.get_by_label("诉求内容").fill(TEXT)
    expect(agent.locator("#assist")).to_contain_text("家里停水了怎么办")
    clean(agent)
    agent.keyboard.press("Control+4")
    expect(agent.get_by_label("直接答复")).to_have_value("您好。\n\n先看公告\n- 计划停水提前 24 小时通知")
    agent.locator("#assist").get_by_role("button", name="没用").click()
    expect(agent.locator("#assist").get_by_role("button", name="告诉编辑")).to_be_visible()
    agent.goto(f"{live_server.url}/desk/drafts/")  # leaving the desk sends what was typed; wait until it is there
    expect(agent.locator(".item").first).to_contain_text("春和小区")
    phone = new_page(browser, opened, PHONE)
    for address in ("/answers/", "/answers/?q=停水", f"/answers/{number}/"):
        phone.goto(live_server.url + address)
        expect(phone.get_by_text("家里停水了怎么办")).to_be_visible()
        clean(phone)
    phone.get_by_role("button", name="有用").click()
    expect(phone.locator(".notice").first).to_contain_text("已记下")
