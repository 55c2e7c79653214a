# SPDX-License-Identifier: Apache-2.0
"""What was changed, removed or reordered is found."""

import hashlib
import json
from datetime import datetime, timedelta, timezone

import pytest
from django.db import IntegrityError, connection, transaction

from rexian.directory import clock
from rexian.orders import chain
from rexian.orders.models import OrderEvent, Seal, WorkOrder
from tests.factories import Town, closed, dispatched, received

pytestmark = pytest.mark.django_db


def _tamper(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE orders_orderevent DISABLE TRIGGER USER")
        cursor.execute(sql)


def test_the_hash_of_an_event_is_over_its_columns_as_canonical_json() -> None:
    """As every earlier release wrote it, worked out here without the chain's own code."""
    at = datetime(2026, 11, 20, 16, 5, tzinfo=timezone(timedelta(hours=8)))
    number, data = '990100-"1"', {"reason": "水压\n低", "days": 2}
    told = [number, 3, "2026-11-20T08:05:00.000000+00:00", "urge", "handling", "handling", "agent", 7, None, data]
    plain = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    columns = (3, chain.written(at), "urge", "handling", "handling", "agent", 7, None)
    found = chain.event_hash(b"before", "sha256", number, columns, chain.canonical(data))
    assert found == hashlib.sha256(b"before" + plain.encode()).digest()


def test_the_database_refuses_to_edit_history(town: Town) -> None:
    received(town)
    for write in (lambda: OrderEvent.objects.update(note=1), lambda: OrderEvent.objects.all().delete()):
        with pytest.raises((IntegrityError, Exception)), transaction.atomic():
            write()
    assert OrderEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("UPDATE orders_orderevent SET data = '{}' WHERE seq = 2", "被改动"),
        ("UPDATE orders_orderevent SET at = at + interval '1 second' WHERE seq = 3", "被改动"),
        ("DELETE FROM orders_orderevent WHERE seq = 2", "缺失或次序不对"),
        ("DELETE FROM orders_orderevent WHERE seq = (SELECT max(seq) FROM orders_orderevent)", "事件链应有"),
        ("UPDATE orders_orderevent SET seq = CASE seq WHEN 2 THEN 3 ELSE 2 END WHERE seq IN (2, 3)", "被改动"),
        ("UPDATE orders_workorder SET state = 'accepted'", "工单状态"),
        ("UPDATE orders_workorder SET text = '别的内容'", "诉求内容"),
    ],
)
def test_tampering_is_found(town: Town, sql: str, found: str) -> None:
    closed(town)
    assert chain.verify().findings == []
    if "CASE seq" in sql:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE orders_orderevent DROP CONSTRAINT event_seq")
    _tamper(sql)
    assert any(found in finding.what for finding in chain.verify().findings)


def test_a_whole_order_cannot_vanish(town: Town) -> None:
    now = clock.now() - timedelta(hours=3)
    with clock.at(now):
        gone, stays = dispatched(town), dispatched(town)
    chain.seal_due(clock.now())
    assert Seal.objects.count() >= 2
    assert chain.verify().findings == []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE orders_orderevent DISABLE TRIGGER USER")
        for table in ("orders_orderevent", "orders_assignment", "intake_receipt"):
            cursor.execute(f"DELETE FROM {table} WHERE order_id = %s", [gone.pk])
        cursor.execute("DELETE FROM orders_workorder WHERE id = %s", [gone.pk])
    findings = chain.verify().findings
    assert any("封存时有" in finding.what for finding in findings)
    assert any(finding.where == str(gone.serial) for finding in findings)
    assert WorkOrder.objects.get() == stays


def test_a_number_lost_by_a_failed_intake_is_explained(town: Town) -> None:
    then = clock.now() - timedelta(hours=3)
    with clock.at(then):
        received(town)
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('orders_serial')")
            (lost,) = cursor.fetchone()
        received(town)
    chain.seal_due(clock.now())
    assert any([lost, "受理未完成或数据库中断，号码作废"] in seal.voids for seal in Seal.objects.all())
    assert chain.verify().findings == []
