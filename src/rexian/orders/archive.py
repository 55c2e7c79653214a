# SPDX-License-Identifier: Apache-2.0
"""The archive's files: whole months of archived orders as Parquet, each table one file, with a manifest that proves them.

Rows are written as the database holds them: what is encrypted stays encrypted. Reading back checks the files' digests, the content row by row
and every order's chain of events; it needs the city's keys only to check what the citizen said.
"""

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models

from rexian.orders import chain
from rexian.orders.models import Assignment, Attachment, Correction, Extension, OrderEvent, Visit, WorkOrder
from rexian.security import encryption

BATCH = 5000
MANIFEST = "manifest.json"
TABLES: tuple[tuple[type[models.Model], str, str], ...] = (
    (WorkOrder, "id", "id"),
    (OrderEvent, "order_id", "order_id, seq"),
    (Assignment, "order_id", "id"),
    (Visit, "order_id", "id"),
    (Extension, "order_id", "id"),
    (Correction, "order_id", "id"),
    (Attachment, "order_id", "id"),
    (WorkOrder.named.through, "workorder_id", "id"),
)
"""The tables of an order: the column that says whose a row is, and how rows are sorted. In the order in which they are brought back."""


class Unproven(Exception):  # noqa: N818  a finding, not a fault
    """The archive is not as its proof says; the message says where."""


@dataclass(frozen=True, slots=True)
class Part:
    """Orders of one month that were archived together; `part` counts from 1 in each month."""

    month: date
    part: int

    @property
    def folder(self) -> Path:
        return Path(settings.DATA_FOLDERS["archive"]) / f"{self.month:%Y-%m}" / f"part-{self.part}"


# Columns -------------------------------------------------------------------------------------------------------------------------------------

TYPES: tuple[tuple[type["models.Field[Any, Any]"], pa.DataType], ...] = (
    (models.BinaryField, pa.binary()),
    (models.JSONField, pa.string()),
    (SearchVectorField, pa.string()),
    (models.DateTimeField, pa.timestamp("us", tz="UTC")),
    (models.DateField, pa.date32()),
    (models.BooleanField, pa.bool_()),
    (models.FloatField, pa.float64()),
    (models.IntegerField, pa.int64()),
    (models.CharField, pa.string()),
    (models.TextField, pa.string()),
)


@cache
def schema(model: type[models.Model]) -> pa.Schema:
    """The columns of a table, as they are in its Parquet file."""
    return pa.schema([(str(one.column), _type(one)) for one in model._meta.concrete_fields])


def _type(field: "models.Field[Any, Any]") -> pa.DataType:
    if isinstance(field, models.ForeignKey):
        return _type(field.target_field)
    return next(kind for of, kind in TYPES if isinstance(field, of))


def columns(model: type[models.Model]) -> list[str]:
    return [str(name) for name in schema(model).names]


def _select(model: type[models.Model], key: str, order: str) -> str:
    told = (
        f'"{one.column}"::text' if isinstance(one, models.JSONField | SearchVectorField) else f'"{one.column}"'
        for one in model._meta.concrete_fields
    )
    return f'SELECT {", ".join(told)} FROM "{model._meta.db_table}" WHERE "{key}" = ANY(%s) ORDER BY {order}'  # noqa: S608


# Writing -------------------------------------------------------------------------------------------------------------------------------------


def write(part: Part, keys: Sequence[int]) -> dict[str, Any]:
    """Writes the orders of `keys` with all their rows and gives the manifest; must be called inside a transaction."""
    working = part.folder.with_suffix(".new")
    shutil.rmtree(working, ignore_errors=True)
    working.mkdir(parents=True, mode=0o700)
    tables = {model._meta.db_table: _write_table(working, model, key, order, keys) for model, key, order in TABLES}
    manifest = {
        "month": f"{part.month:%Y-%m}",
        "part": part.part,
        "orders": len(keys),
        "root": root(_ends(keys)).hex(),
        "tables": tables,
    }
    (working / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
    shutil.rmtree(part.folder, ignore_errors=True)  # of an export that was killed before its record was committed
    working.rename(part.folder)
    return manifest


def _write_table(folder: Path, model: type[models.Model], key: str, order: str, keys: Sequence[int]) -> dict[str, Any]:
    path, shape = folder / f"{model._meta.db_table}.parquet", schema(model)
    content, rows = hashlib.sha256(), 0
    with pq.ParquetWriter(path, shape, compression="zstd") as writer:
        for batch in _batches(chain.read(_select(model, key, order), [list(keys)])):
            columns = [
                pa.array(list(column), kind) for column, kind in zip(zip(*batch, strict=True), shape.types, strict=True)
            ]
            writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=shape))
            rows += len(batch)
            for row in batch:
                content.update(_canonical(row))
    return {"file": path.name, "rows": rows, "sha256": _sha256(path), "content": content.hexdigest()}


def _batches(rows: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    batch: list[tuple[Any, ...]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _canonical(row: Iterable[Any]) -> bytes:
    """A row's values in one written form, whether they come from the database or from a file."""
    return json.dumps([_plain(value) for value in row], ensure_ascii=False).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _ends(keys: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    sql = "SELECT number, last_seq, last_hash FROM orders_workorder WHERE id = ANY(%s) ORDER BY serial"
    return chain.read(sql, [list(keys)])


def root(ends: Iterable[tuple[Any, ...]]) -> bytes:
    """A digest chained over (number, last seq, last hash) of orders in the order of their serials; 32 bytes."""
    value = b""
    for number, last_seq, last_hash in ends:
        value = encryption.digest(value, f"{number} {last_seq} ".encode(), bytes(last_hash))
    return value


# Reading back --------------------------------------------------------------------------------------------------------------------------------


def rows(part: Part, model: type[models.Model]) -> Iterator[tuple[Any, ...]]:
    """A table's rows as they were written, a batch in memory at a time."""
    with pq.ParquetFile(part.folder / f"{model._meta.db_table}.parquet") as file:
        for batch in file.iter_batches(BATCH):
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _picked_columns(part: Part, *names: str) -> Iterator[tuple[Any, ...]]:
    table = pq.read_table(part.folder / f"{WorkOrder._meta.db_table}.parquet", columns=list(names))
    return zip(*(table[name].to_pylist() for name in names), strict=True)


def keys(part: Part) -> list[int]:
    """The primary keys of a part's orders."""
    return [key for (key,) in _picked_columns(part, "id")]


def ends(part: Part) -> Iterator[tuple[int, bytes]]:
    """Of each order of a part: its primary key and the last hash of its chain."""
    return ((key, end) for key, end in _picked_columns(part, "id", "last_hash"))


def check(part: Part, manifest: dict[str, Any]) -> chain.Verification:
    """Holds the files of a part against its proof and reads every chain; raises Unproven with the first thing that is not so."""
    for model, _, _ in TABLES:
        _check_table(part, model, manifest["tables"][model._meta.db_table])
    by_serial = sorted(_picked_columns(part, "serial", "number", "last_seq", "last_hash"))
    if root(row[1:] for row in by_serial).hex() != manifest["root"]:
        raise Unproven(f"{part.folder}：工单末尾哈希与证明不符")
    found = chain.check_chains(_picked(part, WorkOrder, chain.ORDER), _picked(part, OrderEvent, chain.EVENT))
    if found.findings:
        raise Unproven(f"{found.findings[0].where}：{found.findings[0].what}")
    return found


def _check_table(part: Part, model: type[models.Model], proof: dict[str, Any]) -> None:
    path = part.folder / proof["file"]
    if not path.exists() or _sha256(path) != proof["sha256"]:
        raise Unproven(f"{path}：文件缺失或被改动")
    content, count = hashlib.sha256(), 0
    for row in rows(part, model):
        content.update(_canonical(row))
        count += 1
    if (count, content.hexdigest()) != (proof["rows"], proof["content"]):
        raise Unproven(f"{path}：内容与导出时不同")


def _picked(part: Part, model: type[models.Model], names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    all_names = columns(model)
    places = [all_names.index(name) for name in names]
    return (tuple(row[place] for place in places) for row in rows(part, model))


def copy_back(part: Part, keys: frozenset[int]) -> None:
    """Brings the rows of the orders of `keys` back into the live tables, under their old keys; inside a transaction."""
    for model, key, _ in TABLES:
        names = columns(model)
        place = names.index(key)
        told = ", ".join(f'"{name}"' for name in names)
        with (
            connection.cursor() as cursor,
            cursor.cursor.copy(f'COPY "{model._meta.db_table}" ({told}) FROM STDIN') as sink,
        ):
            for row in rows(part, model):
                if row[place] in keys:
                    sink.write_row(row)
