# SPDX-License-Identifier: Apache-2.0
"""The stream: who gets one, what is pushed to whom, when it ends. The application itself, spoken to in ASGI, with a real database beside."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from rexian.knowledge.actions import submit
from rexian.notices.actions import catch_up
from rexian.notices.models import Notice
from rexian.orders import actions as orders
from rexian.security.actions import sign_out_everywhere
from rexian.security.identity import CITIZEN
from rexian.security.models import User
from rexian.web.notices import hub as hubs
from rexian.web.notices.stream import PATH, Stream
from tests.factories import Town, dispatched, make_town, received
from tests.knowledge.articles import written
from tests.loops import run_in_thread
from tests.web.test_pages import signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
Test = Callable[[Stream], Awaitable[None]]


@pytest.fixture
def city(transactional_db: None) -> Town:
    return make_town()


class Page:
    """A page with its stream open: the messages as they come."""

    def __init__(self, stream: Stream, cookie: str, **scope: Any) -> None:
        self.status, self.headers, self.ended = 0, {}, False
        self.messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.leave = asyncio.Event()
        raw = [(b"cookie", f"sessionid={cookie}".encode()), (b"host", b"127.0.0.1:8346")]
        raw += [(name.encode(), value.encode()) for name, value in scope.pop("headers", {}).items()]
        told = {"type": "http", "method": "GET", "path": PATH, "headers": raw} | scope
        self.task = asyncio.create_task(stream(told, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        await self.leave.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], dict(message["headers"])
        for line in message.get("body", b"").decode().splitlines():
            if line.startswith("data: "):
                self.messages.put_nowait(json.loads(line[6:]))
        self.ended = message["type"] == "http.response.body" and not message.get("more_body")

    async def hear(self) -> dict[str, Any]:
        return await asyncio.wait_for(self.messages.get(), 10)


def cookie(name: str) -> str:
    return str(signed_in(name).cookies["sessionid"].value)


def live(test: Test) -> None:
    """Runs a test beside a stream that lives."""

    async def run() -> None:
        stream, begun, over = Stream(), asyncio.Event(), asyncio.Event()

        async def receive() -> dict[str, Any]:
            if begun.is_set():
                await over.wait()
            return {"type": "lifespan"}

        async def send(message: Any) -> None:
            begun.set()

        life = asyncio.create_task(stream({"type": "lifespan"}, receive, send))
        await begun.wait()
        try:
            await test(stream)
        finally:
            over.set()
            await life
            stream.hub.threads.shutdown()

    run_in_thread(run())


def test_each_desk_hears_of_its_own_and_of_nothing_else(city: Town) -> None:
    names = ("dispatcher", "clerk", "visitor", "agent")
    cookies = {name: cookie(name) for name in names}

    async def test(stream: Stream) -> None:
        pages = {name: Page(stream, cookies[name]) for name in names}
        first = {name: await page.hear() for name, page in pages.items()}
        assert first["dispatcher"]["counts"]["dispatch"] == 0
        await stream.hub.call(received, city)
        assert (await pages["dispatcher"].hear()) == {
            "counts": {"dispatch": 1, "disputes": 0, "reviews": 0},
            "arrived": {"dispatch": 1},
            "told": [],
        }
        order = await stream.hub.call(partial(dispatched, city, telephone="13800138001", text="另一处停水，请来看看。"))
        heard = await pages["clerk"].hear()
        assert (heard["counts"], heard["arrived"]) == ({"inbox": 1}, {"inbox": 1})
        assert [kind for kind, _event, _about in heard["told"]] == ["new"]
        assert order.title not in json.dumps(heard, ensure_ascii=False)
        assert order.number not in json.dumps(heard)
        await stream.hub.call(lambda: orders.urge(order=order, by=CITIZEN, reason="还没来水"))
        assert [kind for kind, _event, _about in (await pages["clerk"].hear())["told"]] == ["urged"]
        assert await stream.hub.call(Notice.objects.filter(kind="urged", department=city.water).count) == 1
        assert pages["visitor"].messages.empty()
        assert pages["agent"].messages.empty()

    live(test)


def test_a_storm_is_one_push_a_second(city: Town) -> None:
    key = cookie("dispatcher")

    async def test(stream: Stream) -> None:
        page = Page(stream, key)
        await page.hear()
        for n in range(12):
            await stream.hub.call(
                partial(received, city, telephone=f"1380013{n:04d}", text=f"第 {n} 处停水，请来看看。")
            )
        heard, arrived = 0, 0
        while arrived < 12:
            arrived += (await page.hear())["arrived"].get("dispatch", 0)
            heard += 1
        assert arrived == 12
        assert heard <= 6

    live(test)


def test_only_who_is_signed_in_gets_a_stream(city: Town) -> None:
    User.objects.filter(username="head").update(must_change_password=True)
    refused = {"": "", "nonsense": "nonsense", "steward": cookie("steward"), "head": cookie("head")}

    async def test(stream: Stream) -> None:
        for name, key in refused.items():
            page = Page(stream, key)
            await page.task
            assert page.status == 401, name
        elsewhere = Page(stream, refused["steward"], path="/work/inbox/")
        await elsewhere.task
        assert elsewhere.status == 404

    live(test)


def test_signing_out_ends_the_stream_and_the_stream_prolongs_nothing(
    city: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "CHECK", 0.3)
    by, user = city.by("dispatcher"), city.users["dispatcher"]
    keys = [cookie("dispatcher"), cookie("clerk"), cookie("supervisor"), cookie("visitor")]
    before = dict(Session.objects.values_list("session_key", "expire_date"))

    async def test(stream: Stream) -> None:
        pages = [Page(stream, key) for key in keys]
        for page in pages:
            await page.hear()
        assert await stream.hub.call(lambda: dict(Session.objects.values_list("session_key", "expire_date"))) == before
        await stream.hub.call(lambda: sign_out_everywhere(user=user, by=by))
        await asyncio.wait_for(pages[0].task, 5)
        await stream.hub.call(partial(Session.objects.filter(session_key=keys[1]).update, expire_date=timezone.now()))
        await asyncio.wait_for(pages[1].task, 5)
        await stream.hub.call(partial(User.objects.filter(username="supervisor").update, is_active=False))
        await asyncio.wait_for(pages[2].task, 5)
        assert all(page.ended for page in pages[:3])
        assert not pages[3].task.done()
        pages[3].leave.set()
        await asyncio.wait_for(pages[3].task, 5)
        assert stream.hub.desks == []

    live(test)


def test_the_page_of_another_port_may_read_it_while_trying_and_no_other(city: Town) -> None:
    key = cookie("clerk")

    async def test(stream: Stream) -> None:
        near = Page(stream, key, headers={"origin": "http://127.0.0.1:8345"})
        await near.hear()
        assert near.headers[b"access-control-allow-origin"] == b"http://127.0.0.1:8345"
        assert near.headers[b"cache-control"] == b"no-store"
        far = Page(stream, key, headers={"origin": "https://elsewhere.example"})
        await far.hear()
        assert b"access-control-allow-origin" not in far.headers
        for page in (near, far):
            page.leave.set()
            await page.task

    live(test)


def test_what_is_told_beside_orders_is_pushed_to_its_desks(city: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "CHECK", 0.2)
    cookies = {name: cookie(name) for name in ("editor", "supervisor", "clerk")}

    async def test(stream: Stream) -> None:
        pages = {name: Page(stream, cookies[name]) for name in cookies}
        for page in pages.values():
            await page.hear()
        await asyncio.sleep(1.2)
        await stream.hub.call(lambda: submit(article=written(city), by=city.by("editor")))
        await stream.hub.call(catch_up)
        heard = await pages["supervisor"].hear()
        assert [(kind, about) for kind, _pk, about in heard["told"]] == [("article", "beside")]
        assert "水费怎么交" not in json.dumps(heard, ensure_ascii=False)
        await asyncio.sleep(0.5)
        assert pages["editor"].messages.empty(), "who asked is not told"
        assert pages["clerk"].messages.empty()

    live(test)
