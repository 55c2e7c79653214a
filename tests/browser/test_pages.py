# SPDX-License-Identifier: Apache-2.0
"""Every page of the site in Chromium: nothing for axe to find and nothing wider than the screen, light and dark, in large type, wide, middling and narrow.

The pages are those that the site's own routes name, so a new page is walked without a word here; a route with a parameter that is not known fails.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from rexian.assessment.evidence.actions import measure
from rexian.assessment.evidence.models import Measurement
from rexian.assessment.models import Invitation, Survey
from rexian.directory import clock
from rexian.directory.models import CatalogueLine, Department
from rexian.intake import accuracy
from rexian.knowledge.models import Article
from rexian.orders import actions
from rexian.orders.models import TextTemplate, WorkOrder
from rexian.security.access import access_of, all_routes
from rexian.security.identity import SYSTEM
from rexian.security.models import User
from rexian.security.posts import Post
from rexian.warning import hot
from rexian.warning.models import Alarm, HotIssue
from rexian.web.work.queues import QUEUES
from tests.assessment.surveys import made
from tests.browser.conftest import Opened, new_page
from tests.factories import Town, closed, dispatched, received, replied
from tests.knowledge.articles import published
from tests.warning.test_hot import SAID
from tests.web.test_pages import form, signed_in

pytestmark = pytest.mark.django_db(transaction=True)
WALKERS = (Post.AGENT, Post.SUPERVISOR, Post.HEAD, Post.DISPATCHER, Post.VISITOR, Post.EDITOR, Post.ADMINISTRATOR)
"""Each page is walked by the first of these who may open it; the pages of orders by each."""
ASKED = (
    "packs/compare/?left=shandong-2020/1&right=guangdong-2022/1",
    "packs/trial/?pack=guangdong-2022/1",
    "calendar/?year=2027",
)
"""Pages of the administrator that show more when they are asked for something."""
MEASURED = ("N2.2", "D2.3", "D3.4")
"""Indicators measured from orders, from the directory, and not at all."""
BY_EACH = ("work/orders/<str:number>/", "work/<slug:slug>/")
NOT_PAGES = ("<slug:edge>", "api/", "/files/", "/file/", "/export/", "metrics")
LONG = "市住房和城乡建设局房屋安全鉴定与既有建筑消防设施改造联合推进工作领导小组办公室"
TEXT = f"春和小区3号楼从昨晚八点开始停水，找过{LONG}，一直没有人来，https://example.org/{'a' * 80} 有照片，希望尽快恢复供水。"
WIDE, MIDDLING, NARROW = (1440, 900), (1024, 768), (390, 844)
ALL, COLOURS = ("wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"), ("color-contrast",)
"""All of axe's rules of WCAG 2.2 at the levels A and AA, by their tags, and the one that looks at colours."""


@dataclass(frozen=True, slots=True)
class Mode:
    """How a page is looked at, and which of axe's rules are asked then: what does not depend on the look is asked once, wide and narrow."""

    size: tuple[int, int]
    scheme: str = "light"
    large: bool = False
    rules: tuple[str, ...] | None = None


MODES = (
    Mode(WIDE, rules=ALL),
    Mode(WIDE, large=True),
    Mode(MIDDLING),
    Mode(MIDDLING, large=True),
    Mode(NARROW),
    Mode(NARROW, "dark", large=True, rules=ALL),
    Mode(WIDE, "dark", rules=COLOURS),
)
"""In an order in which little changes from one to the next: a change of size costs more than a look."""
MEASURE = """() => {
  const wide = innerWidth + 1, main = document.querySelector("main"), aside = ".scroll, .unseen, .skip, .leaflet-container, dialog:not([open])";
  const told = one => one.tagName + "." + one.className + " " + one.textContent.trim().slice(0, 40);
  const out = one => one.getBoundingClientRect().right > wide && !one.closest(aside) && one.checkVisibility();
  const sideways = document.documentElement.scrollWidth > wide || (main && main.scrollWidth > main.clientWidth + 1);
  return sideways ? ["scrolls sideways", ...[...document.querySelectorAll("body *")].filter(out).slice(0, 3).map(told)] : [];
}"""
"""Script: whether the page can be moved sideways, and what stands out."""
KEYS = """() => {
  const rows = [...document.querySelectorAll(".desk main .item, .desk main tbody tr:not(:has(> td[colspan]:only-child))")]
    .filter(one => one.getClientRects().length);
  document.activeElement.blur();
  document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "j", bubbles: true}));
  return !rows.length || document.activeElement.closest("main .item, main tbody tr") === rows[0] ? [] : ["j does not reach the first row"];
}"""
"""Script: whether a list, where the page has one, is gone through by keyboard."""


def addresses(values: dict[str, list[str]]) -> Iterator[tuple[str, frozenset[Post], str]]:
    """Every route that may be a page, with who may open it ("" posts: everyone) and the addresses that it stands for."""
    for route, pattern in all_routes():
        access = access_of(pattern.callback)
        if access is None or access.client or any(part in route for part in NOT_PAGES):
            continue
        for address in filled(re.sub(r"[\^$]|\\Z", "", route), values):
            yield route, access.posts, f"/{address}"


def filled(route: str, values: dict[str, list[str]]) -> Iterator[str]:
    """A route with each value of its first parameter, by the longest known beginning of the route up to it."""
    found = re.search(r"<\w+:\w+>", route)
    if found is None:
        yield route
        return
    key = max((one for one in values if route[: found.end()].startswith(one)), key=len, default=None)
    assert key is not None, f"say in `values_of` what {route} stands for"
    for value in values[key]:
        yield from filled(route[: found.start()] + value + route[found.end() :], values)


def values_of(town: Town) -> dict[str, list[str]]:
    """What the parameters of routes stand for in the city of the test; where there is nothing of the kind, nothing."""
    order = WorkOrder.objects.order_by("pk").first()

    def first(model: Any) -> list[str]:
        return [str(pk) for pk in model.objects.order_by("pk").values_list("pk", flat=True)[:1]]

    return {
        "work/orders/": [order.number] if order else [],
        "work/<slug": list(QUEUES),
        "today/alarms/": first(Alarm),
        "knowledge/<int": first(Article),
        "knowledge/<slug": ["reviewing", "expiring"],
        "answers/": first(Article),
        "admin/staff/": [str(town.users["clerk"].pk)],
        "admin/tables/<slug": ["departments", "categories", "areas"],
        "admin/tables/departments/": [str(town.water.pk)],
        "admin/tables/categories/": [str(town.outage.pk)],
        "admin/tables/areas/": [str(town.area.pk)],
        "admin/catalogue/": first(CatalogueLine),
        "admin/texts/": first(TextTemplate),
        "admin/learning/versions/": [],
        "assessment/live/": [
            str(pk) for pk in Measurement.objects.filter(indicator__in=MEASURED).values_list("pk", flat=True)
        ],
        "assessment/surveys/<int": first(Survey),
        "assessment/cities/<int": first(Invitation),
        "assessment/fill/<str": [one.fill_token for one in Invitation.objects.order_by("pk")[:1]],
        "assessment/": [],
        "today/hot/": first(HotIssue),
        "notices/": [],
        "lists/": [],
        "operations/": [],
    }


@dataclass(frozen=True, slots=True)
class Walker:
    """Somebody signed in (or, without a name, a stranger with a request of his own), and the pages that are walked as him."""

    name: str
    client: Client
    pages: list[str]

    def cookies(self, server: str) -> list[Any]:
        return [{"name": name, "value": one.value, "url": server} for name, one in self.client.cookies.items()]


def walkers(town: Town) -> list[Walker]:
    """Who walks which pages: every address that answers with a whole page, once, or by each post."""
    found = [Walker(post.value, signed_in(post.value), []) for post in WALKERS]
    stranger = Walker("", citizen(), [])
    for route, posts, address in addresses(values_of(town)):
        may = [one for one in found if one.name in posts] if posts else [stranger]
        opens = (one for one in may if is_page(one.client, address))
        for one in opens if route in BY_EACH else islice(opens, 1):
            one.pages.append(address)
    next(one for one in found if one.name == Post.ADMINISTRATOR).pages.extend(f"/admin/{one}" for one in ASKED)
    return [*found, stranger]


def is_page(client: Client, address: str) -> bool:
    """Whether an address answers with a whole page: not a refusal, nor a part of a page, nor a file."""
    answer = client.get(address)
    html = answer.get("Content-Type", "").startswith("text/html")
    return answer.status_code == 200 and html and b"<html" in answer.content


def citizen() -> Client:
    """One who submitted a request and follows it."""
    client = Client()
    answer = client.post("/", form(text=TEXT), follow=True).content.decode()
    number, code = (re.search(f'id="{name}">([^<]+)<', answer) for name in ("number", "code"))
    assert number
    assert code
    client.post("/find/", {"number": number[1], "code": code[1]})
    return client


def furnish(town: Town) -> None:
    """A little of everything, with long names."""
    Department.objects.filter(pk=town.water.pk).update(name=LONG)
    User.objects.update(name="阿卜杜热合曼·买买提艾力·尼亚孜")
    for order in (replied(town, text=TEXT), closed(town, text=TEXT), dispatched(town, text=TEXT)):
        assert order.text == TEXT
    asked = actions.ask_return(
        order=dispatched(town, text=TEXT), by=town.by("clerk"), reason=TEXT, suggested=town.other
    )
    actions.urge(order=asked, by=town.by("supervisor"), reason="抓紧")
    actions.approve(order=replied(town, text=TEXT), by=town.by("dispatcher"))
    published(town, title=LONG, public=True)
    TextTemplate.objects.create(edge="refuse", name=LONG[:40], text=TEXT)
    Alarm.objects.create(
        sort="matter", day=clock.today(), series="x", order=asked, word="停水", found_at=clock.now(), level=2
    )
    Alarm.objects.create(
        sort="trend", day=clock.today(), series="y", category=town.outage, area=town.area, found_at=clock.now(),
        count=9, expected=1.5, chance=0.001,
    )  # fmt: skip
    received(town, text=TEXT)
    for number, text in enumerate(SAID):
        received(town, text=text, telephone=f"1380013010{number}")
    hot.look(clock.now())
    accuracy.judge()
    measure(by=SYSTEM)
    made(town, LONG, "甲市", title=LONG)


def wrong(page: Page, modes: tuple[Mode, ...]) -> Iterator[str]:
    """What is wrong with the page that is open, in each mode."""
    page.evaluate(Axe().axe_script)
    for before, mode in zip((None, *modes), modes, strict=False):
        if before is None or before.size != mode.size:
            page.set_viewport_size({"width": mode.size[0], "height": mode.size[1]})
        if before is None or before.scheme != mode.scheme:
            page.emulate_media(color_scheme=mode.scheme)  # type: ignore[arg-type]
        page.evaluate("large => document.documentElement.dataset.size = large ? 'large' : ''", mode.large)
        told = [*page.evaluate(MEASURE), *(violations(page, mode.rules) if mode.rules else [])]
        yield from (f"{mode.size[0]} {mode.scheme}{' large' * mode.large} {one}" for one in told)


def violations(page: Page, rules: tuple[str, ...]) -> list[str]:
    """What axe finds, the first elements of each sort."""
    only = {"runOnly": {"type": "tag" if rules == ALL else "rule", "values": rules}, "resultTypes": ["violations"]}
    found = page.evaluate("only => axe.run(document, only)", only)["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"][:3]]


def walk(town: Town, server: str, browser: Browser, opened: Opened, modes: tuple[Mode, ...]) -> tuple[int, list[str]]:
    """How many pages were walked, and what is wrong with them."""
    pages, found = 0, []
    for walker in walkers(town):
        page = new_page(browser, opened, {"width": WIDE[0], "height": WIDE[1]})
        page.context.add_cookies(walker.cookies(server))
        for address in walker.pages:
            page.goto(server + address)
            found += [f"{walker.name} {address} {one}" for one in (*page.evaluate(KEYS), *wrong(page, modes))]
            pages += 1
    return pages, found


def test_every_page_in_every_mode(lively: Town, live_server: LiveServer, browser: Browser, opened: Opened) -> None:
    furnish(lively)
    pages, found = walk(lively, live_server.url, browser, opened, MODES)
    assert found == [], "\\n".join(found)
    assert pages > 60


def test_every_empty_page(lively: Town, live_server: LiveServer, browser: Browser, opened: Opened) -> None:
    pages, found = walk(lively, live_server.url, browser, opened, (Mode(NARROW, rules=ALL),))
    assert found == []
    assert pages > 50
