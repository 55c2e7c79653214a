# SPDX-License-Identifier: Apache-2.0
"""`rexian run`: the database, the web server and the worker of one machine, started in turn and stopped together."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from rexian.config.postgres import EmbeddedPostgres

HOST = os.environ.get("REXIAN_HOST", "127.0.0.1")
PORT = int(os.environ.get("REXIAN_PORT", "8345"))
WEB_WORKERS = os.environ.get("REXIAN_WEB_WORKERS", "2")
WEB_THREADS = os.environ.get("REXIAN_WEB_THREADS", "4")
STORM = 5
"""Restarts of a child within a minute after which the supervisor gives up."""


class CannotRun(Exception):  # noqa: N818  what a person reads, not a fault
    """The hotline cannot be started; the message says what to do."""


def say(text: str) -> None:
    print(text, flush=True)


def database(stack: ExitStack) -> None:
    """Starts the embedded server unless the operator has one of his own, and stops it with the stack if it was not running."""
    if os.environ.get("DATABASE_URL"):
        return
    server = EmbeddedPostgres(settings.VAR)
    if not server.running():
        server.start(say)
        stack.callback(server.stop)


@dataclass
class Child:
    """A process that must run as long as the hotline does."""

    name: str
    command: list[str]
    process: "subprocess.Popen[bytes] | None" = None
    started: list[float] = field(default_factory=list)

    def start(self) -> None:
        now = time.monotonic()
        self.started = [at for at in self.started if now - at < 60] + [now]
        if len(self.started) > STORM:
            raise CannotRun(f"{self.name}一分钟内停了 {STORM} 次，不再重启；原因见上面的输出。")
        self.process = subprocess.Popen(self.command, start_new_session=True)  # noqa: S603

    def keep(self) -> None:
        """Starts the process again if it has ended."""
        if self.process is not None and self.process.poll() is not None:
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
        database(stack)
        django.setup()
        _prepare()
        children = [_web(), _worker()]
        try:
            for child in children:
                stack.callback(child.stop)
                child.start()
            _greet()
            while True:
                time.sleep(0.5)
                for child in children:
                    child.keep()
        except KeyboardInterrupt:
            say("\n正在停止……")


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _check_port() -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, PORT))
        except OSError:
            raise CannotRun(f"端口 {PORT} 已被占用：先停掉它，或用 REXIAN_PORT 换一个。") from None


def _prepare() -> None:
    """Brings the database and the static files up to this version, and fills an empty installation for trying."""
    say("更新数据库结构")
    call_command("migrate", verbosity=0, interactive=False)
    say("收集静态文件")
    call_command("collectstatic", verbosity=0, interactive=False)
    orders: Any = django.apps.apps.get_model("orders", "WorkOrder")
    if not settings.PRODUCTION and not orders.objects.exists():
        say("空数据库：建立仿真城市，90 天 20000 张工单（约半分钟）")
        call_command("simulate", orders=20_000, days=90, seed=1)
        say("学习分类和派单")
        call_command("train")
    connections.close_all()


def _web() -> Child:
    options = ["--interface", "wsgi", "--host", HOST, "--port", str(PORT), "--workers", WEB_WORKERS]
    options += ["--blocking-threads", WEB_THREADS, "--backpressure", "256", "--log-level", "warning", "--no-ws"]
    options += ["--respawn-failed-workers"]
    return Child("网页服务", [sys.executable, "-m", "granian", *options, "rexian.config.wsgi:application"])


def _worker() -> Child:
    return Child("后台任务", [sys.executable, "-m", "django", "procrastinate", "worker", "--concurrency", "2"])


def _greet() -> None:
    from rexian.directory.queries import demo_accounts

    say(f"\n热线已启动：http://{HOST}:{PORT}\n")
    for post, username, password in demo_accounts():
        say(f"  {post}\t{username}\t{password or '（密码未设置）'}")
    say("\n按 Ctrl-C 停止。")
