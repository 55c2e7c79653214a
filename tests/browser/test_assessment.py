# SPDX-License-Identifier: Apache-2.0
"""The questionnaire in a real browser: sent, filled in by two at once, offline, signed; and its report."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from rexian.assessment import actions, baseline, queries, synthetic
from rexian.assessment.models import Invitation, Report, Survey
from tests.assessment.surveys import FORM, filled, made
from tests.browser.conftest import DESKTOP, PHONE, Desk, Opened, clean, new_page
from tests.factories import Town
from tests.orders.test_attachments import photo

pytestmark = pytest.mark.django_db(transaction=True)


def at_link(browser: Browser, opened: Opened, address: str, name: str, size: dict[str, int] = DESKTOP) -> Page:
    """A browser at a link, after its reader has said who he is."""
    page = new_page(browser, opened, size)
    page.goto(address)
    page.get_by_label("您的姓名").fill(name)
    page.get_by_role("button", name="开始填写").click()
    expect(page.get_by_text(f"以“{name}”的名义填写")).to_be_visible()
    return page


def test_from_the_invitation_to_the_signature(
    lively: Town, live_server: LiveServer, browser: Browser, opened: Opened
) -> None:
    steward = Desk(browser, opened, live_server.url, "steward").page
    steward.goto(f"{live_server.url}/assessment/")
    steward.get_by_label("名称").fill("2026 年评估")
    clean(steward)
    steward.get_by_role("button", name="建立").click()
    steward.get_by_text("邀请城市").first.click()
    steward.get_by_label("邀请城市").fill("甲市，贵州省，a@example.org")
    steward.get_by_role("button", name="邀请").click()
    expect(steward.get_by_text("已邀请 1 个城市")).to_be_visible()
    clean(steward)
    one = Invitation.objects.get(city="甲市")
    link = f"{live_server.url}/assessment/fill/{one.fill_token}/"
    li = at_link(browser, opened, link, "李四")
    clean(li)
    li.get_by_role("link", name=re.compile("网络化")).click()
    answers(li)
    skips(li)
    together(browser, opened, link, li)
    head = at_link(browser, opened, f"{live_server.url}/assessment/fill/{one.sign_token}/", "赵主任", PHONE)
    head.get_by_role("link", name="核对与签发").first.click()
    expect(head.get_by_role("button", name="签发")).to_be_disabled()
    clean(head)
    head.get_by_role("link", name="城市层级").first.click()
    head.locator("#q-level").get_by_label("地级市").check()
    expect(head.locator("#q-level .state")).to_contain_text("✓ 赵主任")
    clean(head)
    head.get_by_role("link", name="核对与签发").first.click()
    head.get_by_role("button", name="签发").click()
    expect(head.get_by_text("已签发，只能看")).to_be_visible()
    clean(head)
    li.reload()
    expect(li.locator("#q-population input[name=value]")).to_be_disabled()
    assert queries.sheet_of(one)["channel_more"] == frozenset({"weibo", "sms", "visit"})
    steward.get_by_role("link", name="甲市").click()
    expect(steward.get_by_text("回答与签发时一致")).to_be_visible()
    clean(steward)


def answers(li: Page) -> None:
    """Each answer is saved and told at its place; what is wrong stays as it was typed."""
    app = li.locator("#q-channel_app")
    app.get_by_label("是", exact=True).check()
    expect(app.locator(".state")).to_contain_text("✓ 李四")
    expect(li.locator("#progress [aria-current]")).to_contain_text("网络化 1/")
    wrong = li.locator("#q-connected_share")
    wrong.locator("input[name=value]").fill("130")
    li.keyboard.press("Tab")
    expect(wrong.locator(".why")).to_contain_text("不能大于 100")
    expect(wrong.locator("input[name=value]")).to_have_value("130")
    wrong.locator("input[name=value]").fill("95")
    li.keyboard.press("Enter")
    expect(wrong.locator(".state")).to_contain_text("✓ 李四")
    more = li.locator("#q-channel_more")
    more.get_by_label("微博").check()
    more.get_by_label("短信").check()
    more.get_by_label("来访窗口").check()
    expect(more.locator(".state")).to_contain_text("✓ 李四")
    expect(more.locator("input[name=base]")).not_to_have_value("0")
    li.locator("#q-volume_total input[name=value]").fill("100")
    li.locator("#q-volume_phone input[name=value]").fill("150")
    li.keyboard.press("Tab")
    expect(li.locator("#state-volume_total .why")).to_be_visible()
    li.locator("#q-volume_phone input[name=value]").fill("90")
    li.keyboard.press("Tab")
    expect(li.locator("#state-volume_total .why")).to_have_count(0)
    li.locator("#file-N1-1").set_input_files([{"name": "规则.jpg", "mimeType": "image/jpeg", "buffer": photo()}])
    expect(li.locator("#files-N1-1").get_by_role("link", name="规则.jpg")).to_be_visible()
    clean(li)


def skips(page: Page) -> None:
    """A skip rule shows and hides its question at once, and both can be reached by keyboard."""
    page.locator("#progress").get_by_role("link", name=re.compile("数据化")).click()
    rules, items = page.locator("#q-recording_rules"), page.locator("#q-recording_items")
    expect(items).to_be_hidden()
    rules.get_by_label("是", exact=True).focus()
    page.keyboard.press("Space")
    expect(items).to_be_visible()
    rules.get_by_label("否", exact=True).check()
    expect(items).to_be_hidden()


def together(browser: Browser, opened: Opened, link: str, li: Page) -> None:
    """Two at once: the second is told and chooses. Without a network what was typed stays, and is sent when it is back."""
    wang = at_link(browser, opened, link, "王五")
    for page in (li, wang):
        page.goto(link + "part/about/")
    li.locator("#q-population input[name=value]").fill("100")
    li.keyboard.press("Tab")
    expect(li.locator("#q-population .state")).to_contain_text("✓ 李四")
    wang.locator("#q-population input[name=value]").fill("200")
    wang.keyboard.press("Tab")
    expect(wang.locator("#q-population .state")).to_contain_text("李四 刚才改过这一题，您的没有存")
    clean(wang)
    wang.get_by_role("button", name="存我的").click()
    expect(wang.locator("#q-population .state")).to_contain_text("✓ 王五")
    wang.context.set_offline(True)
    wang.locator("#q-population input[name=value]").fill("300")
    wang.keyboard.press("Tab")
    expect(wang.get_by_text("网络不通：1 题还没有存上")).to_be_visible()
    expect(wang.locator("#q-population input[name=value]")).to_have_value("300")
    wang.context.set_offline(False)  # which the page notices, and sends again by itself
    expect(wang.get_by_text("网络不通")).to_be_hidden(timeout=15_000)
    wang.reload()
    expect(wang.locator("#q-population input[name=value]")).to_have_value("300")


@pytest.mark.slow
def test_the_report(lively: Town, live_server: LiveServer, browser: Browser, opened: Opened) -> None:
    sheets = synthetic.make(baseline.load(), FORM)[:6]
    survey = made(lively, *(str(sheet["city"]) for sheet in sheets))
    for sheet in sheets:
        filled(survey.invitations.get(city=sheet["city"]), sheet)
    page = Desk(browser, opened, live_server.url, "leader").page
    page.goto(f"{live_server.url}/assessment/surveys/{survey.pk}/report/")
    pictures = page.locator(".report img")
    expect(pictures).to_have_count(5, timeout=60_000)
    for picture in pictures.all():
        assert picture.evaluate("one => one.complete && one.naturalWidth > 300"), picture.get_attribute("alt")
    clean(page)
    with page.expect_download() as saved:
        page.locator("figure").first.get_by_role("link", name="CSV").click()
    assert saved.value.suggested_filename == "radar.csv"
    page.get_by_role("button", name="PDF").click()
    expect(page.locator("#files")).to_contain_text("排队")
    actions.write_report(pk=Report.objects.get().pk)
    with page.expect_download() as saved:
        page.get_by_role("link", name="取文件").click()
    assert saved.value.suggested_filename == f"{Survey.objects.get().title}.pdf"
    phone = new_page(browser, opened, PHONE, storage_state=page.context.storage_state(), color_scheme="dark")
    phone.goto(page.url)
    expect(phone.locator(".report img")).to_have_count(5, timeout=60_000)
    clean(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
