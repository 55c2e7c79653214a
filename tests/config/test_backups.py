# SPDX-License-Identifier: Apache-2.0
"""A backup is whole, sealed, and restored only where it may be; what was damaged changes nothing."""

import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as real
from django.db import connection
from PIL import Image

from rexian.config import secrets
from rexian.config.errors import CannotRun
from rexian.config.operations import backups, programs, restoring
from rexian.directory import queries as directory
from rexian.orders import attachments
from rexian.orders.models import Attachment, WorkOrder
from rexian.security import encryption
from tests.factories import TELEPHONE, make_town, received

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
PASSPHRASE = "一句很长的备份口令，不在备份旁边"


@pytest.fixture(autouse=True)
def _installation(tmp_path: Path, settings: Any) -> Iterator[None]:
    """An installation of the test's own: its folder, its key ring, one order with a picture."""
    settings.VAR, settings.MEDIA_ROOT = tmp_path / "var", tmp_path / "var/attachments"
    settings.DATA_FOLDERS = {"attachments": settings.MEDIA_ROOT}
    settings.SECRETS = secrets.load(tmp_path / "var", production=False)
    encryption.refresh()
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), (9, 9, 9)).save(picture, "PNG")
    received(make_town(), files=[("photo.png", picture.getvalue())])
    yield
    settings.SECRETS = real.SECRETS
    encryption._ring = None


def make(tmp_path: Path, **options: Any) -> Path:
    return backups.make(tmp_path / "backups", passphrase=PASSPHRASE, say=lambda text: None, **options)


def restore(folder: Path, passphrase: str = PASSPHRASE, **options: Any) -> list[str]:
    said: list[str] = []
    restoring.restore(folder, passphrase=passphrase, say=said.append, **options)
    directory.forget()
    return said


def test_all_of_it_comes_back(tmp_path: Path, settings: Any) -> None:
    made = make(tmp_path)
    for path in made.iterdir():
        for personal in (TELEPHONE.encode(), "春和小区".encode(), b"\x89PNG\r\n\x1a\n"):
            assert personal not in path.read_bytes()
        assert path.name == "manifest.json" or path.stat().st_mode & 0o077 == 0
    manifest = json.loads((made / "manifest.json").read_text())
    assert manifest["tables"]["orders_workorder"] == 1
    ring = settings.SECRETS.key_ring
    settings.SECRETS.save_ring(secrets.new_ring("sm4-gcm"))
    shutil.rmtree(settings.MEDIA_ROOT)
    WorkOrder.objects.update(title="改过的")
    said = restore(tmp_path / "backups", replace=True)
    assert settings.SECRETS.key_ring == ring
    assert any("原钥匙文件存为" in line for line in said)
    assert len(list(settings.SECRETS.key_file.parent.glob("keys.json.*Z"))) == 1
    order = WorkOrder.objects.get()
    assert (order.telephone, order.title != "改过的") == (TELEPHONE, True)
    assert attachments.path(Attachment.objects.get().cleaned).read_bytes().startswith(b"\x89PNG")


def test_only_the_missing_files_come_back(tmp_path: Path, settings: Any) -> None:
    kept = attachments.path(attachments.store(b"another"))
    made = make(tmp_path)
    gone = attachments.path(Attachment.objects.get().original)
    content, before = gone.read_bytes(), kept.stat()
    gone.unlink()
    WorkOrder.objects.update(title="改了")
    said: list[str] = []
    restoring.bring_missing(tmp_path / "backups", passphrase=PASSPHRASE, say=said.append)
    assert gone.read_bytes() == content
    assert kept.stat().st_mtime_ns == before.st_mtime_ns
    assert WorkOrder.objects.get().title == "改了", "the database stays as it is"
    assert said == [f"从 {made.name} 补回 1 个文件。"]
    (made / "files").write_bytes(b"x" + (made / "files").read_bytes()[1:])
    with pytest.raises(CannotRun, match="改动或不完整"):
        restoring.bring_missing(made, passphrase=PASSPHRASE)


def test_a_database_with_content_is_not_replaced_by_accident(tmp_path: Path) -> None:
    make(tmp_path)
    with pytest.raises(CannotRun, match="--replace"):
        restore(tmp_path / "backups")


def test_the_passphrase_must_be_long_and_right(tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match="至少 12 个字符"):
        backups.make(tmp_path / "backups", passphrase="short")
    make(tmp_path)
    with pytest.raises(CannotRun, match="口令不对"):
        restore(tmp_path / "backups", "another passphrase", replace=True)


@pytest.mark.parametrize("name", ["database", "files", "keys"])
def test_a_damaged_member_changes_nothing(tmp_path: Path, name: str, settings: Any) -> None:
    made = make(tmp_path)
    with (made / name).open("r+b") as file:
        file.truncate((made / name).stat().st_size - 1)
    ring = settings.SECRETS.key_file.read_text()
    with pytest.raises(CannotRun, match="被改动或不完整"):
        restore(made, replace=True)
    assert settings.SECRETS.key_file.read_text() == ring
    assert WorkOrder.objects.count() == 1


def test_a_dump_that_breaks_off_is_rolled_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when the disk gives another content at the second reading, after the digests were right."""
    made = make(tmp_path)
    with (made / "database").open("r+b") as file:
        file.truncate((made / "database").stat().st_size - 1)
    monkeypatch.setattr(restoring, "_check_members", lambda backup: None)
    with pytest.raises(CannotRun, match="解不开"):
        restore(made, replace=True)
    assert WorkOrder.objects.get().telephone == TELEPHONE, "the transaction did not end"


def test_a_forged_manifest_and_a_newer_version(tmp_path: Path) -> None:
    made = make(tmp_path)
    manifest = json.loads((made / "manifest.json").read_text())
    (made / "manifest.json").write_text(json.dumps(manifest | {"files": 0}))
    with pytest.raises(CannotRun, match="清单被改动"):
        restore(made, replace=True)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('orders', '0999_later', now())")
    newer = make(tmp_path / "newer")
    with pytest.raises(CannotRun, match="更新的版本"):
        restore(newer, replace=True)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE name = '0999_later'")


def test_rows_that_are_missing_after_all_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = make(tmp_path)
    counted = backups.counts()
    monkeypatch.setattr(backups, "counts", lambda: counted | {"orders_workorder": 0})
    with pytest.raises(CannotRun, match="orders_workorder"):
        restore(made, replace=True)


def test_old_ones_go_and_killed_ones_leave_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = tmp_path / "backups"
    first = make(tmp_path)
    for name in ("rexian-20200101T000000Z", "rexian-20200102T000000Z"):
        shutil.copytree(first, store / name)
    (store / ".rexian-killed.part").mkdir()
    shutil.move(first, store / "rexian-20200103T000000Z")
    made = make(tmp_path, keep=2)
    assert [path.name for path in sorted(store.iterdir())] == ["rexian-20200103T000000Z", made.name]

    def full(writer: backups.Writer) -> int:
        raise OSError(28, "No space left on device", str(writer.folder))

    monkeypatch.setattr(backups, "_files", full)
    with pytest.raises(CannotRun, match="No space left"):
        make(tmp_path)
    assert len(backups.finished(store)) == 2
    assert not list(store.glob(".*"))


def test_the_right_program_for_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    assert programs.server_version() >= 15
    assert "pginstall" in programs.program("pg_dump", 15)
    with pytest.raises(CannotRun, match="postgresql-client-99"):
        programs.program("pg_dump", 99)
    environment = programs.environment()
    assert environment["PGDATABASE"] == connection.settings_dict["NAME"]
