# SPDX-License-Identifier: Apache-2.0
"""A city's people at the hotline's real pages: staff who work their lists with sessions and forms, citizens at the portal and the API."""

import asyncio
import html
import random
import re
import uuid
from dataclasses import dataclass, field

import httpx

from tests.server.ears import Ear, Heard
from tests.server.ledger import Ledger

PASSWORD = "correct horse battery"
PEOPLE = """
import json
from django.contrib.auth.hashers import make_password
from rexian.directory.models import Category, Staff
from rexian.security.models import User
wanted = {wanted}
password, told = make_password("{password}"), []
for post, most in wanted.items():
    users = User.objects.filter(post=post, is_active=True, staff__department__isnull=False).order_by("staff__department", "pk")
    for user in users.select_related("staff__department")[:most]:
        User.objects.filter(pk=user.pk).update(password=password)
        told.append([user.username, post, user.staff.department.name])
    first = users.first()
    for n in range(most - min(most, users.count())):  # a crowd needs more of a post than the small city has
        name = f"{{post}}-more-{{n}}"
        more = User.objects.create(username=name, name=name, number=f"{{post[:3]}}{{n}}", post=post, password=password)
        Staff.objects.create(user=more, department=first.staff.department)
        told.append([name, post, first.staff.department.name])
category = Category.objects.filter(level=3).order_by("pk").first().full_name
print(json.dumps([told, category]))
"""
SHARES = {"dispatcher": 0.28, "clerk": 0.44, "visitor": 0.16, "supervisor": 0.12}
LISTS = {
    "dispatcher": ("dispatch", "dispatch", "dispatch", "disputes", "reviews"),
    "clerk": ("inbox",),
    "visitor": ("visits",),
}
LISTS |= {"supervisor": ("reviews", "disputes", "late")}
ONWARD = ("accept", "visit")
ORDER = re.compile(r'href="/work/orders/([^/"]+)/\?list=')
FORM = re.compile(r'action="/work/orders/[^/"]+/([a-z_]+)/\?list=')
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
PATIENCE = 120.0
"""Seconds after which a client has had no answer."""
TROUBLES = ("停水", "路灯不亮", "垃圾没人清", "夜里施工", "暖气不热", "井盖坏了", "公交不来", "物业不管")


@dataclass
class Crowd:
    """Everyone, until `over` is set. `pause` is the mean of the seconds that a member of staff and a citizen think."""

    url: str
    token: str
    people: list[tuple[str, str, str]]
    category: str
    citizens: int
    pause: tuple[float, float] = (10.0, 60.0)
    stream: str = ""
    heard: Heard = field(default_factory=Heard)
    ledger: Ledger = field(default_factory=Ledger)
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Lets the staff sign in and everyone work; then whoever does not know whether a request arrived sends it once more, under the same key."""
        transport = httpx.AsyncHTTPTransport(limits=httpx.Limits(max_connections=None, keepalive_expiry=30))
        self.transport = transport
        staff = [Clerk(self, *one, place) for place, one in enumerate(self.people)]
        citizens = [Citizen(self, place) for place in range(self.citizens)]
        doors = asyncio.Semaphore(4)
        await asyncio.gather(*(one.arrive(doors) for one in staff))
        ears = [asyncio.create_task(Ear(self.stream, n, self.heard).listen(one.client)) for n, one in enumerate(staff)]
        self.begun.set()
        await asyncio.gather(*(one.work() for one in (*staff, *citizens)))
        await self._end(ears)
        for one in citizens:
            await one.send_again()
        await transport.aclose()

    async def _end(self, ears: "list[asyncio.Task[None]]") -> None:
        """Ends the streams, once those that broke off last had the time to come back."""
        for _ in range(75):
            if len(self.heard.open) == len(ears):
                break
            await asyncio.sleep(0.2)
        self.heard.close()
        for ear in ears:
            ear.cancel()
        await asyncio.gather(*ears, return_exceptions=True)

    def client(self, place: int) -> httpx.AsyncClient:
        """A browser of its own behind our proxy, with an address of its own."""
        address = f"10.{place // 60000}.{place // 240 % 250}.{place % 240 + 1}"
        headers = {"X-Forwarded-For": address}
        return httpx.AsyncClient(base_url=self.url, transport=Shared(self.transport), headers=headers, timeout=PATIENCE)

    async def think(self, mean: float) -> bool:
        """Waits a while; False when it is over."""
        try:
            await asyncio.wait_for(self.over.wait(), random.expovariate(1 / mean))
        except TimeoutError:
            return True
        return False


class Shared(httpx.AsyncBaseTransport):
    """One pool of connections for all, which no client closes."""

    def __init__(self, transport: httpx.AsyncHTTPTransport) -> None:
        self.transport = transport

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self.transport.handle_async_request(request)


class Clerk:
    """A member of staff: opens a list, an order of it, and takes one of the acts that the page offers."""

    def __init__(self, crowd: Crowd, username: str, post: str, department: str, place: int) -> None:
        self.crowd, self.username, self.post, self.ledger = crowd, username, post, crowd.ledger
        self.client = crowd.client(100_000 + place)
        self.inside = False

    async def arrive(self, doors: asyncio.Semaphore) -> None:
        async with doors:
            await self._sign_in()

    async def work(self) -> None:
        while await self.crowd.think(self.crowd.pause[0]):
            try:
                if not self.inside:
                    await self._sign_in()
                else:
                    await self._take(random.choice(LISTS[self.post]))
            except httpx.TransportError:
                await asyncio.sleep(1)

    async def _sign_in(self) -> None:
        page = await self.ledger.ask(self.client, "sign in", "GET", "/account/in/")
        if token := TOKEN.search(page.text):
            told = {"csrfmiddlewaretoken": token[1], "username": self.username, "password": PASSWORD}
            answer = await self.ledger.ask(self.client, "sign in", "POST", "/account/in/", data=told)
            self.inside = answer.status_code == 302

    async def _take(self, slug: str) -> None:
        page = await self.ledger.ask(self.client, "a list", "GET", f"/work/{slug}/")
        if page.status_code == 302:
            self.inside = False
            return
        listed = page.text.partition('class="pane main detail')[0]  # beside it lies an order, with others like it
        numbers = list(dict.fromkeys(ORDER.findall(listed)))
        if not numbers:
            return
        number = random.choice(numbers)
        while await self._one(number, slug) in ONWARD:  # who accepts an order dispatches it, too
            pass

    async def _one(self, number: str, slug: str) -> str:
        """Opens an order and takes an act; its name where it was acknowledged."""
        order = await self.ledger.ask(self.client, "an order", "GET", f"/work/orders/{number}/?list={slug}")
        token, edge = TOKEN.search(order.text), self._choose(set(FORM.findall(order.text)))
        done = token is not None and edge and await self._act(number, slug, edge, token[1])
        return edge if done else ""

    def _choose(self, offered: set[str]) -> str:
        """The next act of an order's usual way, now and then one of its side ways."""
        if "ask_return" in offered and random.random() < 0.08:
            return "ask_return"
        if "send_back" in offered and random.random() < 0.05:
            return "send_back"
        if "contact" in offered and "reply" in offered and random.random() < 0.3:
            return "contact"
        usual = ("accept", "dispatch", "sign", "reply", "approve", "visit", "close", "accept_return", "urge")
        return next((edge for edge in usual if edge in offered), "")

    def _fields(self, edge: str) -> dict[str, str]:
        departments = [name for _user, post, name in self.crowd.people if post == "clerk"]
        fields = {
            "accept": {"kind": "help", "urgency": "normal", "category": self.crowd.category},
            "dispatch": {"category": self.crowd.category, "lead": random.choice(departments)},
            "contact": {"result": "已电话联系，约好上门", "reached": "on"},
            "reply": {"reply_citizen": "已经修好，请您查看。", "facts": "true", "solved": "True"},
            "visit": {"solved": "True", "grade": random.choice("5554")},
        }
        if edge in ("ask_return", "send_back", "accept_return", "urge"):
            return {"reason": "情况说明如上"}
        return fields.get(edge, {})

    async def _act(self, number: str, slug: str, edge: str, token: str) -> bool:
        """Whether the act was acknowledged."""
        given = {f"{edge}-{name}": value for name, value in self._fields(edge).items()}
        url, key = f"/work/orders/{number}/{edge}/?list={slug}", f"{number} {edge}"
        try:
            told = given | {"csrfmiddlewaretoken": token}
            answer = await self.ledger.ask(self.client, "an act", "POST", url, data=told)
        except httpx.TransportError:
            self.ledger.unknown[key] += 1
            raise
        if answer.status_code >= 500:
            self.ledger.unknown[key] += 1
        elif answer.status_code == 302 and answer.headers["Location"] == f"/work/{slug}/":
            self.ledger.acknowledged[key] += 1
            return True
        return False


@dataclass
class Held:
    """A request that a citizen made: its number and query code."""

    number: str
    code: str


class Citizen:
    """One who submits, looks how far it is, adds to it, and rates it; half at the portal, half through an app's API."""

    def __init__(self, crowd: Crowd, place: int) -> None:
        self.crowd, self.place, self.ledger = crowd, place, crowd.ledger
        self.client = crowd.client(place)
        self.key = {"Authorization": f"Bearer {crowd.token}"}
        self.held: list[Held] = []
        self.open: dict[str, dict[str, str]] = {}

    async def work(self) -> None:
        while await self.crowd.think(self.crowd.pause[1]):
            try:
                await self._do()
            except httpx.TransportError:
                await asyncio.sleep(1)

    async def _do(self) -> None:
        if self.open:
            await self.send_again()
        elif not self.held or random.random() < 0.4:
            await (self._submit_page() if self.place % 2 else self._submit_app())
        elif random.random() < 0.6:
            await self._follow_page(random.choice(self.held))
        else:
            await self._follow_app(random.choice(self.held))

    def _text(self, key: str) -> str:
        text = f"第 {self.place} 位诉求人反映{random.choice(TROUBLES)}，请派人看看。{key}"
        self.ledger.sent.add(text)
        return text

    def _receive(self, key: str, number: str, code: str) -> None:
        self.open.pop(key, None)
        self.held.append(Held(number, code))
        self.ledger.received[key] = number

    @property
    def _telephone(self) -> str:
        return f"199{self.place:08d}"

    async def _submit_app(self) -> None:
        key = str(uuid.uuid4())
        self.open[key] = {"text": self._text(key), "telephone": self._telephone}
        await self.send_again()

    async def send_again(self) -> None:
        """Sends what is not acknowledged, under its key: from the app, or the same form once more."""
        for key, told in list(self.open.items()):
            await (self._send_form(key, told) if self.place % 2 else self._send_app(key, told))

    async def _send_app(self, key: str, told: dict[str, str]) -> None:
        headers = self.key | {"Idempotency-Key": key}
        answer = await self.ledger.ask(
            self.client, "submit (API)", "POST", "/api/v1/requests", json=told, headers=headers
        )
        if answer.status_code in (200, 201):
            self._receive(key, answer.json()["number"], answer.json()["query_code"])

    async def _submit_page(self) -> None:
        page = await self.ledger.ask(self.client, "the portal", "GET", "/")
        token, key = TOKEN.search(page.text), re.search(r'name="key" value="([^"]+)"', page.text)
        if token is None or key is None:
            return
        told = {"text": self._text(key[1]), "kind": "help", "telephone": self._telephone, "key": key[1]}
        self.open[key[1]] = told | {"csrfmiddlewaretoken": token[1]}
        await self._send_form(key[1], self.open[key[1]])

    async def _send_form(self, key: str, told: dict[str, str]) -> None:
        answer = await self.ledger.ask(self.client, "submit (portal)", "POST", "/", data=told)
        if answer.status_code != 302:
            return
        done = await self.ledger.ask(self.client, "the receipt", "GET", "/done/")
        found = [re.search(f'id="{name}">([^<]+)<', done.text) for name in ("number", "code")]
        if found[0] and found[1]:
            self._receive(key, html.unescape(found[0][1]), html.unescape(found[1][1]))

    async def _follow_app(self, one: Held) -> None:
        url, headers = f"/api/v1/requests/{one.number}", self.key | {"Query-Code": one.code}
        told = await self.ledger.ask(self.client, "track (API)", "GET", url, headers=headers)
        if told.status_code == 200 and told.json()["state"] in ("submitted", "accepted", "handling"):
            await self._say(f"{one.number} add", f"{url}/additions", json={"text": "还没有人来。"}, headers=headers)

    async def _follow_page(self, one: Held) -> None:
        page = await self.ledger.ask(self.client, "look up", "GET", "/find/")
        if token := TOKEN.search(page.text):
            told = {"number": one.number, "code": one.code, "csrfmiddlewaretoken": token[1]}
            await self.ledger.ask(self.client, "look up", "POST", "/find/", data=told)
            track = await self.ledger.ask(self.client, "track (portal)", "GET", "/track/")
            if 'action="/track/rate/"' in track.text:
                given = {"rate-grade": "5", "rate-solved": "True", "csrfmiddlewaretoken": token[1]}
                await self._say(f"{one.number} rate", "/track/rate/", data=given)

    async def _say(self, key: str, url: str, **given: object) -> None:
        """Adds or rates; an answer that does not come may have been an act all the same."""
        try:
            answer = await self.ledger.ask(self.client, "add or rate", "POST", url, **given)
        except httpx.TransportError:
            self.ledger.unknown[key] += 1
            raise
        if answer.status_code in (201, 302):
            self.ledger.acknowledged[key] += 1
        elif answer.status_code >= 500:
            self.ledger.unknown[key] += 1
