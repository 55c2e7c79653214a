# SPDX-License-Identifier: Apache-2.0
"""The stream of notices as an ASGI application: server-sent events (WHATWG HTML, section 9.2) at one path, for who is signed in."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import parse_cookie

from rexian.web.notices.hub import AWAY, Hub, OpenDesk

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
PATH = "/notices/stream/"
BREATH = 15.0
"""Seconds after which a line without meaning keeps the connection open through proxies."""
MOST = 5_000
"""Desks of one process."""
EVENTS = {"content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no"}


class Stream:
    """The application: one hub, which lives as long as the server."""

    def __init__(self) -> None:
        self.hub = Hub()

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        running = asyncio.create_task(self.hub.run())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        running.cancel()
        for desk in self.hub.desks:
            desk.end()
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        allowed = allow_origin(headers)
        if scope["path"] != PATH or scope["method"] != "GET":
            await _plain(send, 404, allowed)
        elif len(self.hub.desks) >= MOST:
            await _plain(send, 503, allowed)
        else:
            await self._open(parse_cookie(headers.get("cookie", "")), allowed, receive, send)

    async def _open(self, cookies: dict[str, str], allowed: dict[str, str], receive: Receive, send: Send) -> None:
        try:
            desk = await self.hub.open(cookies.get(settings.SESSION_COOKIE_NAME, ""))
        except AWAY:
            await _plain(send, 503, allowed)
            return
        if desk is None:
            await _plain(send, 401, allowed)
            return
        gone = asyncio.create_task(_gone(desk, receive))
        try:
            await _start(send, 200, EVENTS | allowed)
            await _tell(desk, send)
        finally:
            gone.cancel()
            self.hub.close(desk)


def allow_origin(headers: dict[str, str]) -> dict[str, str]:
    """While trying, the page and the stream are two ports of one host, and the page may read it; in production they are one origin."""
    origin, host = headers.get("origin", ""), urlsplit(f"//{headers.get('host', '')}").hostname
    if settings.PRODUCTION or not origin or urlsplit(origin).hostname != host:
        return {}
    return {"access-control-allow-origin": origin, "access-control-allow-credentials": "true", "vary": "Origin"}


async def _gone(desk: OpenDesk, receive: Receive) -> None:
    """Ends the desk when its browser has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
    desk.end()


async def _tell(desk: OpenDesk, send: Send) -> None:
    """Sends the desk's messages until its end."""
    text: str | None = "retry: 3000\n\n"
    while text is not None:
        with suppress(OSError, RuntimeError):  # a browser that has gone: `_gone` ends it
            await send({"type": "http.response.body", "body": text.encode(), "more_body": True})
        try:
            text = await asyncio.wait_for(desk.messages.get(), BREATH)
        except TimeoutError:
            text = ":\n\n"
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _start(send: Send, status: int, headers: dict[str, str]) -> None:
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})


async def _plain(send: Send, status: int, headers: dict[str, str]) -> None:
    await _start(send, status, headers | {"cache-control": "no-store"})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
