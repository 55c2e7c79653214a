# SPDX-License-Identifier: Apache-2.0
"""Open desks of a crowd: each member of staff holds a stream of notices, opened again as a browser does it when it breaks off."""

import asyncio
import time
from dataclasses import dataclass, field

import httpx

AGAIN = 3.0
"""Seconds after which a browser opens a stream again: the stream's own `retry: 3000`."""


@dataclass
class Heard:
    """What all ears heard: messages, streams opened, streams that broke off, refusals by status, seconds without one, ears that hear now, and at the end."""

    messages: int = 0
    opened: int = 0
    broken: int = 0
    refused: dict[int, int] = field(default_factory=dict)
    deaf: list[float] = field(default_factory=list)
    open: set[int] = field(default_factory=set)
    over: bool = False
    still: int = 0

    def close(self) -> None:
        """From now on what ends ends because we end it."""
        self.over, self.still = True, len(self.open)

    def lines(self, ears: int) -> str:
        longest = max(self.deaf, default=0.0)
        return (
            f"streams: {ears} desks, opened {self.opened}, broken off {self.broken}, open at the end {self.still}, messages {self.messages}, "
            f"refused {self.refused}, longest without one {longest:.1f} s"
        )


class Ear:
    """One desk's stream, until it is cancelled."""

    def __init__(self, url: str, place: int, heard: Heard) -> None:
        self.url, self.place, self.heard = url, place, heard
        self.lost: float | None = None

    async def listen(self, client: httpx.AsyncClient) -> None:
        """Holds the stream with the cookies of the desk's browser."""
        async with httpx.AsyncClient(timeout=httpx.Timeout(10, read=60)) as own:
            while True:
                try:
                    await self._once(own, client.cookies.get("sessionid", ""))
                except httpx.TransportError:
                    pass
                finally:
                    self._end()
                await asyncio.sleep(AGAIN)

    async def _once(self, own: httpx.AsyncClient, session: str) -> None:
        async with own.stream("GET", self.url, headers={"Cookie": f"sessionid={session}"}) as answer:
            if answer.status_code != 200:
                self.heard.refused[answer.status_code] = self.heard.refused.get(answer.status_code, 0) + 1
                return
            self.heard.opened += 1
            async for line in answer.aiter_lines():
                if line.startswith("data: "):
                    self._message()

    def _message(self) -> None:
        self.heard.messages += 1
        self.heard.open.add(self.place)
        if self.lost is not None:
            self.heard.deaf.append(time.monotonic() - self.lost)
            self.lost = None

    def _end(self) -> None:
        if self.place in self.heard.open and not self.heard.over:
            self.heard.open.discard(self.place)
            self.heard.broken += 1
            self.lost = time.monotonic()
