# SPDX-License-Identifier: Apache-2.0
"""Old orders leave the live tables with proof, and come back as they were."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, transaction

from rexian.directory import clock
from rexian.intake.models import Receipt
from rexian.orders import actions, archive, chain, clocks
from rexian.orders.actions.archiving import export_month, exports, months_before, remove_part, restore_part
from rexian.orders.archive import Part, Unproven
from rexian.orders.deadlines import ZONE
from rexian.orders.models import ArchivedEvent, ArchivedOrder, ArchiveRecord, OrderEvent, WorkOrder
from rexian.security.errors import Refusal
from rexian.security.identity import SYSTEM
from tests.factories import TELEPHONE, Town, closed, dispatched, received

pytestmark = pytest.mark.django_db
JUNE = date(2026, 6, 1)
IN_JUNE = datetime(2026, 6, 9, 10, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_FOLDERS = settings.DATA_FOLDERS | {"archive": tmp_path}


@pytest.fixture
def june(town: Town) -> list[WorkOrder]:
    """Three archived orders of June, one merged into another, one confidential, and one that is still open; all sealed."""
    with clock.at(IN_JUNE):
        parent = dispatched(town)
        repeat = received(town, confidential=True).order
        actions.merge(order=repeat, by=town.by("dispatcher"), parent=parent)
        _finish(town, parent)
        closed(town)
        dispatched(town)
    with clock.at(IN_JUNE + timedelta(days=40)):
        clocks.run_due(clock.now())
        chain.seal_due(clock.now() + timedelta(hours=2))
    Receipt.objects.all().delete()
    return list(WorkOrder.objects.filter(state="archived").order_by("pk"))


def _finish(town: Town, order: WorkOrder) -> None:
    clerk, visitor = town.by("clerk"), town.by("visitor")
    actions.sign(order=order, by=clerk)
    actions.contact(order=order, by=clerk, result="已联系", number=TELEPHONE)
    actions.reply(order=order, by=clerk, reply_citizen="已修好", facts="true", solved=True)
    actions.approve(order=order, by=town.by("dispatcher"))
    actions.visit(order=order, by=visitor, solved=True, grade=5)
    actions.close(order=order, by=visitor)


def _rows() -> dict[str, list[Any]]:
    """Every column of every table of an order, as the database writes it."""
    told = {}
    with connection.cursor() as cursor:
        for model, _key, order in archive.TABLES:
            cursor.execute(f"SELECT t::text FROM {model._meta.db_table} t ORDER BY {order}")
            told[model._meta.db_table] = cursor.fetchall()
    return told


def _export() -> ArchiveRecord:
    record = export_month(month=JUNE, by=SYSTEM)
    assert record is not None
    return record


def test_a_month_goes_out_and_comes_back_as_it_was(june: list[WorkOrder]) -> None:
    before = _rows()
    assert len(june) == 3
    assert months_before(date(2026, 7, 1)) == [JUNE]
    record = _export()
    assert (record.orders, record.part) == (3, 1)
    assert remove_part(record=record, by=SYSTEM) == 3
    assert WorkOrder.objects.filter(pk__in=[order.pk for order in june]).count() == 0
    assert set(ArchivedOrder.objects.values_list("number", "serial")) == {(one.number, one.serial) for one in june}
    found = chain.verify()
    assert (found.findings, found.orders, found.archived) == ([], 1, 3)
    assert restore_part(record=record, by=SYSTEM) == 3
    assert _rows() == before
    assert ArchivedOrder.objects.count() == ArchivedEvent.objects.count() == 0
    assert chain.verify().findings == []
    assert list(ArchiveRecord.objects.order_by("pk").values_list("act", flat=True)) == ["export", "remove", "restore"]


def test_one_order_is_brought_back_by_its_number(june: list[WorkOrder]) -> None:
    remove_part(record=_export(), by=SYSTEM)
    call_command("restore_archive", june[0].number)
    assert WorkOrder.objects.get(number=june[0].number).telephone == TELEPHONE
    assert ArchivedOrder.objects.count() == 2
    assert chain.verify().findings == []
    with pytest.raises(CommandError, match="档案里没有"):
        call_command("restore_archive", june[0].number)
    call_command("restore_archive", "2026-06")
    assert ArchivedOrder.objects.count() == 0


def test_personal_data_stays_encrypted_in_the_files(june: list[WorkOrder]) -> None:
    part = Part(JUNE, _export().part)
    whole = b"".join(path.read_bytes() for path in part.folder.iterdir())
    rows = pq.read_table(part.folder / "orders_workorder.parquet").to_pylist()
    assert TELEPHONE.encode() not in whole
    assert all(TELEPHONE not in str(row) and "王小明" not in str(row) for row in rows)
    assert all(isinstance(row["telephone"], bytes) for row in rows)


def test_only_what_is_new_goes_into_the_next_part(june: list[WorkOrder], town: Town) -> None:
    _export()
    assert export_month(month=JUNE, by=SYSTEM) is None
    with clock.at(IN_JUNE + timedelta(days=1)):
        closed(town)
    with clock.at(IN_JUNE + timedelta(days=41)):
        clocks.run_due(clock.now())
    record = _export()
    assert (record.part, record.orders) == (2, 1)
    assert [one.part for one in exports(JUNE)] == [1, 2]


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def _swap(path: Path) -> None:
    """A well-formed file with another content, and its own digest in the manifest beside it."""
    table = pq.read_table(path).to_pylist()
    table[0]["edge"] = "close"
    pq.write_table(pq.read_table(path).from_pylist(table, schema=pq.read_schema(path)), path)
    manifest = path.parent / "manifest.json"
    told = json.loads(manifest.read_text())
    told["tables"]["orders_orderevent"]["sha256"] = archive._sha256(path)
    manifest.write_text(json.dumps(told))


@pytest.mark.parametrize("change", [_flip, _swap, lambda path: path.unlink()])
def test_a_changed_file_is_found_and_nothing_is_removed_or_restored(
    june: list[WorkOrder], change: Callable[[Path], None]
) -> None:
    record = _export()
    change(Part(JUNE, 1).folder / "orders_orderevent.parquet")
    with pytest.raises(Unproven, match="orders_orderevent"):
        remove_part(record=record, by=SYSTEM)
    with pytest.raises(Unproven):
        restore_part(record=record, by=SYSTEM)
    with pytest.raises(CommandError):
        call_command("archive", "--check")
    assert WorkOrder.objects.filter(state="archived").count() == 3


def test_a_chain_that_was_broken_before_is_not_archived(june: list[WorkOrder]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE orders_orderevent DISABLE TRIGGER USER")
        cursor.execute("UPDATE orders_orderevent SET data = '{}' WHERE seq = 2")
    with pytest.raises(Unproven, match="被改动"), transaction.atomic():
        export_month(month=JUNE, by=SYSTEM)
    assert ArchiveRecord.objects.count() == 0


def test_what_others_refer_to_stays(june: list[WorkOrder], town: Town) -> None:
    held = june[-1]
    Receipt.objects.create(source="test", key=b"k" * 16, body=b"b" * 16, order=held, query_code="X", at=clock.now())
    record = _export()
    assert remove_part(record=record, by=SYSTEM) == 2
    assert WorkOrder.objects.filter(pk=held.pk).exists()
    Receipt.objects.all().delete()
    assert remove_part(record=record, by=SYSTEM) == 1
    assert chain.verify().findings == []


def test_an_order_with_a_repeat_that_stays_stays_as_well(june: list[WorkOrder]) -> None:
    parent = next(order for order in june if order.repeats.exists())
    Receipt.objects.create(
        source="test", key=b"k" * 16, body=b"b" * 16, order=parent.repeats.get(), query_code="X", at=clock.now()
    )
    assert remove_part(record=_export(), by=SYSTEM) == 1
    assert WorkOrder.objects.filter(pk=parent.pk).exists()


def test_what_is_not_sealed_is_not_removed(june: list[WorkOrder], town: Town) -> None:
    with clock.at(IN_JUNE + timedelta(days=2)):
        closed(town)
    with clock.at(IN_JUNE + timedelta(days=90)):
        clocks.run_due(clock.now())
    Receipt.objects.all().delete()
    with pytest.raises(Refusal, match="封存"):
        remove_part(record=_export(), by=SYSTEM)


def test_the_database_lets_an_event_go_only_where_its_hash_is_kept(june: list[WorkOrder]) -> None:
    remove_part(record=_export(), by=SYSTEM)
    for gone in (
        lambda: OrderEvent.objects.all().delete(),
        lambda: ArchivedEvent.objects.all().delete(),
        lambda: ArchivedEvent.objects.update(hash=b"x" * 32),
        lambda: ArchivedOrder.objects.update(last_seq=1),
        lambda: ArchiveRecord.objects.update(orders=1),
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            gone()


def test_a_kept_hash_that_was_changed_is_found(june: list[WorkOrder]) -> None:
    remove_part(record=_export(), by=SYSTEM)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE orders_archivedevent DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM orders_archivedevent WHERE seq = 2")
    what = [finding.what for finding in chain.verify().findings]
    assert any("哈希不全" in one for one in what)
    assert any("封存时有" in one for one in what)


def test_the_command_says_what_it_did(june: list[WorkOrder], capsys: pytest.CaptureFixture[str]) -> None:
    call_command("archive", "--before", "2026-07", "--remove")
    call_command("archive", "--check")
    call_command("audit_verify", "--processes", "1")
    out = capsys.readouterr().out
    assert "2026-06 第 1 份：导出 3 张" in out
    assert "移出 3 张" in out
    assert "核对 3 张工单" in out
    assert "另有 3 张工单在档案里" in out
