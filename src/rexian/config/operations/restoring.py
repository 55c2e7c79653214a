# SPDX-License-Identifier: Apache-2.0
"""`rexian restore`: a backup into this installation, whole or not at all.

The database comes in one transaction: a restore that is killed leaves it as it was. The ring that was there before is kept beside the new one.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BufferedReader
from pathlib import Path
from typing import IO, Any, BinaryIO

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader

from rexian.config.errors import CannotRun
from rexian.config.operations import backups, programs
from rexian.config.operations.alone import alone
from rexian.config.operations.sealing import Broken, Reader, checked, opened, subkey
from rexian.orders import chain
from rexian.security import encryption

EMPTY = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;\n"
NEWER = b"SET transaction_timeout = 0;\n"
"""Written by pg_restore 17 and newer, unknown to older servers."""
Say = Callable[[str], None]


@dataclass
class Backup:
    """A backup that is being read: its manifest, checked, and the passphrase's key."""

    folder: Path
    manifest: dict[str, Any]
    master: bytes

    def key(self, name: str) -> bytes:
        return subkey(self.master, self.manifest["id"], name)

    def member(self, name: str) -> BufferedReader:
        return (self.folder / name).open("rb")


def read(folder: Path, passphrase: str) -> Backup:
    """The backup in `folder`, or the newest below it. Raises CannotRun."""
    found = [folder] if (folder / backups.MANIFEST).exists() else backups.finished(folder)
    if not found:
        raise CannotRun(f"{folder} 里没有完整的备份。")
    manifest = json.loads((found[-1] / backups.MANIFEST).read_text(encoding="utf-8"))
    if manifest.get("format") != backups.FORMAT:
        raise CannotRun(f"不认识的备份格式 {manifest.get('format')}。")
    try:
        return Backup(found[-1], manifest, checked(manifest, passphrase))
    except Broken as error:
        raise CannotRun(str(error)) from error


def restore(folder: Path, *, passphrase: str, replace: bool = False, say: Say = print) -> None:
    """Puts a backup in place of what is here and checks it. Raises CannotRun, before anything is changed where that can be."""
    backup = read(folder, passphrase)
    _check_target(backup, replace=replace)
    say(f"恢复 {backup.folder.name}（{backup.manifest['made_at'][:19]} UTC）")
    try:
        with alone():
            _check_members(backup)
            _put_ring(backup, say)
            _put_database(backup)
            _put_files(backup)
    except Broken as error:
        raise CannotRun(str(error)) from error
    _check(backup, say)


def bring_missing(folder: Path, *, passphrase: str, say: Say = print) -> None:
    """Puts back those files of a backup that are not here any more; nothing else is changed. Raises CannotRun."""
    backup = read(folder, passphrase)
    try:
        _check_members(backup, "files")
        say(f"从 {backup.folder.name} 补回 {_put_files(backup, missing=True)} 个文件。")
    except Broken as error:
        raise CannotRun(str(error)) from error


def _check_target(backup: Backup, *, replace: bool) -> None:
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if unknown := sorted(set(backup.manifest["migrations"]) - known):
        raise CannotRun(f"备份来自更新的版本 {backup.manifest['version']}（{unknown[0]} 等），请先升级程序。")
    with connection.cursor() as cursor:
        if connection.introspection.table_names(cursor) and not replace:
            raise CannotRun("数据库不是空的。确定要用备份替换全部数据，请加 --replace。")


def _check_members(backup: Backup, *names: str) -> None:
    """Every sealed file, or each of `names`, is the one of the manifest, before anything is changed."""
    for name in names or backup.manifest["members"]:
        told = backup.manifest["members"][name]
        with backup.member(name) as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != told["sha256"]:
                raise Broken(f"备份文件 {name} 被改动或不完整。")


def _put_ring(backup: Backup, say: Say) -> None:
    with backup.member("keys") as file:
        ring = json.loads(b"".join(opened(file, backup.key("keys"))))
    file_ = settings.SECRETS.key_file
    if file_.exists() and settings.SECRETS.key_ring != ring:
        before = file_.with_name(f"{file_.name}.{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
        shutil.copy2(file_, before)
        say(f"原钥匙文件存为 {before}")
    settings.SECRETS.save_ring(ring)
    encryption.refresh()


def _put_database(backup: Backup) -> None:
    """Pumps the dump through pg_restore into one transaction of psql, which commits only when all of it was good."""
    server = programs.server_version()
    environment = programs.environment()
    convert = [programs.program("pg_restore", backup.manifest["postgres"]), "--no-owner", "--no-privileges", "--file=-"]
    run = [programs.program("psql", server), "-X", "-q", "-v", "ON_ERROR_STOP=1", "--single-transaction", "-f", "-"]
    with tempfile.TemporaryFile() as errors, backup.member("database") as sealed:
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stderr": errors, "env": environment}
        source = subprocess.Popen(convert, stdout=subprocess.PIPE, **pipes)  # noqa: S603
        sink = subprocess.Popen(run, stdout=subprocess.DEVNULL, **pipes)  # noqa: S603
        try:
            _pump(sealed, backup.key("database"), source, sink, old_server=server < 17)
        except BaseException as error:
            sink.kill()  # before its input ends, which would commit
            sink.wait()
            if isinstance(error, BrokenPipeError):
                errors.seek(0)
                said = errors.read().decode(errors="replace").strip()
                raise CannotRun(f"数据库没有恢复，仍是原样：{said[:2000]}") from error
            raise
        finally:
            _end(source)
            _end(sink)
    connections.close_all()


def _pump(
    sealed: BinaryIO,
    key: bytes,
    source: "subprocess.Popen[bytes]",
    sink: "subprocess.Popen[bytes]",
    *,
    old_server: bool,
) -> None:
    """Raises Broken, and BrokenPipeError where either program gave up."""
    assert source.stdin is not None  # noqa: S101  for mypy, as the two below
    assert source.stdout is not None  # noqa: S101
    assert sink.stdin is not None  # noqa: S101
    feeder = _Feeder(sealed, key, source.stdin)
    feeder.start()
    sink.stdin.write(EMPTY.encode())
    first = True
    while block := source.stdout.read(1 << 20):
        sink.stdin.write(block.replace(NEWER, b"", 1) if first and old_server else block)
        first = False
    feeder.join()
    if feeder.error is not None:
        raise feeder.error
    if source.wait():
        raise BrokenPipeError
    sink.stdin.close()
    if sink.wait():
        raise BrokenPipeError


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Ends a program that may still run, and lets go of its pipes."""
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        with suppress(OSError):
            if pipe is not None:
                pipe.close()


class _Feeder(threading.Thread):
    """Writes the plain content of a sealed stream into a pipe."""

    def __init__(self, sealed: BinaryIO, key: bytes, pipe: IO[bytes]) -> None:
        super().__init__(daemon=True)
        self.sealed, self.key, self.pipe = sealed, key, pipe
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            for chunk in opened(self.sealed, self.key):
                self.pipe.write(chunk)
            self.pipe.close()
        except (Broken, OSError) as error:
            self.error = error
            self.pipe.close()


def _put_files(backup: Backup, *, missing: bool = False) -> int:
    """Unpacks the stored files, or only those that are `missing` here; returns how many. One whose name is its digest must have it."""
    done = 0
    with (
        backup.member("files") as sealed,
        tarfile.open(mode="r|", fileobj=Reader(sealed, backup.key("files"))) as tar,
    ):
        for member in tar:
            name, _slash, rest = member.name.partition("/")
            folder = settings.DATA_FOLDERS.get(name)
            if folder is None or not member.isfile() or ".." in Path(rest).parts:
                raise Broken(f"备份里有不该有的文件 {member.name}。")
            if missing and (Path(folder) / rest).exists():
                continue
            content = tar.extractfile(member)
            assert content is not None  # noqa: S101  a regular file
            _put_file(Path(folder) / rest, content)
            done += 1
    return done


def _put_file(target: Path, content: IO[bytes]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part, digest = target.with_suffix(".part"), hashlib.sha256()
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        while block := content.read(1 << 20):
            digest.update(block)
            file.write(block)
    if re.fullmatch(r"[0-9a-f]{64}", target.name) and digest.hexdigest() != target.name:
        raise Broken(f"附件 {target.name} 的内容不对。")
    part.replace(target)


def _check(backup: Backup, say: Say) -> None:
    """The rows are as many as were counted, and the record is whole."""
    found = backups.counts()
    told: dict[str, int] = backup.manifest["tables"]
    if wrong := {name: (rows, found.get(name)) for name, rows in told.items() if found.get(name) != rows}:
        raise CannotRun(f"恢复后行数不符（表：备份，现在）：{wrong}")
    call_command("migrate", verbosity=0, interactive=False)
    result = chain.verify()
    rows = sum(told.values())
    say(f"{len(told)} 张表 {rows} 行、{backup.manifest['files']} 个文件与备份一致；核对 {result.events} 条事件。")
    if result.findings:
        first = result.findings[0]
        raise CannotRun(f"记录有 {len(result.findings)} 处不符，第一处 {first.where}：{first.what}")
