# SPDX-License-Identifier: Apache-2.0
"""`rexian rotate-keys`: a new data key, and every stored value under it, while the hotline runs.

1. The ring gets a new key that encrypts from now on; the old ones still decrypt. Every process notices within `encryption.LOOK`.
2. Each value under another key or suite is written anew. What is done shows in the value itself, so a run that was killed goes on where it was.
3. Once nothing can be on its way any more under an old key, the values are counted; only when none is left does an old key go. One that the archive's
   files still need stays in the ring, to read them.

The key of the blind indexes stays: exact search, query codes, tokens and the digests in the record depend on it.
"""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, LiteralString

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model
from psycopg import sql
from pyarrow.parquet import ParquetFile

from rexian.config import secrets
from rexian.config.errors import CannotRun
from rexian.config.operations.alone import alone
from rexian.security import encryption
from rexian.security.fields import EncryptedTextField

BATCH = 500
ROUNDS = 5
"""Passes over the tables until nothing is under an old key; a row that is being worked on waits for the next."""
SPREAD = 65.0
"""Seconds until every machine sees a changed file on a network file system: NFS keeps attributes for 60."""
NETWORK = ("nfs", "cifs", "smb", "fuse", "ceph", "gluster", "lustre", "9p")
PATIENCE = 120.0
"""Seconds to wait for transactions that were open at the switch; web requests are cut off after 60."""
Say = Callable[[str], None]


@dataclass(frozen=True)
class Table:
    """A table with encrypted columns."""

    model: type[Model]
    fields: tuple[EncryptedTextField, ...]

    @property
    def name(self) -> str:
        return self.model._meta.db_table

    @property
    def columns(self) -> list[sql.Identifier]:
        return [sql.Identifier(str(f.column)) for f in self.fields]

    @property
    def under_other(self) -> sql.Composable:
        """The condition that any column is under another key or suite than `%(prefix)s`."""
        one = sql.SQL("substring({0} FROM 1 FOR length(%(prefix)s)) <> %(prefix)s")  # NULL stays out
        return sql.SQL("({})").format(_joined(" OR ", [one.format(column) for column in self.columns]))


def _joined(by: LiteralString, parts: Sequence[sql.Composable]) -> sql.Composed:
    return sql.SQL(by).join(parts)


@dataclass
class Rotation:
    """What a rotation did: values written anew, rows that do not decrypt, and the old keys that are gone."""

    current: str = ""
    renewed: int = 0
    unreadable: set[str] = field(default_factory=set)
    removed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def tables() -> list[Table]:
    """Every table of the hotline with its encrypted columns."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        fields = tuple(f for f in model._meta.local_concrete_fields if isinstance(f, EncryptedTextField))
        if fields and not model._meta.proxy:
            found.append(Table(model, fields))
    return found


def stage() -> str:
    """Puts the next key into the ring without using it, so that the file can be copied to every machine first; its id."""
    ring = settings.SECRETS.key_ring
    if "staged" not in ring:
        ring["staged"] = _next_id(ring)
        ring["keys"][ring["staged"]] = secrets.new_key()
        settings.SECRETS.save_ring(ring)
    return str(ring["staged"])


def rotate(*, suite: str = "", keep_old: bool = False, new_key: bool = True, say: Say = print) -> Rotation:
    """Makes the next key current and writes every value under it; goes on with a rotation that was broken off.

    Without `new_key` it only finishes: writes what is left under the current key and removes old keys. Raises CannotRun.
    """
    with alone():
        ring = settings.SECRETS.key_ring
        if "rotating" in ring:
            say(f"继续上次未完成的换钥（当前密钥 {ring['current']}）")
            if suite not in ("", ring["suite"]):
                raise CannotRun(f"上次换到 {ring['suite']} 的换钥还没有完成，先不带 --suite 运行 rexian rotate-keys。")
        elif new_key:
            _switch(ring, suite)
            say(f"新密钥 {ring['current']}（{ring['suite']}）已生效")
        result = Rotation(current=ring["current"])
        left = _renew_all(result, say)
        _finish(result, left, keep_old=keep_old)
    return result


def _switch(ring: dict[str, Any], suite: str) -> None:
    if suite and suite not in encryption.SUITES:
        raise CannotRun(f"没有 {suite} 这种算法，可选：{'、'.join(encryption.SUITES)}。")
    ring["current"] = ring.pop("staged", None) or _next_id(ring)
    ring["keys"].setdefault(ring["current"], secrets.new_key())
    ring["suite"] = suite or ring["suite"]
    ring["rotating"] = True
    settings.SECRETS.save_ring(ring)
    encryption.refresh()


def _next_id(ring: dict[str, Any]) -> str:
    return f"k{max(int(re.sub(r'[^0-9]', '', name) or 0) for name in ring['keys']) + 1}"


def _renew_all(result: Rotation, say: Say) -> int:
    """Passes over the tables until no value is under an old key; how many are, at the end."""
    left = 0
    for turn in range(ROUNDS):
        for table in tables():
            renewed = _renew_table(table, result)
            if renewed:
                say(f"  {table.name}：{renewed} 行已换到新密钥")
        if turn == 0:
            _settle()
        elif (left := count_left()) <= len(result.unreadable):
            break
    return left


def _renew_table(table: Table, result: Rotation) -> int:
    last, rows = None, 0
    while batch := _renew_batch(table, last, result):
        last, rows = batch[-1], rows + len(batch)
    return rows


def _renew_batch(table: Table, last: Any, result: Rotation) -> list[Any]:
    """Writes the next rows anew in one transaction; their keys. Rows that someone works on are passed over, so nobody waits for us."""
    columns = _joined(", ", table.columns)
    names = {"table": sql.Identifier(table.name), "key": sql.Identifier(str(table.model._meta.pk.column))}
    after = sql.SQL("AND {key} > %(last)s" if last is not None else "").format(**names)
    select = sql.SQL(
        "SELECT {key}, {columns} FROM {table} WHERE {other} {after} ORDER BY {key} LIMIT %(most)s FOR UPDATE SKIP LOCKED"
    ).format(columns=columns, other=table.under_other, after=after, **names)
    assign = _joined(", ", [sql.SQL("{} = %s").format(column) for column in table.columns])
    update = sql.SQL("UPDATE {table} SET {assign} WHERE {key} = %s").format(assign=assign, **names)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(select, {"prefix": _prefix(), "last": last, "most": BATCH})
        rows = cursor.fetchall()
        if rows:
            cursor.executemany(update, [[*_renewed(table, row, result), row[0]] for row in rows])
    return [row[0] for row in rows]


def _renewed(table: Table, row: tuple[Any, ...], result: Rotation) -> Iterator[bytes | None]:
    """The row's values under the current key; one that does not decrypt stays as it is and is told."""
    start = _prefix()
    for one, value in zip(table.fields, row[1:], strict=True):
        stored = None if value is None else bytes(value)
        if stored is not None and not stored.startswith(start):
            try:
                stored = encryption.encrypt(encryption.decrypt(stored, one.context), one.context)
                result.renewed += 1
            except encryption.Undecryptable:
                result.unreadable.add(f"{table.name}.{one.column} {row[0]}")
        yield stored


def _prefix() -> bytes:
    return encryption.prefix(encryption.ring())


def _settle() -> None:
    """Waits until nobody can still write under an old key: all have looked at the ring, and what was then under way is over."""
    time.sleep(encryption.LOOK + (SPREAD if _shared() else 0.5))
    deadline = time.monotonic() + PATIENCE
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text")
        (now,) = cursor.fetchone()
        while True:
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot()) > %s::xid8", [now])
            if cursor.fetchone()[0]:
                return
            if time.monotonic() > deadline:
                raise CannotRun("有事务一直没有结束，旧密钥保留；稍后再运行 rexian rotate-keys 完成。")
            time.sleep(0.2)


def _shared() -> bool:
    """Whether the key file lies on a network file system, where another machine may see the old one for a while."""
    file, found = str(settings.SECRETS.key_file.resolve()), ("", "")
    for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines():
        _device, folder, sort, *_rest = line.split()
        if file.startswith(folder.rstrip("/") + "/") and len(folder) >= len(found[0]):
            found = (folder, sort)
    return found[1].startswith(NETWORK)


def count_left() -> int:
    """How many rows hold a value under another key or suite than the current one."""
    left = 0
    with connection.cursor() as cursor:
        for table in tables():
            count = sql.SQL("SELECT count(*) FROM {} WHERE {}").format(sql.Identifier(table.name), table.under_other)
            cursor.execute(count, {"prefix": _prefix()})
            left += cursor.fetchone()[0]
    return left


def archived() -> set[str]:
    """The keys under which values of the archive are: its files are proven byte by byte, so they stay as they were written."""
    found: set[str] = set()
    for table in tables():
        names = [str(one.column) for one in table.fields]
        for file in settings.DATA_FOLDERS["archive"].glob(f"*/part-*/{table.name}.parquet"):
            for batch in ParquetFile(file).iter_batches(columns=names):
                values = (value for column in batch.columns for value in column.to_pylist() if value is not None)
                found |= {encryption.key_id(value) for value in values}
    return found


def _finish(result: Rotation, left: int, *, keep_old: bool) -> None:
    ring = settings.SECRETS.key_ring
    old = [name for name in ring["keys"] if name not in (ring["current"], ring.get("staged"))]
    if left and not result.unreadable:
        raise CannotRun(f"还有 {left} 行在旧密钥下（一直有人在改），旧密钥保留；再运行一次 rexian rotate-keys 完成。")
    ring.pop("rotating", None)
    needed = set(old) if keep_old or left else archived()
    result.kept = [name for name in old if name in needed]
    result.removed = [name for name in old if name not in needed]
    ring["keys"] = {name: key for name, key in ring["keys"].items() if name not in result.removed}
    settings.SECRETS.save_ring(ring)
    encryption.refresh()
