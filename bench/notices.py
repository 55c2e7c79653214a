# SPDX-License-Identifier: Apache-2.0
"""How soon what happens is at the open desks, and what it costs: the stream beside pages that ask every ten seconds, in the same run.

    .venv/bin/python bench/notices.py [seconds] [folder] [desks ...]

`folder` is the REXIAN_VAR of a simulated city; without it one of 20,000 orders is made in a throw-away folder. For each number of desks (300
and 1,000) as many streams are open: half of dispatchers, the rest of departments, supervisors and visitors; beside them 300 dispatchers' pages
ask `/notices/now/` with their ETag. Intakes come in one every two seconds, then ten a second. Prints the time from the receipt, which follows
the commit at once, to the message at each dispatcher's desk (p50, p99, ms), how many messages a desk got a second, and the processor time a
second and memory (proportional set size) of the stream's processes and of the web server's. A push waits for up to a second after the last
one to the same desk, so under a storm the median is about half a second by design.
"""

import asyncio
import json
import os
import random
import subprocess
import sys
import time
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path

from city import city

from intake import PORT, _answer, _request

SPAN = float(sys.argv[1]) if len(sys.argv) > 1 else 30.0
GIVEN = sys.argv[2:3]
SIZES = [int(word) for word in sys.argv[3:]] or [300, 1000]
POLLERS, EVERY = 300, 10.0
RATES = (0.5, 10.0)
"""Intakes a second."""


@dataclass
class Desk:
    """An open desk: what it has still to hear of, and how long what it heard took, in ms."""

    cookie: str
    dispatcher: bool
    waiting: list[float] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    messages: int = 0
    count: int = -1

    def hear(self, arrived: int) -> None:
        now = time.perf_counter()
        for sent in self.waiting[:arrived]:
            self.times.append(max(0.0, (now - sent) * 1000))
        del self.waiting[:arrived]

    def listen(self, told: dict[str, dict[str, int]]) -> None:
        """A message of the stream, which says how many came."""
        self.messages += 1
        self.hear(told.get("arrived", {}).get("dispatch", 0))

    def look(self, count: int) -> None:
        """An answer to a question, which says how many there are."""
        if self.count >= 0:
            self.hear(max(0, count - self.count))
        self.count = count


def cookies(number: int) -> list[Desk]:
    """Desks of the city's staff, each with a session of its own."""
    from importlib import import_module

    from django.conf import settings

    from rexian.security.models import User
    from rexian.security.posts import DEPARTMENT_POSTS, Post

    store = import_module(settings.SESSION_ENGINE).SessionStore
    users = list(User.objects.filter(is_active=True).order_by("pk"))
    one = [user for user in users if user.post == Post.DISPATCHER]
    others = [user for user in users if user.post in DEPARTMENT_POSTS | {Post.SUPERVISOR, Post.VISITOR}]
    desks = []
    for user in islice(cycle(one), number // 2 + number % 2):
        desks.append(Desk(_session(store, user), dispatcher=True))
    for user in islice(cycle(others), number // 2):
        desks.append(Desk(_session(store, user), dispatcher=False))
    return desks


def _session(store: object, user: object) -> str:
    session = store()  # type: ignore[operator]
    session["_auth_user_id"] = str(user.pk)  # type: ignore[attr-defined]
    session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
    session["_auth_user_hash"] = user.get_session_auth_hash()  # type: ignore[attr-defined]
    session.create()
    return f"sessionid={session.session_key}"


async def stream(desk: Desk, opened: asyncio.Semaphore, ready: list[Desk]) -> None:
    """One open stream, until it is cancelled."""
    async with opened:
        reader, writer = await asyncio.open_connection("127.0.0.1", PORT + 1)
        writer.write(f"GET /notices/stream/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {desk.cookie}\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        while not (await reader.readline()).startswith(b"data: "):
            pass
        ready.append(desk)
    while line := await reader.readline():
        if line.startswith(b"data: "):
            desk.listen(json.loads(line[6:]))


async def poll(desk: Desk) -> None:
    """One page that asks, until it is cancelled."""
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    await asyncio.sleep(random.uniform(0, EVERY))
    etag = ""
    while True:
        known = f"If-None-Match: {etag}\r\n" if etag else ""
        writer.write(f"GET /notices/now/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {desk.cookie}\r\n{known}\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        told = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
        body = await reader.readexactly(int(told.get("content-length", "0")))
        desk.messages += 1
        if head.startswith("HTTP/1.1 200"):
            etag = told["etag"]
            desk.look(json.loads(body)["counts"]["dispatch"])
        await asyncio.sleep(EVERY)


async def write(token: str, rate: float, desks: list[Desk]) -> int:
    """Intakes at a rate for SPAN seconds, and how many; each is noted at every dispatcher's desk when its receipt is there."""
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    begun, count = time.perf_counter(), 0
    while (due := begun + count / rate) < begun + SPAN:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        writer.write(_request(token, random.randrange(1000), count))
        await _answer(reader)
        now, count = time.perf_counter(), count + 1
        for desk in desks:
            if desk.dispatcher:
                desk.waiting.append(now)
    await asyncio.sleep(2.5)
    return count


def family(process: "subprocess.Popen[bytes]") -> list[int]:
    """A process and all below it."""
    found, new = [], [process.pid]
    while new:
        pid = new.pop()
        found.append(pid)
        for task in Path(f"/proc/{pid}/task").iterdir():
            new += [int(one) for one in (task / "children").read_text().split()]
    return found


def seconds(process: "subprocess.Popen[bytes]") -> float:
    """Processor seconds of a process and all below it."""
    ticks = 0
    for pid in family(process):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def memory(process: "subprocess.Popen[bytes]") -> float:
    """Proportional set size, MB."""
    lines = [line for pid in family(process) for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def share(times: list[float], part: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * part))] if times else float("nan")


def _told(desks: list[Desk], times: list[float], lasted: float) -> str:
    listening = [desk for desk in desks if desk.dispatcher]
    each = sum(desk.messages for desk in listening) / len(listening) / lasted
    missing = sum(len(desk.waiting) for desk in listening)
    return f"p50 {share(times, 0.5):>6.0f} ms  p99 {share(times, 0.99):>6.0f} ms  {each:.2f} messages/s a desk  not heard {missing}"


async def measure(token: str, size: int, web: "subprocess.Popen[bytes]", hub: "subprocess.Popen[bytes]") -> None:
    """Opens the desks and prints a line for each rate and way."""
    loop = asyncio.get_running_loop()
    streams, pollers = await loop.run_in_executor(None, lambda: (cookies(size), cookies(POLLERS * 2)[:POLLERS]))
    ready: list[Desk] = []
    empty, begun = memory(hub), time.perf_counter()
    opened = asyncio.Semaphore(50)
    work = [asyncio.create_task(stream(desk, opened, ready)) for desk in streams]
    while len(ready) < size:
        await asyncio.sleep(0.1)
        assert not any(one.done() and one.exception() for one in work)
    took = time.perf_counter() - begun
    print(
        f"{size} streams open after {took:.1f} s; the process {empty:.0f} MB before, {memory(hub):.0f} MB with them, "
        f"{(memory(hub) - empty) * 1024 / size:.1f} KB each",
        flush=True,
    )
    before = seconds(hub)
    await asyncio.sleep(10)
    print(f"  nothing happens: {(seconds(hub) - before) * 10:.1f} % of a core", flush=True)
    for rate in RATES:
        polls = [asyncio.create_task(poll(desk)) for desk in pollers]
        await asyncio.sleep(EVERY + 1)
        for desk in (*streams, *pollers):
            desk.times, desk.waiting, desk.messages = [], [], 0
        start, at = (seconds(web), seconds(hub)), time.perf_counter()
        count = await write(token, rate, [*streams, *pollers])
        span = time.perf_counter() - at
        used = [(now - was) / span * 100 for now, was in zip((seconds(web), seconds(hub)), start, strict=True)]
        await asyncio.sleep(EVERY)  # for those who ask to hear the last of it
        for name, desks in (("streams", streams), ("asking", pollers)):
            times = [one for desk in desks for one in desk.times]
            lasted = span if name == "streams" else span + EVERY
            print(f"  {rate:>4} intakes/s ({count}) {name:<8} {_told(desks, times, lasted)}", flush=True)
        print(f"       processor: web server {used[0]:.0f} %, stream {used[1]:.0f} % of a core", flush=True)
        for one in polls:
            one.cancel()
        await asyncio.gather(*polls, return_exceptions=True)
    for one in work:
        one.cancel()
    await asyncio.gather(*work, return_exceptions=True)
    await asyncio.sleep(2)


def main() -> None:
    with city(Path(GIVEN[0]) if GIVEN else None, stream=True) as running:
        assert running.stream is not None
        time.sleep(4)
        for size in SIZES:
            asyncio.run(measure(running.token, size, running.web, running.stream))


if __name__ == "__main__":
    main()
