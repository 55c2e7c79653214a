# SPDX-License-Identifier: Apache-2.0
"""The administrator finds a failed job, reads why, and runs it again; on a desk and on a phone."""

import os

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from rexian.jobs.models import Failure
from tests.browser.conftest import PHONE
from tests.browser.test_way import Desk, clean
from tests.factories import make_town
from tests.jobs.test_jobs import failed_job

pytestmark = pytest.mark.django_db(transaction=True)


def _fits(page: Page) -> None:
    """Nothing is wider than the page."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def _shot(page: Page, name: str) -> None:
    if folder := os.environ.get("REXIAN_SHOTS"):  # to look at
        page.screenshot(path=f"{folder}/{name}.png")


def test_a_failed_job_is_run_again(
    queue: None, live_server: LiveServer, browser: Browser, opened: list[BrowserContext]
) -> None:
    make_town()
    jobs = [failed_job() for _ in range(3)]
    administrator = Desk(browser, opened, live_server.url, "administrator")
    page = administrator.page
    page.goto(f"{live_server.url}/operations/jobs/")
    expect(page.get_by_role("heading", name="失败的任务")).to_be_visible()
    expect(page.locator("nav.rail [aria-current]")).to_have_text("后台任务")
    page.locator("summary").first.click()
    expect(page.locator("details[open]")).to_contain_text("RuntimeError: 没有接通 [电话]")
    clean(page)
    _fits(page)
    _shot(page, "jobs-1440")
    page.set_viewport_size(PHONE)
    _fits(page)
    _shot(page, "jobs-390")
    page.get_by_role("button", name="重新运行").first.click()
    expect(page.locator(".notice").first).to_contain_text(f"任务 {jobs[-1]} 已重新排队")
    expect(page.get_by_role("button", name="重新运行")).to_have_count(2)
    assert Failure.objects.count() == 3, "the errors stay on record"
