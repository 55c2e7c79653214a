# SPDX-License-Identifier: Apache-2.0
"""The pages of the measured indicators in a real browser: opened and measured by keyboard, with nothing for axe to find."""

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from rexian.assessment.evidence import actions
from rexian.security.identity import SYSTEM
from tests.browser.conftest import Desk, Opened, clean
from tests.factories import Town, dispatched

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_indicator_is_opened_and_measuring_asked_for_by_keyboard(
    lively: Town, live_server: LiveServer, browser: Browser, opened: Opened, queue: None
) -> None:
    dispatched(lively)
    actions.measure(by=SYSTEM)
    page = Desk(browser, opened, live_server.url, "leader").page
    page.get_by_role("link", name="指标实测").press("Enter")
    page.get_by_role("link", name="N2.2 渠道分流作用").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("N2.2 渠道分流作用")
    page.get_by_role("link", name="这些工单").press("Enter")
    expect(page.locator("table a.num")).to_have_count(1)
    page.goto(f"{live_server.url}/assessment/live/")
    page.get_by_role("button", name="现在测量").press("Enter")
    expect(page.locator(".notice").first).to_contain_text("已排队")
    expect(page.get_by_role("status").filter(has_text="在排队")).to_be_visible()
    clean(page)
