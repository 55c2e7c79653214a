# SPDX-License-Identifier: Apache-2.0
"""A real Chromium against a live server; left out with a clear word where there is none."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = shutil.which("chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
ARGUMENTS += ["--disable-component-update", "--disable-sync"]
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium here: apt-get install chromium"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in this thread; the server has its own
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def opened(browser: Browser) -> Iterator[list[BrowserContext]]:
    """Contexts that a test opened, closed at its end; any error on the console or blocked script fails it."""
    contexts: list[BrowserContext] = []
    yield contexts
    for context in contexts:
        context.close()


def new_page(browser: Browser, opened: list[BrowserContext], size: dict[str, int], **options: object) -> Page:
    """A page of its own context: its own cookies, its own size."""
    context = browser.new_context(viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai", **options)  # type: ignore[arg-type]
    opened.append(context)
    page = context.new_page()
    page.set_default_timeout(8_000)
    return page
