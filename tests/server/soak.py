# SPDX-License-Identifier: Apache-2.0
"""A soak: a crowd works, each of the staff with an open stream of notices, while web server and stream are killed twice and started again.

Then the record is held against what everyone was told.
"""

import asyncio
import json
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.loops import run_in_thread
from tests.server.crowd import PASSWORD, PEOPLE, SHARES, Crowd
from tests.server.hotline import ROOT, Hotline, free_port
from tests.server.ledger import Ledger, Verdict, judge

DOWN = 2.0
"""Seconds between a kill and the start."""
MOST = 120.0


class Proxied(Hotline):
    """A hotline that believes this machine's X-Forwarded-For, so that each citizen has an address."""

    def __init__(self) -> None:
        super().__init__()
        self.stream: subprocess.Popen[bytes] | None = None
        self.stream_port = free_port()

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {"REXIAN_PROXIES": "127.0.0.1", "REXIAN_NOTICES_URL": ""}

    @contextmanager
    def worker(self) -> Iterator[None]:
        """The worker of the queue, beside."""
        command = [sys.executable, str(ROOT / "manage.py"), "procrastinate", "worker", "--concurrency", "2"]
        quiet = subprocess.DEVNULL
        process = subprocess.Popen(command, env=self.environment, stdout=quiet, stderr=quiet, start_new_session=True)
        try:
            yield
        finally:
            process.terminate()
            process.wait()

    def serve_stream(self) -> str:
        """Starts the process of the notices' stream, as `rexian run` does; its address."""
        code = "from rexian.config import supervisor; import os; command = supervisor._stream().command; os.execv(command[0], command)"
        environment = self.environment | {"REXIAN_NOTICES_PORT": str(self.stream_port)}
        self.stream = subprocess.Popen([sys.executable, "-c", code], env=environment, start_new_session=True)
        return f"http://127.0.0.1:{self.stream_port}/notices/stream/"

    def kill_web(self) -> None:
        """SIGKILL for the web server with its workers and for the stream; the database lives."""
        for process in (self.web, self.stream):
            assert process is not None
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def close(self) -> None:
        if self.stream is not None and self.stream.poll() is None:
            os.killpg(self.stream.pid, signal.SIGTERM)
            self.stream.wait()
        super().close()

    def people(self, staff: int) -> tuple[list[tuple[str, str, str]], str]:
        """So many of the city's staff, by SHARES, with the password of the tests; and a category to dispatch by."""
        wanted = {post: max(1, round(staff * share)) for post, share in SHARES.items()}
        code = PEOPLE.format(wanted=wanted, password=PASSWORD)
        told, category = json.loads(self.manage("shell", "--no-imports", "--command", code).strip().splitlines()[-1])
        return [(name, post, department) for name, post, department in told], category


def soak(
    hotline: Proxied,
    *,
    seconds: float,
    staff: int,
    citizens: int,
    pause: tuple[float, float] = (10.0, 60.0),
    fewest: int = 0,
    say: Callable[[str], None] = print,
) -> tuple[Ledger, Verdict]:
    """Runs the crowd for so many seconds, with a kill at a third and at two thirds of them; each third lasts until `fewest` acts more were done."""
    token = hotline.prepare()
    people, category = hotline.people(staff)
    hotline.serve()
    crowd = Crowd(hotline.url, token, people, category, citizens, pause, hotline.serve_stream())
    with hotline.worker():
        run_in_thread(_run(crowd, hotline, seconds, fewest, say))
    say(crowd.heard.lines(len(people)))
    crowd.ledger.deaf = len(people) - crowd.heard.still
    return crowd.ledger, judge(crowd.ledger, hotline)


async def _third(crowd: Crowd, seconds: float, fewest: int) -> None:
    """Waits so long, and on a slow machine until so many acts of staff more were acknowledged, for MOST at the longest."""
    begun, done = time.monotonic(), crowd.ledger.staff_acts
    await asyncio.sleep(seconds)
    while crowd.ledger.staff_acts < done + fewest and time.monotonic() - begun < MOST:
        await asyncio.sleep(0.2)


async def _run(crowd: Crowd, hotline: Proxied, seconds: float, fewest: int, say: Callable[[str], None]) -> None:
    working = asyncio.create_task(crowd.run())
    await crowd.begun.wait()
    for turn in (1, 2):
        await _third(crowd, seconds / 3, fewest)
        hotline.kill_web()
        begun = time.monotonic()
        await asyncio.sleep(DOWN)
        hotline.serve_stream()
        await asyncio.to_thread(hotline.serve)
        say(f"kill {turn}: answered again {time.monotonic() - begun - DOWN:.1f} s after the start")
    await _third(crowd, seconds / 3, fewest)
    crowd.over.set()
    await working


def table(ledger: Ledger, verdict: Verdict) -> str:
    """What happened, as lines."""
    lines = [f"{'what':<16} {'n':>7} {'p50 ms':>8} {'p95 ms':>8} {'p99 ms':>8} {'most':>8}"]
    for what, times in sorted(ledger.times.items()):
        cuts = statistics.quantiles(times, n=100) if len(times) > 1 else times * 99
        told = [1000 * one for one in (cuts[49], cuts[94], cuts[98], max(times))]
        lines.append(f"{what:<16} {len(times):>7} " + " ".join(f"{one:>8.0f}" for one in told))
    lines += [
        f"answers by status: {dict(sorted(ledger.answers.items()))}; refused or broken off: {ledger.away}; none in time: {ledger.late}",
        f"answers that are not honest: {len(ledger.dishonest)} {ledger.dishonest[:3]}",
        f"submissions sent {len(ledger.sent)}, acknowledged {len(ledger.received)}, lost {verdict.lost_orders}, doubled {verdict.doubled_orders}",
        f"acts acknowledged {sum(ledger.acknowledged.values())}, answer lost {sum(ledger.unknown.values())}, "
        f"acts lost {verdict.lost_acts}, doubled {verdict.doubled_acts}",
        f"audit verify: {verdict.audit.strip().splitlines()[-1]}",
    ]
    return "\n".join(lines)
