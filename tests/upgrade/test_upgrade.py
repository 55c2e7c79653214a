# SPDX-License-Identifier: Apache-2.0
"""A database of the first release becomes one of this version, with nothing lost and the record whole."""

import gzip
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from rexian.config.postgres import BINARIES, PACKAGES
from tests.server.hotline import Hotline

pytestmark = [pytest.mark.server, pytest.mark.slow, pytest.mark.xdist_group(__name__)]
HERE = Path(__file__).parent
WHAT = """
import json
from rexian.directory.models import Citizen, Identity
from rexian.intake.models import Draft, Receipt
from rexian.orders.models import OrderEvent, Seal, WorkOrder
from rexian.orders.queries import published
from rexian.intake.actions import Submission, receive
from rexian.security.identity import CITIZEN
ours = WorkOrder.objects.get(text="路灯不亮")
again = receive(submission=Submission(source="t", key="the first release", channel="web", text="路灯不亮", name="王小明",
                telephone="13800138000", address="春和小区3号楼"), by=CITIZEN)
later = receive(submission=Submission(source="t", key="this version", channel="web", text="路灯又不亮", name="王小明",
                telephone="13800138000"), by=CITIZEN)
print(json.dumps({
    "orders": WorkOrder.objects.count(), "events": OrderEvent.objects.count(), "seals": Seal.objects.count(),
    "said": [ours.who, ours.telephone, ours.address], "draft": Draft.objects.get().content,
    "readable": all(o.telephone is not None for o in WorkOrder.objects.all()) and all(i.value for i in Identity.objects.all()),
    "again": again.repeated and again.order.pk == ours.pk, "person": later.order.citizen_id == ours.citizen_id,
}))
"""


COUNTS = """
import json
from rexian.config.operations.backups import counts
print(json.dumps(counts()))
"""
MAY_GROW = {"django_migrations", "django_content_type", "auth_permission", "procrastinate_periodic_defers"}
"""Tables in which a migration itself writes rows."""


def rows(hotline: Hotline) -> dict[str, int]:
    """How many rows each table has."""
    told: dict[str, int] = json.loads(
        hotline.manage("shell", "--no-imports", "--command", COUNTS).strip().splitlines()[-1]
    )
    return told


@pytest.fixture
def old() -> Iterator[Hotline]:
    """An installation on which the first release ran."""
    one = Hotline()
    one.database.start()
    (one.folder / "secrets").mkdir(mode=0o700)
    shutil.copy(HERE / "first-release-keys.json", one.folder / "secrets/keys.json")
    psql = [PACKAGES / BINARIES / "bin/psql", "-h", one.database.socket_folder, "-U", "rexian", "-d", "rexian"]
    subprocess.run(
        [*map(str, psql), "-X", "-q", "-v", "ON_ERROR_STOP=1", "--single-transaction"],
        input=gzip.decompress((HERE / "first-release.sql.gz").read_bytes()),
        stdout=subprocess.DEVNULL,
        check=True,
    )
    yield one
    one.close()


def test_the_first_release_comes_along(old: Hotline) -> None:
    before = rows(old)
    old.manage("migrate", "--verbosity", "0")
    old.manage("migrate", "--check")
    after = rows(old)
    assert set(before) <= set(after), "no table went"
    changed = {name: (count, after[name]) for name, count in before.items() if after[name] != count}
    assert set(changed) <= MAY_GROW, "every row of every table came along"
    assert all(now > then for then, now in changed.values())
    assert "核对 151 张工单、1000 条事件、262 个封存" in old.rexian("audit", "verify")
    found = json.loads(old.manage("shell", "--no-imports", "--command", WHAT).strip().splitlines()[-1])
    assert found == {
        "orders": 152,
        "events": found["events"],
        "seals": 262,
        "said": ["王小明", "13800138000", "春和小区3号楼"],
        "draft": '{"text": "\\u8349\\u7a3f"}',
        "readable": True,
        "again": True,
        "person": True,
    }
    assert found["events"] > 1000
    assert "没有发现改动" in old.rexian("audit", "verify")
