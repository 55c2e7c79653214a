# SPDX-License-Identifier: Apache-2.0
"""Every list, search, board and order page over HTTP, 8 people at once, while intakes come in at 100 a second beside them.

A person asks for the next page about PAUSE seconds after the last one came, as chance has it: hurried, but somebody who reads, and eight people do not
all press at the same moment.

    .venv/bin/python bench/desk.py [seconds] [folder]

`folder` is the REXIAN_VAR of a simulated city (`rexian simulate --orders 1000000 --days 365`); without it one of 20,000 orders is made in a
throw-away folder. Prints for each page how often it was asked for, p50 and p99 in milliseconds and the bytes; then the rate of intakes alone
and beside. A page's time is from the first byte sent to the last received.
"""

import asyncio
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING
from urllib.parse import quote

from city import city

from intake import PORT, _answer, _request

if TYPE_CHECKING:
    from rexian.security.models import User

SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 20.0
READERS, WRITERS, RATE, PAUSE = 8, 8, 100, 1.0
CHANCE = Random(1)
SEARCHES = {"frequent": "停水", "two words": "紫荆 暖气不热", "everywhere": "小区", "nowhere": "量子纠缠"}


@dataclass
class Page:
    """A page as one post asks for it, with the times that it took, in ms."""

    name: str
    path: str
    cookie: str
    times: list[float] = field(default_factory=list)
    size: int = 0


def pages() -> list[Page]:
    """Every list with its first and its middle page, an order, the searches, the boards, the portal."""
    from rexian.directory.queries import by_of
    from rexian.orders.models import WorkOrder
    from rexian.security.models import User
    from rexian.security.posts import Post
    from rexian.web.work.queues import QUEUES

    first = {Post(user.post): user for user in User.objects.order_by("-pk")}
    found = []
    for slug, queue in QUEUES.items():
        post = next(post for post in (Post.DISPATCHER, Post.CLERK, Post.SUPERVISOR, *Post) if post in queue.posts)
        cookie = signed_in(first[post])
        found.append(Page(f"{slug}, first page", f"/work/{slug}/", cookie))
        if token := middle(queue, by_of(first[post])):
            found.append(Page(f"{slug}, middle page", f"/work/{slug}/?after={token}", cookie))
    desk, clerk, leader = (signed_in(first[post]) for post in (Post.DISPATCHER, Post.CLERK, Post.SUPERVISOR))
    number = WorkOrder.objects.filter(state="handling").latest("pk").number
    old = WorkOrder.objects.filter(state="archived").earliest("pk").number
    found += [Page("an order", f"/work/orders/{number}/", desk), Page("an old order", f"/work/orders/{old}/", desk)]
    found += [Page("repeats of an order", f"/work/orders/{number}/repeats/", desk)]
    found += [Page("all, a department's", "/work/all/", clerk), Page("board", "/work/board/", leader)]
    found += [Page("search: number", f"/work/all/?q={number}", desk)]
    found += [Page(f"search: {name}", f"/work/all/?q={quote(words)}", desk) for name, words in SEARCHES.items()]
    found += [Page("published", "/published/", ""), Page("published: search", f"/published/?q={quote('停水')}", "")]
    return found


def signed_in(user: "User") -> str:
    from django.test import Client

    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return f"sessionid={client.cookies['sessionid'].value}"


def middle(queue: object, by: object) -> str:
    """The token of a page in the middle of a list; "" for a list of one page."""
    from rexian.directory import paging

    rows = queue.rows(by)  # type: ignore[attr-defined]
    total = rows.count()
    if total < 60:
        return ""
    names = [key.removeprefix("-") for key in queue.keys]  # type: ignore[attr-defined]
    down = queue.keys[0].startswith("-")  # type: ignore[attr-defined]
    order = [f"-{name}" if down else name for name in (*names, "pk")]
    return str(paging._token(rows.order_by(*order)[total // 2], names))


async def read(all_pages: list[Page], turn: Iterator[int], end: float) -> None:
    """One person, who asks for page after page."""
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    await asyncio.sleep(CHANCE.uniform(0, PAUSE))
    while time.perf_counter() < end:
        page = all_pages[next(turn) % len(all_pages)]
        begun = time.perf_counter()
        writer.write(f"GET {page.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {page.cookie}\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await reader.readexactly(length)
        assert head.startswith(b"HTTP/1.1 200"), (page.path, head)
        page.times.append((time.perf_counter() - begun) * 1000)
        page.size = length
        await asyncio.sleep(CHANCE.uniform(0, 2 * PAUSE))
    writer.close()


async def write(token: str, client: int, due: Iterator[int], start: float, end: float, times: list[float]) -> None:
    """One channel, which hands in its share of RATE intakes a second, none before it is due."""
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    while True:
        number = next(due)
        moment = start + number / RATE
        if moment >= end or time.perf_counter() >= end:
            break
        await asyncio.sleep(max(0.0, moment - time.perf_counter()))
        begun = time.perf_counter()
        writer.write(_request(token, client, number))
        await _answer(reader)
        times.append((time.perf_counter() - begun) * 1000)
    writer.close()


async def measure(token: str, all_pages: list[Page]) -> tuple[float, list[float]]:
    """Intakes a second and their times, with readers beside them where there are pages."""
    start, times = time.perf_counter(), list[float]()
    end, due, turn = start + SECONDS, count(), count()
    work = [write(token, 700 + client, due, start, end, times) for client in range(WRITERS)]
    work += [read(all_pages, turn, end) for _ in range(READERS if all_pages else 0)]
    await asyncio.gather(*work)
    return len(times) / (time.perf_counter() - start), sorted(times)


def share(times: list[float], part: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * part))]


def main() -> None:
    given = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    with city(given) as running:
        from rexian.orders.models import WorkOrder

        token, found = running.token, pages()
        asyncio.run(measure(token, found))  # warm
        for page in found:
            page.times.clear()
        alone, _ = asyncio.run(measure(token, []))
        beside, times = asyncio.run(measure(token, found))
        print(f"{WorkOrder.objects.count()} orders, {READERS} readers, {SECONDS:.0f} s")
        print(f"{'page':<28} {'asked':>6} {'p50 ms':>8} {'p99 ms':>8} {'bytes':>8}")
        for page in found:
            told = (
                f"{share(page.times, 0.5):>8.0f} {share(page.times, 0.99):>8.0f}"
                if page.times
                else f"{'-':>8} {'-':>8}"
            )
            print(f"{page.name:<28} {len(page.times):>6} {told} {page.size:>8}")
        print(
            f"intakes a second: alone {alone:.0f}, beside {beside:.0f} ({beside / alone:.2f}); p50 {share(times, 0.5):.0f} ms, p99 {share(times, 0.99):.0f} ms"
        )


if __name__ == "__main__":
    main()
