# SPDX-License-Identifier: Apache-2.0
"""The data key changes under load, the change is killed and goes on: intakes never stop, and nothing becomes unreadable."""

import json
import os
import signal
import time
from typing import Any

import httpx
import pytest

from tests.server.hotline import Hotline
from tests.server.load import Load

pytestmark = [pytest.mark.server, pytest.mark.slow, pytest.mark.xdist_group(__name__)]

READ = """
import json
from rexian.orders.models import WorkOrder
print(json.dumps([order.telephone for order in WorkOrder.objects.all()]))
"""


def _ring(hotline: Hotline) -> dict[str, Any]:
    ring: dict[str, Any] = json.loads((hotline.folder / "secrets/keys.json").read_text())
    return ring


def _telephones(hotline: Hotline) -> list[str]:
    found: list[str] = json.loads(hotline.manage("shell", "--no-imports", "--command", READ).strip().splitlines()[-1])
    return found


def test_keys_rotate_under_load(hotline: Hotline) -> None:
    token = hotline.prepare()
    hotline.serve()
    load = Load(hotline.url, token)
    load.until(30)
    first = _ring(hotline)["current"]
    process = hotline.start("rotate-keys", "--suite", "sm4-gcm")
    while "rotating" not in _ring(hotline):
        assert process.poll() is None, process.stdout and process.stdout.read()
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)  # in the middle: it waits more than a second for the other processes
    process.communicate()
    half = _ring(hotline)
    assert set(half["keys"]) == {first, half["current"]}
    during = len(load.acknowledged)
    said = hotline.rexian("rotate-keys")
    assert "继续上次未完成" in said
    assert f"已清除旧密钥：{first}" in said
    assert len(load.acknowledged) > during, "intakes went on"
    load.until(10)
    with httpx.Client(base_url=hotline.url, headers={"Authorization": f"Bearer {token}"}, timeout=10) as client:
        for key in list(load.acknowledged)[:20]:
            load.submit(client, key)  # a retry reads the query code that was encrypted under the old key
    load.end()
    assert load.refused == []
    ring = _ring(hotline)
    assert list(ring["keys"]) == [half["current"]]
    assert ring["suite"] == "sm4-gcm"
    telephones = _telephones(hotline)  # every value decrypts with the new ring alone
    assert all(one.startswith("1990000") for one in telephones)
    assert len(load.acknowledged) <= len(telephones) <= len(load.sent)
    assert "没有发现改动" in hotline.rexian("audit", "verify")
