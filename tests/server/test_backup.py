# SPDX-License-Identifier: Apache-2.0
"""A city is backed up while it works, and comes back on an empty machine by the words of the how-to alone."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.server.hotline import ROOT, Hotline
from tests.server.load import Load

pytestmark = [pytest.mark.server, pytest.mark.slow, pytest.mark.xdist_group(__name__)]
PASSPHRASE = "一句很长的备份口令，不在备份旁边"
FILES = """
import io, uuid
from PIL import Image
from rexian.intake.actions import Submission, receive
from rexian.security.identity import CITIZEN
for shade in range(4):
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (shade, 9, 9)).save(out, "PNG")
    receive(submission=Submission(source="t", key=str(uuid.uuid4()), channel="web", text="路灯不亮", name="王小明",
            telephone="13800138000", files=[("photo.png", out.getvalue())]), by=CITIZEN)
"""
RESTORING = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'psql' AND backend_xid IS NOT NULL"
COUNT = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
TELEPHONES = """
import json
from rexian.orders.models import WorkOrder, Attachment
from rexian.orders import attachments
print(json.dumps([sorted(o.telephone for o in WorkOrder.objects.all()),
                  all(attachments.path(a.original).read_bytes() for a in Attachment.objects.all())]))
"""


def blocks(title: str) -> str:
    """The shell commands of a section of the how-to."""
    page = (ROOT / "docs/howto/backup.md").read_text(encoding="utf-8")
    section = page.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]
    return "\n".join(re.findall(r"```sh\n(.*?)```", section, re.DOTALL))


def as_written(hotline: Hotline, title: str, folder: Path) -> str:
    """Runs a section of the how-to, with its example paths made real."""
    script = blocks(title).replace("/srv/backups", str(folder / "backups"))
    script = script.replace("/etc/rexian/backup-passphrase", str(folder / "passphrase"))
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-eu", "-c", script],
        env=hotline.environment | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def content(hotline: Hotline) -> list[object]:
    found: list[object] = json.loads(
        hotline.manage("shell", "--no-imports", "--command", TELEPHONES).strip().splitlines()[-1]
    )
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def empty() -> Iterator[Hotline]:
    """Another machine, with nothing on it."""
    one = Hotline()
    yield one
    one.close()


def test_a_city_comes_back_by_the_how_to(hotline: Hotline, empty: Hotline, folder: Path) -> None:
    token = hotline.prepare()
    hotline.manage("shell", "--no-imports", "--command", FILES)
    hotline.serve()
    load = Load(hotline.url, token)
    load.until(10)
    certain = len(load.acknowledged)
    said = as_written(hotline, "Every night", folder)
    assert "备份已在临时数据库中恢复并核对" in said
    load.end()
    assert len(load.acknowledged) > certain, "intakes went on"
    said = as_written(empty, "After a loss", folder)
    assert "行、" in said
    assert "没有发现改动" in said
    empty.database.start()
    telephones, files = content(empty)
    assert isinstance(telephones, list)
    assert certain + 4 <= len(telephones) <= len(load.acknowledged) + 4
    assert telephones.count("13800138000") == 4
    assert files is True
    empty.dress(hotline)
    empty.serve()
    after = Load(empty.url, token)  # the token of before is known: the index key came back too
    after.until(1)
    after.end()
    assert after.acknowledged
    assert after.refused == []
    assert "没有发现改动" in empty.rexian("audit", "verify")


def test_a_killed_restore_leaves_the_database_as_it_was(hotline: Hotline, empty: Hotline, folder: Path) -> None:
    hotline.prepare()
    hotline.manage("shell", "--no-imports", "--command", FILES)
    secret = {"REXIAN_BACKUP_PASSPHRASE": PASSPHRASE}
    hotline.rexian("backup", str(folder), **secret)
    empty.database.start()
    process = empty.start("restore", str(folder), **secret)
    with psycopg.connect(f"host={empty.database.socket_folder} user=rexian dbname=rexian", autocommit=True) as watching:
        while watching.execute(RESTORING).fetchone() != (1,):
            assert process.poll() is None, process.communicate()
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        while watching.execute(RESTORING).fetchone() != (0,):
            time.sleep(0.05)
        assert watching.execute(COUNT).fetchone() == (0,)
    assert "恢复完成" in empty.rexian("restore", str(folder), **secret)
