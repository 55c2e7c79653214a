# SPDX-License-Identifier: Apache-2.0
"""The power fails under load: nothing acknowledged is lost, nothing is doubled, the record is whole."""

import threading
import time
import uuid
from collections.abc import Iterator

import httpx
import pytest

from tests.server.hotline import Hotline

pytestmark = [pytest.mark.server, pytest.mark.slow, pytest.mark.xdist_group("server")]
CLIENTS = 6


@pytest.fixture
def hotline() -> Iterator[Hotline]:
    one = Hotline()
    yield one
    one.close()


class Load:
    """Clients that submit until they are stopped, and remember what they sent and what was acknowledged."""

    def __init__(self, url: str, token: str) -> None:
        self.url, self.token, self.stopped = url, token, threading.Event()
        self.sent: dict[str, dict[str, str]] = {}
        self.acknowledged: dict[str, str] = {}
        self.threads = [threading.Thread(target=self._run, args=(n,)) for n in range(CLIENTS)]
        for thread in self.threads:
            thread.start()

    def _run(self, number: int) -> None:
        with httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {self.token}"}, timeout=10) as client:
            while not self.stopped.is_set():
                key = str(uuid.uuid4())
                self.sent[key] = {"text": f"第 {number} 位诉求人反映停水 {key}", "telephone": f"1990000{number:04d}"}
                try:
                    self.submit(client, key)
                except httpx.TransportError:
                    return

    def submit(self, client: httpx.Client, key: str) -> None:
        answer = client.post("/api/v1/requests", json=self.sent[key], headers={"Idempotency-Key": key})
        if answer.status_code in (200, 201):
            self.acknowledged[key] = answer.json()["number"]

    def end(self) -> None:
        self.stopped.set()
        for thread in self.threads:
            thread.join()


COUNT = """
import json, collections
from rexian.orders.models import WorkOrder
print(json.dumps(list(WorkOrder.objects.values_list("number", "text"))))
"""


def _orders(hotline: Hotline) -> list[list[str]]:
    import json

    found: list[list[str]] = json.loads(
        hotline.manage("shell", "--no-imports", "--command", COUNT).strip().splitlines()[-1]
    )
    return found


def test_nothing_acknowledged_is_lost_when_the_power_fails(hotline: Hotline) -> None:
    token = hotline.prepare()
    hotline.serve()
    load = Load(hotline.url, token)
    time.sleep(6)
    hotline.kill()
    load.end()
    assert len(load.acknowledged) > 50
    hotline.database.start()
    orders = _orders(hotline)
    numbers, texts = [number for number, _ in orders], [text for _, text in orders]
    assert set(load.acknowledged.values()) <= set(numbers)
    assert len(set(texts)) == len(texts), "no request became two orders"
    assert "没有发现改动" in hotline.manage("audit_verify")
    hotline.serve()
    with httpx.Client(base_url=hotline.url, headers={"Authorization": f"Bearer {token}"}, timeout=10) as client:
        before = dict(load.acknowledged)
        for key in load.sent:  # every client tries again what it does not know of, and what it does
            load.submit(client, key)
    assert {key: load.acknowledged[key] for key in before} == before
    assert sorted(text for _, text in _orders(hotline)) == sorted(one["text"] for one in load.sent.values())
    assert "没有发现改动" in hotline.manage("audit_verify")
