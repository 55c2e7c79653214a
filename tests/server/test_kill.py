# SPDX-License-Identifier: Apache-2.0
"""The power fails under load: nothing acknowledged is lost, nothing is doubled, the record is whole."""

import httpx
import pytest

from tests.server.hotline import Hotline
from tests.server.load import Load

pytestmark = [pytest.mark.server, pytest.mark.slow, pytest.mark.xdist_group(__name__)]


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
    load.until(51)
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
