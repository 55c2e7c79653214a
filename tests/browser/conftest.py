# SPDX-License-Identifier: Apache-2.0
"""A real Chromium against a live server; left out with a clear word where there is none."""

import os
import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.factories import PASSWORD, Town, make_town

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}}
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


class Opened:
    """The contexts that a test opened, and what went wrong in their pages: errors of scripts, and what the security policy blocked."""

    def __init__(self) -> None:
        self.contexts: list[BrowserContext] = []
        self.errors: list[str] = []

    def add(self, context: BrowserContext) -> Page:
        self.contexts.append(context)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        context.on("console", lambda message: self.blocked(message.text))
        page = context.new_page()
        page.set_default_timeout(15_000)
        return page

    def blocked(self, text: str) -> None:
        if "Content Security Policy" in text:
            self.errors.append(text)


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opened]:
    """Contexts are closed at the test's end; an error in a page fails the test."""
    found = Opened()
    yield found
    for context in found.contexts:
        context.close()
    assert found.errors == []


def new_page(browser: Browser, opened: Opened, size: dict[str, int], **options: object) -> Page:
    """A page of its own context: its own cookies, its own size."""
    return opened.add(browser.new_context(viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai", **options))  # type: ignore[arg-type]


@pytest.fixture
def lively(transactional_db: None) -> Town:
    return make_town()


def clean(page: Page) -> None:
    """axe-core finds nothing on the page."""
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in found] == []


class Desk:
    """A member of staff at a browser of his own."""

    def __init__(self, browser: Browser, opened: Opened, server: str, name: str) -> None:
        self.page, self.server = new_page(browser, opened, DESKTOP), server
        self.page.goto(f"{server}/account/in/")
        self.page.get_by_label("账号").fill(name)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.page.keyboard.press("Enter")
        expect(self.page.locator("nav.rail")).to_be_visible()

    def open(self, number: str) -> None:
        self.page.goto(f"{self.server}/work/orders/{number}/")

    def act(self, number: str, edge: str, *, done: bool = True, **values: str) -> None:
        """Opens the form of an edge, fills it in and sends it; where it is `done` the page says so."""
        self.open(number)
        form = self.page.locator(f'form[action*="/{edge}/"]')
        if not form.is_visible():
            form.locator("xpath=..").locator("summary").click()
        for name, value in values.items():
            field = form.locator(f'[name="{edge}-{name}"]')
            if field.evaluate("one => one.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        form.locator("button").click()
        if done:
            expect(self.page.locator(".notice").first).to_contain_text("已记录")
