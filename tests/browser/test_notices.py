# SPDX-License-Identifier: Apache-2.0
"""Notices at a real browser that has no stream and asks: the count in the title, the bar instead of moving rows, the list, the choices."""

from typing import Any

from playwright.sync_api import Browser, Page, expect

from rexian.directory import clock
from rexian.knowledge import actions as knowledge
from rexian.notices import actions as notices
from rexian.orders import actions as orders
from rexian.security.identity import CITIZEN
from rexian.warning.models import Alarm
from tests.browser.conftest import PHONE, Desk, Opened, clean, new_page
from tests.factories import PASSWORD, Town, dispatched, received
from tests.knowledge.articles import written

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


WATCHED = """
window.tones = 0; window.shown = []; window.away = false;
window.AudioContext = class extends window.AudioContext {
  createOscillator() {
    const tone = super.createOscillator(), start = tone.start.bind(tone);
    tone.start = at => { window.tones += 1; start(at); };
    return tone;
  }
};
window.Notification = new Proxy(window.Notification, {
  construct(real, given) { window.shown.push(given[0]); return Reflect.construct(real, given); }
});
Object.defineProperty(document, "hidden", { get: () => window.away });
"""


def _told(page: Page, kind: str, event: int) -> tuple[int, list[str], str]:
    """What a message made: tones that were asked for, desktop notifications, the page's title."""
    page.evaluate("window.tones = 0; window.shown = []")
    page.evaluate(PUSH, {"counts": {}, "arrived": {}, "told": [[kind, event, "order"]]})
    page.wait_for_timeout(100)
    return page.evaluate("window.tones"), page.evaluate("window.shown"), page.title()


def test_title_sound_and_desktop_are_as_the_person_chose(
    lively: Town, browser: Browser, opened: Opened, live_server: Any, settings: Any
) -> None:
    settings.STREAM_URL = "/stream"
    desk = Desk(browser, opened, live_server.url, "dispatcher")
    page = desk.page
    page.context.grant_permissions(["notifications"], origin=live_server.url)
    page.add_init_script(WATCHED)
    _streaming(page, live_server.url)
    assert page.evaluate("Notification.permission") == "granted"

    def choose(**values: Any) -> None:
        page.evaluate(PUSH, {"counts": {}, "unread": 0, "choice": _choice(**values)})
        page.locator("body").click(position={"x": 700, "y": 880})  # a browser starts sound only after a touch

    choose()
    assert _told(page, "urged", 1) == (0, [], "(1) 待派 · 榆城热线")
    choose(title=False)
    assert _told(page, "danger", 2) == (0, [], "待派 · 榆城热线")
    choose(sound="danger")
    page.wait_for_function("new AudioContext().state === 'running'")
    assert _told(page, "urged", 3)[0] == 0
    assert _told(page, "danger", 4)[0] == 4
    choose(sound="all")
    assert _told(page, "urged", 5)[0] == 1
    assert _told(page, "urged", 5)[0] == 0, "another tab has told of it"
    assert _told(page, "review", 6)[0] == 0, "a kind that was not chosen"
    choose(desktop=True)
    assert _told(page, "urged", 7)[1] == [], "the page is before one's eyes"
    page.evaluate("window.away = true")
    assert _told(page, "urged", 8)[1] == ["催办"]
    choose(desktop=False)
    assert _told(page, "urged", 9)[1] == []


def test_trends_and_articles_stand_in_the_list(
    lively: Town, browser: Browser, opened: Opened, live_server: Any
) -> None:
    article = knowledge.submit(article=written(lively, "clerk"), by=lively.by("clerk"))
    Alarm.objects.create(
        sort="trend", day=clock.today(), series="Y010101|", category=lively.outage, count=12, expected=3.0,
        chance=1e-6, found_at=clock.now(),
    )  # fmt: skip
    notices.catch_up()
    page = Desk(browser, opened, live_server.url, "supervisor").page
    page.goto(f"{live_server.url}/notices/")
    expect(page.get_by_text("停水 · 全市 · 1 天 12 件，平常 3.0 件")).to_be_visible()
    clean(page)
    page.get_by_text("水费怎么交").click()
    expect(page).to_have_url(f"{live_server.url}/knowledge/{article.pk}/")
    page.goto(f"{live_server.url}/notices/")
    expect(page.locator("[data-read]")).to_have_count(1)
    page.goto(f"{live_server.url}/notices/choices/")
    expect(page.get_by_label("上升趋势")).to_be_checked()
    page.set_viewport_size(PHONE)
    page.goto(f"{live_server.url}/notices/")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
