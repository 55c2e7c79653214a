# SPDX-License-Identifier: Apache-2.0
"""Each thing that can be wrong is brought about, found, and named with what mends it."""

import io
import json
from collections import namedtuple
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from PIL import Image

from rexian.assessment.models import Evidence
from rexian.config import secrets, supervisor
from rexian.config.operations import backups, doctor, statics
from rexian.directory import clock
from rexian.directory import queries as directory
from rexian.orders import attachments
from rexian.orders.models import ArchiveRecord, Attachment, Seal, WorkOrder
from rexian.security.declarations import declared
from tests.factories import Town, dispatched, received

pytestmark = pytest.mark.django_db
Usage = namedtuple("Usage", "total used free")


@pytest.fixture(autouse=True)
def _installation(tmp_path: Path, settings: Any) -> None:
    """An installation of the test's own, with its key ring."""
    settings.VAR, settings.MEDIA_ROOT, settings.STATIC_ROOT = tmp_path, tmp_path / "files", tmp_path / "static"
    settings.SECRETS = secrets.load(tmp_path, production=False)
    settings.MEDIA_ROOT.mkdir()


def found(check: str) -> list[str]:
    """What a check says, each finding with its remedy."""
    known = doctor.ALONE | doctor.ASKING
    return [f"{finding.what} → {finding.mend}" for finding in known[check]()]


def worker(age: float = 0) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s * interval '1 s')", [age])


def test_the_whole_is_told_for_people_and_machines(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    done = doctor.examine()
    assert len(done) == 15
    assert not any("检查本身出错" in finding.what for one in done for finding in one.findings)
    assert "✗ 后台任务" in doctor.report(done)
    assert "✓ 时钟" in doctor.report(done)
    assert {one["check"] for one in json.loads(doctor.as_json(done))} == {one.check for one in done}
    monkeypatch.setitem(doctor.ALONE, "磁盘", lambda: iter([1 / 0]))  # type: ignore[list-item]
    assert "检查本身出错：ZeroDivisionError" in doctor.report(doctor.examine())


def test_without_a_database_the_rest_is_still_examined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "connect", lambda: psycopg.connect("host=/nowhere"))
    done = doctor.examine()
    assert "数据库连不上" in doctor.report(done)
    assert "rexian db start" in doctor.report(done)
    assert [one.check for one in done if one.skipped] == list(doctor.ASKING)


def test_an_old_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "OLDEST_SERVER", 99)
    assert "太旧" in found("数据库")[0]


def test_a_full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: Usage(100 << 30, 99 << 30, 1 << 30))
    assert "只剩 1%（1024 MB）" in found("磁盘")[0]


def test_the_key_ring(settings: Any) -> None:
    file = settings.SECRETS.key_file
    assert found("密钥") == []
    file.chmod(0o644)
    assert f"chmod 600 {file}" in found("密钥")[0]
    file.chmod(0o600)
    settings.SECRETS.save_ring(settings.SECRETS.key_ring | {"rotating": True})
    assert "rexian rotate-keys" in found("密钥")[0]
    file.write_text("{}")
    assert "损坏" in found("密钥")[0]
    file.unlink()
    assert "不在" in found("密钥")[0]


def test_trial_mode_on_the_open_network(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    assert found("对外暴露") == []
    for host in ("0.0.0.0", "10.1.2.3", "hotline.example"):
        monkeypatch.setattr(supervisor, "HOST", host)
        assert "试用模式" in found("对外暴露")[0]
    settings.PRODUCTION = True
    assert found("对外暴露") == []


def test_static_files(settings: Any) -> None:
    assert "不是这个版本的" in found("静态文件")[0]
    assert statics.collect()
    assert found("静态文件") == []
    assert not statics.collect(), "nothing has changed"
    (settings.STATIC_ROOT / statics.STAMP).write_text("another version")
    assert statics.stale()


def test_no_chinese_font(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(doctor, "FONT_FOLDERS", (str(tmp_path),))
    assert "fonts-noto-cjk" in found("中文字体")[0]
    (tmp_path / "NotoSansCJK-Regular.ttc").touch()
    assert found("中文字体") == []


def test_backups(settings: Any, tmp_path: Path) -> None:
    assert found("备份") == [], "an installation for trying needs none"
    settings.PRODUCTION = True
    assert "从未备份" in found("备份")[0]
    backups.note(tmp_path, verified=False)
    assert found("备份") == []
    backups.note(tmp_path / "gone", verified=False)
    assert "不在原处" in found("备份")[0]
    old = {"at": (datetime.now(UTC) - timedelta(hours=30)).isoformat(), "folder": str(tmp_path)}
    (tmp_path / "last-backup.json").write_text(json.dumps(old))
    assert "30 小时之前" in found("备份")[0]


def test_pending_migrations() -> None:
    assert found("数据库结构") == []
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'jobs'")
    assert "jobs.0001_initial" in found("数据库结构")[0]


def test_a_clock_that_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found("时钟") == []
    real = doctor.time.time
    monkeypatch.setattr(doctor.time, "time", lambda: real() + 60)
    assert "快 60 秒" in found("时钟")[0]


def test_a_worker_that_is_dead() -> None:
    worker(age=3600)
    told = found("后台任务")
    assert "没有运行" in told[0]
    assert "orders.tasks.run_clocks" in told[1]
    worker()
    assert "没有运行" not in " ".join(found("后台任务"))


def test_moves_that_are_overdue(town: Town) -> None:
    order = dispatched(town)
    WorkOrder.objects.filter(pk=order.pk).update(due_at=clock.now() - timedelta(hours=2))
    assert any("晚了 120 分钟（red）" in one for one in found("后台任务"))


def test_the_queue() -> None:
    assert found("任务队列") == []
    with connection.cursor() as cursor:
        for status in ("failed", "todo"):
            cursor.execute(
                "INSERT INTO procrastinate_jobs (task_name, queue_name, status, scheduled_at) "
                "VALUES ('x', 'default', %s::procrastinate_job_status, now() - interval '20 minutes')",
                [status],
            )
    told = found("任务队列")
    assert "1 个后台任务失败" in told[0]
    assert "等了 20 分钟" in told[1]


def test_attachments_that_are_gone(town: Town) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (4, 4)).save(picture, "PNG")
    received(town, files=[("x.png", picture.getvalue())])
    assert found("附件和档案") == []
    gone = attachments.path(Attachment.objects.get().cleaned)
    gone.unlink()
    (told,) = found("附件和档案")
    assert f"1 个不在（附件 1）：{gone} →" in told
    assert "rexian restore /srv/backups --missing-files" in told


def test_evidence_and_archive_are_looked_at_too(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert {one.model for one in declared() if "sha256" in one.fields} == {Attachment, Evidence}
    assert all(one.files for one in declared() if "sha256" in one.fields), "what keeps a digest keeps a file"
    monkeypatch.setattr(doctor, "_sample", lambda model, name: {"ab/ab"} if model is Evidence else set())
    manifest = {"tables": {"orders_workorder": {"file": "orders_workorder.parquet"}}}
    record = ArchiveRecord(act="export", month=date(2026, 6, 1), part=1, orders=1, root=b"", manifest=manifest)
    monkeypatch.setattr(doctor, "exports", lambda: [record])
    settings.DATA_FOLDERS = {"archive": settings.VAR / "archive"}
    parquet = settings.VAR / "archive/2026-06/part-1/orders_workorder.parquet"
    assert "2 个不在（佐证材料 1、档案 1）" in found("附件和档案")[0]
    for path in (attachments.path("ab/ab"), parquet):
        path.parent.mkdir(parents=True)
        path.touch()
    assert found("附件和档案") == []
    monkeypatch.setattr(doctor.os, "access", lambda path, mode: path != parquet)  # root may do all
    (told,) = found("附件和档案")
    assert f"1 个读不了（档案 1）：{parquet} → chown -R rexian" in told


def test_a_store_that_is_closed(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found("附件目录") == []
    monkeypatch.setattr(doctor.os, "access", lambda path, mode: path != settings.MEDIA_ROOT)  # root may do all
    assert "不能读写" in found("附件目录")[0]


def test_seals_that_are_behind(town: Town) -> None:
    received(town)
    assert found("封存") == []
    Seal.objects.create(hour=clock.now() - timedelta(hours=7), events=0, orders=0, hash=b"x")
    assert "封存落后 6 小时" in found("封存")[0]


def test_a_year_that_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: date(2039, 3, 1))
    directory.forget()
    assert "2039 年" in found("工作日历")[0]
    monkeypatch.setattr(clock, "today", lambda: date(2026, 3, 1))
    assert found("工作日历") == []
