# SPDX-License-Identifier: Apache-2.0
"""`rexian backup`: the database in one snapshot, the stored files and the key ring, each sealed under a passphrase.

A backup is a folder `rexian-<UTC time>`: `manifest.json` (plain: counts, versions, digests; signed) and one sealed stream for each member. Nothing is
ever on disk unsealed, and the folder gets its name when all of it is. A file is stored before the order that names it is committed, so the files that
are read after the snapshot hold all that it names.
"""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from rexian.config.errors import CannotRun
from rexian.config.operations import programs
from rexian.config.operations.alone import alone
from rexian.config.operations.sealing import Cost, Sealer, signed, subkey
from rexian.config.postgres import EmbeddedPostgres

FORMAT = 1
PREFIX = "rexian-"
MANIFEST = "manifest.json"
SHORTEST = 12
"""Characters of a passphrase."""
Say = Callable[[str], None]


@dataclass
class Writer:
    """A backup that is being written below `folder`, under the passphrase's key."""

    folder: Path
    master: bytes
    id: str
    members: dict[str, dict[str, Any]]

    @contextmanager
    def member(self, name: str) -> Iterator[Sealer]:
        with (self.folder / name).open("wb") as file:
            os.chmod(file.fileno(), 0o600)
            sealer = Sealer(file, subkey(self.master, self.id, name))
            yield sealer
            sealer.close()
        self.members[name] = {"bytes": sealer.size, "sha256": sealer.digest.hexdigest()}


def make(folder: Path, *, passphrase: str, keep: int | None = None, say: Say = print) -> Path:
    """Writes one backup below `folder` and throws away those beyond the `keep` newest; its path. Raises CannotRun."""
    if len(passphrase) < SHORTEST:
        raise CannotRun(f"备份口令至少 {SHORTEST} 个字符（REXIAN_BACKUP_PASSPHRASE 或 --passphrase-file）。")
    with alone():
        target = folder / f"{PREFIX}{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
        part = folder / f".{target.name}.part"
        _clear(folder)
        try:
            part.mkdir(parents=True, mode=0o700)
            _write(part, passphrase, say)
            part.rename(target)
        except OSError as error:
            raise CannotRun(f"备份没有写成：{error.strerror}（{error.filename or folder}）。") from error
        finally:
            shutil.rmtree(part, ignore_errors=True)
    note(target, verified=False)
    _retain(folder, keep, say)
    return target


def _clear(folder: Path) -> None:
    """Throws away what a killed backup left; none other runs while we hold the lock."""
    for left in folder.glob(f".{PREFIX}*.part"):
        shutil.rmtree(left, ignore_errors=True)


def _write(part: Path, passphrase: str, say: Say) -> None:
    cost = Cost(os.urandom(16).hex())
    writer = Writer(part, cost.master(passphrase), os.urandom(16).hex(), {})
    content = {"format": FORMAT, "id": writer.id, "made_at": datetime.now(UTC).isoformat(), "kdf": asdict(cost)}
    content |= {"version": version("rexian"), "postgres": programs.server_version()}
    say("导出数据库")
    content |= _dump(writer)
    say("收集附件")
    content["files"] = _files(writer)
    with writer.member("keys") as sealer:
        sealer.write(json.dumps(settings.SECRETS.key_ring).encode())
    text = json.dumps(signed(content | {"members": writer.members}, writer.master), ensure_ascii=False, indent=1)
    with (part / MANIFEST).open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _dump(writer: Writer) -> dict[str, Any]:
    """The database and what is in it, both of one snapshot."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        with writer.member("database") as sealer:
            _pg_dump(snapshot, sealer)
        applied = MigrationRecorder(connection).applied_migrations()
        return {"tables": counts(), "migrations": sorted(f"{app}.{name}" for app, name in applied)}


def _pg_dump(snapshot: str, sealer: Sealer) -> None:
    command = [programs.program("pg_dump", programs.server_version()), "--format=custom", f"--snapshot={snapshot}"]
    command += ["--no-owner", "--no-privileges"]
    with tempfile.TemporaryFile() as errors:
        dump = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, env=programs.environment())  # noqa: S603
        assert dump.stdout is not None  # noqa: S101  for mypy
        with dump.stdout:
            shutil.copyfileobj(dump.stdout, sealer, 1 << 20)
        if dump.wait():
            errors.seek(0)
            raise CannotRun(f"pg_dump 失败：{errors.read().decode(errors='replace').strip()}")


def counts() -> dict[str, int]:
    """How many rows each table of the hotline has."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608  a table's quoted name
            found[table] = cursor.fetchone()[0]
    return found


def _files(writer: Writer) -> int:
    """The stored files as one tar; how many."""
    count = 0
    with writer.member("files") as sealer, tarfile.open(mode="w|", fileobj=sealer) as tar:  # type: ignore[call-overload]
        for name, folder in settings.DATA_FOLDERS.items():
            for path in sorted(Path(folder).rglob("*")):
                if path.is_file() and path.suffix != ".part":
                    with suppress(FileNotFoundError):  # thrown away at the end of its life this moment
                        tar.add(path, f"{name}/{path.relative_to(folder)}")
                        count += 1
    return count


def finished(folder: Path) -> list[Path]:
    """The whole backups below a folder, the oldest first."""
    return sorted(path.parent for path in folder.glob(f"{PREFIX}*/{MANIFEST}"))


def _retain(folder: Path, keep: int | None, say: Say) -> None:
    for old in finished(folder)[: -keep if keep else 0]:
        shutil.rmtree(old)
        say(f"删除旧备份 {old.name}")


def note(target: Path, *, verified: bool) -> None:
    """Writes down for `rexian doctor` when and where the last backup was made."""
    content = {"at": datetime.now(UTC).isoformat(), "folder": str(target), "verified": verified}
    (settings.VAR / "last-backup.json").write_text(json.dumps(content), encoding="utf-8")


def verify(target: Path, *, passphrase: str, say: Say = print) -> None:
    """Restores a backup into a throw-away installation, as an operator would, and checks it there. Raises CannotRun."""
    scratch = Path(tempfile.mkdtemp(prefix="rexian-verify-"))
    scratch.chmod(0o755)  # for root, the server runs as another user; what is below is closed
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("REXIAN", "DATABASE"))}
    environment = plain | {"REXIAN_VAR": str(scratch), "REXIAN_BACKUP_PASSPHRASE": passphrase}
    command = [sys.executable, "-m", "rexian.config.cli", "restore", str(target.absolute())]
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise CannotRun(f"备份 {target.name} 恢复失败：{(done.stdout + done.stderr).strip()}")
        say(done.stdout.strip())
    finally:
        server = EmbeddedPostgres(scratch)
        server.stop()
        for path in (server.home, server.socket_folder, scratch):
            shutil.rmtree(path, ignore_errors=True)
    note(target, verified=True)
