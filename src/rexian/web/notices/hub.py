# SPDX-License-Identifier: Apache-2.0
"""The open desks of one process, and what is pushed to each: that something in its lists changed, how many wait, what it is told of.

One reader of the record for all of them. It looks every TICK seconds instead of listening for NOTIFY: docs/adr/0009-notices.md says why.
Nothing of an order goes through a stream, only counts and kinds; what is shown is fetched through the ordinary pages.
"""

import asyncio
import json
import logging
import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import Error, connections
from psycopg_pool import PoolClosed, PoolTimeout

from rexian.notices import actions, queries
from rexian.notices.happening import Happened, Tail
from rexian.notices.models import Notice
from rexian.security.identity import By
from rexian.web.notices.admission import Admitted, admit, holding
from rexian.web.notices.concerning import scope_of, told, within
from rexian.web.notices.counts import brought, counts, lists_of, touched

T = TypeVar("T")
TICK = 0.25
"""Seconds between two looks at the record."""
PAUSE = 1.0
"""Seconds between two pushes to a desk; what happens in between goes into the next."""
CHECK = 5.0
"""Seconds within which a stream ends whose session has."""
LIFE = 900.0
"""Seconds after which a stream is to be opened anew."""
WAITING = 20
"""Messages that may wait for a browser that does not read."""
AWAY = (Error, PoolTimeout, PoolClosed, OSError)
log = logging.getLogger(__name__)


@dataclass(eq=False)
class OpenDesk:
    """A page that is open: who, until when, what it was not yet told of, and the messages on their way (None ends the stream)."""

    who: Admitted
    until: float
    sent: float = 0.0
    dirty: bool = False
    arrived: Counter[str] = field(default_factory=Counter)
    told: list[tuple[str, int, str]] = field(default_factory=list)
    messages: asyncio.Queue[str | None] = field(default_factory=asyncio.Queue)

    def note(self, one: Happened, arrived: frozenset[str], kinds: list[str]) -> None:
        """Adds an event; one's own is no news, but changes the counts."""
        self.dirty = True
        if one.actor is None or one.actor != self.who.by.user_id:
            self.arrived.update(arrived)
            self.told += [(kind, one.event, Notice.ORDER) for kind in kinds]

    def note_beside(self, notices: list[Notice]) -> None:
        """Adds notices of other things than orders."""
        told = [
            (one.kind, one.pk, "beside") for one in notices if one.actor is None or one.actor != self.who.by.user_id
        ]
        self.dirty = self.dirty or bool(told)
        self.told += told

    def push(self, now: float, waiting: dict[str, int]) -> None:
        """Sends what was noted, with how many wait."""
        told = {"counts": waiting, "arrived": self.arrived, "told": self.told}
        self.messages.put_nowait(_message(told))
        self.sent, self.dirty, self.arrived, self.told = now, False, Counter(), []
        if self.messages.qsize() > WAITING:
            self.end()

    def end(self) -> None:
        self.messages.put_nowait(None)


def _message(told: dict[str, Any]) -> str:
    return f"data: {json.dumps(told, separators=(',', ':'))}\n\n"


def standing(by: By) -> dict[str, Any]:
    """What a page is told when it opens, and when it asks without a stream: how many wait, how many are unread, how one wants to be told."""
    choice = queries.choice_of(by)
    chosen = {"kinds": sorted(choice.told), "sound": choice.sound, "title": choice.title, "desktop": choice.desktop}
    return {"counts": counts(by), "unread": queries.unread(by, choice), "choice": chosen}


class Hub:
    """All open desks, by scope: who sees the same is counted for once."""

    def __init__(self) -> None:
        self.scopes: dict[By, set[OpenDesk]] = {}
        self.tail = Tail()
        self.threads = ThreadPoolExecutor(4, "notices")
        self.checked = 0.0
        self.seen_beside: int | None = None

    @property
    def desks(self) -> list[OpenDesk]:
        return [desk for desks in self.scopes.values() for desk in desks]

    async def call(self, work: Callable[..., T], *given: Any) -> T:
        """Runs database work in a thread; its connection goes back to the pool."""

        def closing() -> T:
            try:
                return work(*given)
            finally:
                connections.close_all()

        return await asyncio.get_running_loop().run_in_executor(self.threads, closing)

    async def open(self, session: str) -> OpenDesk | None:
        """A desk for the session's person, with its first message on the way; None where nobody is signed in."""
        who = await self.call(admit, session)
        if who is None:
            return None
        # Before the first counts are read, so that nothing happens unseen between them and the first push.
        desk = OpenDesk(who, time.monotonic() + LIFE * random.uniform(0.8, 1.2))  # noqa: S311  spreads the reconnections
        self.scopes.setdefault(scope_of(who.by), set()).add(desk)
        try:
            desk.messages.put_nowait(_message(await self.call(standing, who.by)))
        except BaseException:
            self.close(desk)
            raise
        return desk

    def close(self, desk: OpenDesk) -> None:
        scope = scope_of(desk.who.by)
        if desks := self.scopes.get(scope):
            desks.discard(desk)
            if not desks:
                del self.scopes[scope]

    async def run(self) -> None:
        """Reads and pushes until it is cancelled; while the database is away it goes on asking."""
        away = False
        while True:
            begun = time.monotonic()
            try:
                await self._turn(begun)
                away = False
            except (
                Exception
            ):  # the database away, most of the time; whatever it is, the desks must not go deaf for good
                if not away:
                    log.exception("notices: a turn failed; trying again")
                away = True
            await asyncio.sleep(2.0 if away else max(0.0, begun + TICK - time.monotonic()))

    async def _turn(self, now: float) -> None:
        self._spread(await self.call(self._read))
        if now - self.checked > CHECK:
            self.checked = now
            await self._check(now)
            for scope, notices in (await self.call(self._read_beside)).items():
                for desk in self.scopes.get(scope, ()):
                    desk.note_beside(notices)
        due = {
            scope: ready
            for scope, desks in self.scopes.items()
            if (ready := [desk for desk in desks if desk.dirty and now - desk.sent >= PAUSE])
        }
        if due:
            waiting = await self.call(lambda: {scope: counts(scope) for scope in due})
            for scope, desks in due.items():
                for desk in desks:
                    desk.push(now, waiting[scope])

    def _read(self) -> list[Happened]:
        found = self.tail.read()
        actions.keep(one for one in found if one.needs)
        return found

    def _read_beside(self) -> dict[By, list[Notice]]:
        """What the worker kept of other things than orders since the last look, for each scope; once a CHECK, since none of it is urgent."""
        before, self.seen_beside = self.seen_beside, queries.newest_beside()
        if before is None or self.seen_beside == before:
            return {}
        return {scope: queries.beside(scope, before) for scope in list(self.scopes)}

    def _spread(self, found: list[Happened]) -> None:
        """Notes each event at the desks that it concerns."""
        known = [(one, brought(one), touched(one)) for one in found]
        for scope, desks in self.scopes.items():
            lists = frozenset(lists_of(scope))
            for one, arrived, changed in known:
                if not within(scope, one):
                    continue
                kinds = [kind.value for kind in told(scope, one)]
                if kinds or lists & changed:
                    for desk in desks:
                        desk.note(one, arrived & lists, kinds)

    async def _check(self, now: float) -> None:
        """Ends the streams whose session does not hold any more, and those that are old."""
        there = self.desks
        if there:
            alive = await self.call(holding, [desk.who for desk in there])
            for desk in there:
                if desk.who.session not in alive or now > desk.until:
                    desk.end()
