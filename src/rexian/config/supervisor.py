# SPDX-License-Identifier: Apache-2.0
"""`rexian run`: the database, the web server and the worker of one machine, started in turn and stopped together."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from types import FrameType

import django
from django.conf import settings

from rexian.config.errors import CannotRun
from rexian.config.postgres import EmbeddedPostgres
from rexian.config.preparing import prepare

HOST = os.environ.get("REXIAN_HOST", "127.0.0.1")
PORT = int(os.environ.get("REXIAN_PORT", "8345"))
WEB_WORKERS = os.environ.get("REXIAN_WEB_WORKERS") or str((os.cpu_count() or 1) + 1)
WEB_THREADS = os.environ.get("REXIAN_WEB_THREADS", "2")
STORM = 5
"""Restarts of a child within a minute after which the supervisor gives up, or, where the child has run well before, takes its time."""
PROVEN = 20.0
"""Seconds that a child must have lived once to be worth starting for ever."""
SLOWLY = 10.0
"""Seconds between restarts in a storm."""


def say(text: str) -> None:
    print(text, flush=True)


def database(stack: ExitStack) -> EmbeddedPostgres | None:
    """Starts the embedded server unless the operator has one of his own, and stops it with the stack if it was not running."""
    if os.environ.get("DATABASE_URL"):
        return None
    server = EmbeddedPostgres(settings.VAR)
    if not server.running():
        server.start(say)
        stack.callback(server.stop)
    return server


@dataclass
class Child:
    """A process that must run as long as the hotline does."""

    name: str
    command: list[str]
    process: "subprocess.Popen[bytes] | None" = None
    started: list[float] = field(default_factory=list)
    proven: bool = False

    def start(self) -> None:
        self.started = [at for at in self.started if time.monotonic() - at < 60] + [time.monotonic()]
        self.process = subprocess.Popen(self.command, start_new_session=True)  # noqa: S603

    def keep(self) -> None:
        """Starts the process again if it has ended: at once, but slowly where it keeps ending, as while the database is away."""
        if self.process is None or self.process.poll() is None:
            return
        lived = time.monotonic() - self.started[-1]
        self.proven = self.proven or lived > PROVEN
        if len(self.started) > STORM and lived < SLOWLY:
            if not self.proven:
                raise CannotRun(f"{self.name}一分钟内停了 {STORM} 次，不再重启；原因见上面的输出。")
            return
        say(f"{self.name}已退出（{self.process.returncode}），重新启动")
        self.start()

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()


def run() -> None:
    """Runs the hotline until Ctrl-C or SIGTERM."""
    _check_port()
    signal.signal(signal.SIGTERM, _interrupt)
    with ExitStack() as stack:
        server = database(stack)
        prepare()
        shutil.rmtree(settings.METRICS, ignore_errors=True)  # the counts of processes that are no more
        web, worker = children = [_web(), _worker()]
        try:
            for child in children:
                stack.callback(child.stop)
            web.start()
            _await(web)
            worker.start()  # only now: both cores were for the pages
            if _stream_fits():
                children.append(_stream())
                stack.callback(children[-1].stop)
                children[-1].start()
            _greet()
            while True:
                time.sleep(0.5)
                _keep(server, children)
        except KeyboardInterrupt:
            say("\n正在停止……")


def _keep(server: EmbeddedPostgres | None, children: list[Child]) -> None:
    """Starts again what has ended, the database first."""
    if server is not None and not server.alive():
        say("内置 PostgreSQL 已停止，重新启动")
        server.start(say)
    for child in children:
        child.keep()


def _await(web: Child) -> None:
    """Returns when the web server answers."""
    while True:
        probe = HTTPConnection(HOST, PORT, timeout=0.5)
        with suppress(OSError, HTTPException), closing(probe):
            probe.request("GET", "/healthz")
            probe.getresponse()
            return
        web.keep()
        time.sleep(0.05)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _check_port() -> None:
    if not _free(PORT):
        raise CannotRun(f"端口 {PORT} 已被占用：先停掉它，或用 REXIAN_PORT 换一个。")


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _web() -> Child:
    options = ["--interface", "wsgi", "--host", HOST, "--port", str(PORT), "--workers", WEB_WORKERS]
    options += ["--blocking-threads", WEB_THREADS, "--backpressure", "256", "--log-level", "error", "--no-ws"]
    options += ["--respawn-failed-workers"]
    return Child("网页服务", [sys.executable, "-m", "granian", *options, "rexian.config.wsgi:application"])


def _stream_fits() -> bool:
    """Whether the stream of notices can have its port; without it the hotline runs as well, and pages ask every 30 seconds."""
    if not settings.NOTICES_PORT:
        return False
    if not _free(settings.NOTICES_PORT):
        say(f"端口 {settings.NOTICES_PORT} 已被占用：网页改为每 30 秒查询提醒；用 REXIAN_NOTICES_PORT 可换一个。")
        return False
    return True


def _stream() -> Child:
    options = ["--interface", "asgi", "--host", HOST, "--port", str(settings.NOTICES_PORT), "--workers", "1"]
    options += ["--backpressure", "6000", "--backlog", "2048", "--log-level", "warning", "--no-ws"]
    options += ["--workers-kill-timeout", "3", "--respawn-failed-workers"]
    return Child("提醒", [sys.executable, "-m", "granian", *options, "rexian.config.asgi:application"])


def _worker() -> Child:
    return Child("后台任务", [sys.executable, "-m", "django", "procrastinate", "worker", "--concurrency", "2"])


def _greet() -> None:
    say(f"\n热线已启动：http://{HOST}:{PORT}\n")
    if settings.PRODUCTION:
        return
    django.setup()
    from rexian.directory.queries import demo_accounts

    for post, username, password in demo_accounts():
        say(f"  {post}\t{username}\t{password or '（密码未设置）'}")
    say("\n按 Ctrl-C 停止。")
