# SPDX-License-Identifier: Apache-2.0
"""Accuracy and hot issues in a real browser: nothing for axe to find, wide and narrow; an issue merged by keyboard."""

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from rexian.directory import clock
from rexian.intake import accuracy
from rexian.warning import hot
from rexian.warning.models import HotIssue
from tests.browser.conftest import DESKTOP, PHONE, Desk, Opened, clean
from tests.factories import Town, dispatched, received
from tests.warning.test_hot import SAID

pytestmark = pytest.mark.django_db(transaction=True)


def test_pages_are_clean_and_an_issue_is_merged_by_keyboard(
    lively: Town, live_server: LiveServer, browser: Browser, opened: Opened
) -> None:
    dispatched(lively)
    for number, text in enumerate(SAID):
        received(lively, text=text, telephone=f"1380013010{number}")
    accuracy.judge()
    (issue,) = [one for one in hot.look(clock.now()) if "粪水" in one.title]
    page = Desk(browser, opened, live_server.url, "supervisor").page
    for size in (DESKTOP, PHONE, DESKTOP):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        for path in ("/learning/", "/today/hot/", f"/today/hot/{issue.pk}/"):
            page.goto(f"{live_server.url}{path}")
            clean(page)
            assert page.evaluate("document.querySelector('main').scrollWidth <= innerWidth"), (path, size)
    page.get_by_role("radio").last.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".notice").first).to_contain_text(f"并入 {issue.orders.count() - 1} 单")
    assert HotIssue.objects.get(pk=issue.pk).state == "merged"
