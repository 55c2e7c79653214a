# SPDX-License-Identifier: Apache-2.0
"""Two machines with their own folders on one database, one key file and one folder of attachments; and a migration that is killed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx
import psycopg
import pytest

from tests.server.hotline import ROOT, Hotline
from tests.server.load import Load
from tests.server.test_backup import FILES

pytestmark = [pytest.mark.server, pytest.mark.slow, pytest.mark.xdist_group(__name__)]
EVENTS = """
import json
from collections import Counter
from rexian.orders.models import OrderEvent
print(json.dumps(Counter(f"{number} {edge}" for number, edge in OrderEvent.objects.values_list("order__number", "edge"))))
"""
OVERDUE = """
from datetime import timedelta
from django.utils import timezone
from rexian.orders.models import WorkOrder
late = timezone.now() - timedelta(hours=1)
print(WorkOrder.objects.filter(state="submitted").update(stage_due_at=late))
"""
DEFER = """
from procrastinate.contrib.django import app
for number in range(40):
    app.configure_task("rexian.orders.tasks.run_clocks", queueing_lock=f"test {number}").defer(timestamp=number)
"""


class Machine(Hotline):
    """Another machine: its own folder and port, the first one's database, keys and attachments."""

    def __init__(self, first: Hotline) -> None:
        super().__init__()
        self.first = first

    @property
    def environment(self) -> dict[str, str]:
        socket = self.first.database.socket_folder
        return super().environment | {
            "DATABASE_URL": f"postgresql://rexian@/rexian?host={socket}",
            "REXIAN_KEYS": str(self.first.folder / "secrets/keys.json"),
            "REXIAN_ATTACHMENTS": str(self.first.folder / "attachments"),
        }


@pytest.fixture
def second(hotline: Hotline) -> Iterator[Machine]:
    one = Machine(hotline)
    yield one
    one.close()


def test_two_web_and_two_worker_machines(hotline: Hotline, second: Machine) -> None:
    token = hotline.prepare()
    second.dress(hotline)
    hotline.manage("shell", "--no-imports", "--command", FILES)
    hotline.serve()
    second.serve()
    loads = [Load(machine.url, token) for machine in (hotline, second)]
    for load in loads:
        load.until(6)
    for load in loads:
        load.end()
    first, other = (set(load.acknowledged.values()) for load in loads)
    assert len(first) > 5
    assert len(other) > 5
    assert first.isdisjoint(other), "no number twice"
    assert loads[0].refused == loads[1].refused == []
    with httpx.Client(base_url=second.url, headers={"Authorization": f"Bearer {token}"}, timeout=10) as client:
        key = next(iter(loads[0].acknowledged))
        loads[1].sent[key] = loads[0].sent[key]
        loads[1].submit(client, key)
        assert loads[1].acknowledged[key] == loads[0].acknowledged[key], (
            "sent again to the other machine, still one order"
        )
    _both_work(hotline, second)
    assert "没有发现改动" in second.rexian("audit", "verify")
    told = json.loads(second.start("doctor", "--json").communicate()[0])
    assert [
        one["check"] for one in told if one["findings"] and one["check"] in ("附件和档案", "密钥", "时钟", "数据库")
    ] == []


def _both_work(hotline: Hotline, second: Machine) -> None:
    """What is due is done once, though two workers run at it with many jobs."""
    due = int(hotline.manage("shell", "--no-imports", "--command", OVERDUE))
    assert due > 10
    hotline.manage("shell", "--no-imports", "--command", DEFER)
    workers = [
        subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), "procrastinate", "worker", "--concurrency", "2", "--one-shot"],
            env=machine.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for machine in (hotline, second)
    ]
    for worker in workers:
        assert worker.wait(timeout=180) == 0
    counted = json.loads(hotline.manage("shell", "--no-imports", "--command", EVENTS).strip().splitlines()[-1])
    reminded = [number for name, number in counted.items() if name.endswith(" remind")]
    assert len(reminded) == due
    assert set(reminded) == {1}


def test_a_killed_migration_goes_on(hotline: Hotline) -> None:
    hotline.database.start()
    with psycopg.connect(
        f"host={hotline.database.socket_folder} user=rexian dbname=rexian", autocommit=True
    ) as watching:
        for least in (3, 20):
            process = subprocess.Popen(
                [sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity", "0"], env=hotline.environment
            )
            while _applied(watching) < least:
                assert process.poll() is None, "it ended before it could be killed"
                time.sleep(0.01)
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        assert "数据库结构差" in hotline.start("doctor").communicate()[0]
        assert "先运行 rexian migrate" in hotline.rexian("train", status=1)
        before = _applied(watching)
        assert "更新数据库结构" in hotline.rexian("migrate")
        assert _applied(watching) > before
    hotline.manage("migrate", "--check")
    hotline.manage("load_city", "yucheng")
    hotline.manage("shell", "--no-imports", "--command", FILES)
    assert "没有发现改动" in hotline.rexian("audit", "verify")


def _applied(watching: "psycopg.Connection[tuple[object, ...]]") -> int:
    try:
        row = watching.execute("SELECT count(*) FROM django_migrations").fetchone()
    except psycopg.errors.UndefinedTable:
        return 0
    assert row is not None
    return int(str(row[0]))
