# SPDX-License-Identifier: Apache-2.0
"""The key ring changes in every way, and nothing is lost."""

import copy
import os
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from rexian.config.errors import CannotRun
from rexian.config.operations import keys
from rexian.directory.models import Citizen
from rexian.orders import chain
from rexian.orders.models import WorkOrder
from rexian.security import encryption
from tests.factories import TELEPHONE, make_town, received

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(autouse=True)
def _ring_as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The test's own ring, and no waiting for other processes, of which there are none."""
    before = copy.deepcopy(settings.SECRETS.key_ring)
    monkeypatch.setattr(encryption, "LOOK", 0.0)
    monkeypatch.setattr(keys.time, "sleep", lambda seconds: None)
    yield
    settings.SECRETS.save_ring(before)
    encryption.refresh()


def ring() -> dict[str, Any]:
    found: dict[str, Any] = settings.SECRETS.key_ring
    return found


def quietly(**options: Any) -> keys.Rotation:
    return keys.rotate(say=lambda text: None, **options)


def _readable(count: int) -> bool:
    orders = list(WorkOrder.objects.all())
    return len(orders) == count and {order.telephone for order in orders} == {TELEPHONE}


def test_every_value_is_under_the_new_key_and_the_old_one_is_gone() -> None:
    town = make_town()
    for _ in range(3):
        received(town)
    old = ring()
    done = quietly()
    assert done.removed == [old["current"]]
    assert list(ring()["keys"]) == [done.current] != list(old["keys"])
    assert "rotating" not in ring()
    assert done.renewed == 3 * 3 + 3 + 3  # who, telephone, address; the receipts; one citizen with one number
    assert _readable(3)
    assert chain.verify().findings == []
    assert Citizen.objects.get().name == "王小明"
    assert received(town).order.citizen_id == Citizen.objects.get().pk, "found by the index, whose key stays"


def test_the_suite_changes_with_the_key() -> None:
    town = make_town()
    received(town)
    quietly(suite="sm4-gcm")
    assert ring()["suite"] == "sm4-gcm"
    stored = _stored("telephone")
    assert stored[0] == encryption.SUITES["sm4-gcm"]
    received(town)
    assert _readable(2)
    assert chain.verify().findings == []
    quietly(suite="aes-256-gcm")
    assert _stored("telephone")[0] == encryption.SUITES["aes-256-gcm"]
    assert _readable(2)
    with pytest.raises(CannotRun, match="rot13"):
        quietly(suite="rot13")


def _stored(column: str) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM orders_workorder ORDER BY id LIMIT 1")
        return bytes(cursor.fetchone()[0])


def test_it_goes_on_where_it_was_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    town = make_town()
    for _ in range(5):
        received(town)
    monkeypatch.setattr(keys, "BATCH", 2)
    real, calls = keys._renew_batch, iter(range(100))

    def killed(*arguments: Any) -> list[Any]:
        if next(calls) == 2:
            raise KeyboardInterrupt
        return real(*arguments)

    monkeypatch.setattr(keys, "_renew_batch", killed)
    with pytest.raises(KeyboardInterrupt):
        quietly()
    half = ring()
    assert half["rotating"] is True
    assert len(half["keys"]) == 2
    assert _readable(5)
    monkeypatch.setattr(keys, "_renew_batch", real)
    with pytest.raises(CannotRun, match="还没有完成"):
        quietly(suite="sm4-gcm")
    done = quietly()
    assert done.current == half["current"], "no third key"
    assert list(ring()["keys"]) == [done.current]
    assert _readable(5)


def test_a_row_that_is_worked_on_is_not_waited_for() -> None:
    town = make_town()
    order = received(town).order
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT 1 FROM orders_workorder WHERE id = %s FOR UPDATE", [order.pk])
            held.set()
            done.wait(20)
            cursor.execute("COMMIT")
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(20)
    table = next(table for table in keys.tables() if table.model is WorkOrder)
    settings.SECRETS.save_ring(ring() | {"keys": ring()["keys"] | {"k9": keys.secrets.new_key()}, "current": "k9"})
    encryption.refresh()
    assert keys._renew_table(table, keys.Rotation()) == 0, "passed over at once"
    done.set()
    thread.join()
    assert keys._renew_table(table, keys.Rotation()) == 1


def test_a_value_that_does_not_decrypt_keeps_the_old_keys() -> None:
    town = make_town()
    order = received(town).order
    with connection.cursor() as cursor:
        spoilt = bytearray(_stored("address"))
        spoilt[-1] ^= 1
        cursor.execute("UPDATE orders_workorder SET address = %s WHERE id = %s", [bytes(spoilt), order.pk])
    old = ring()["current"]
    done = quietly()
    assert done.unreadable == {f"orders_workorder.address {order.pk}"}
    assert done.kept == [old]
    assert old in ring()["keys"]


def test_old_keys_stay_when_asked_and_go_with_finish() -> None:
    received(make_town())
    old = ring()["current"]
    assert quietly(keep_old=True).kept == [old]
    assert quietly(new_key=False).removed == [old]


def test_a_staged_key_is_the_next() -> None:
    staged = keys.stage()
    assert keys.stage() == staged
    assert ring()["current"] != staged
    assert quietly().current == staged
    assert "staged" not in ring()


def test_two_do_not_rotate_at_once() -> None:
    refused: list[str] = []

    def second() -> None:
        try:
            quietly()
        except CannotRun as error:
            refused.append(str(error))
        connection.close()

    with keys.alone():
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
    assert len(refused) == 1


def test_a_changed_file_is_noticed_and_a_broken_one_leaves_the_ring() -> None:
    before = encryption.ring()
    os.utime(settings.SECRETS.key_file)
    assert encryption.ring() is not before
    kept = encryption.ring()
    text = settings.SECRETS.key_file.read_text()
    settings.SECRETS.key_file.write_text("{")
    assert encryption.ring() is kept
    settings.SECRETS.key_file.write_text(text)
    assert encryption.ring().current == kept.current


def test_no_append_only_table_has_an_encrypted_column() -> None:
    """Its rows could not be written anew."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%_append_only'")
        closed = {name for (name,) in cursor.fetchall()}
    assert len(closed) >= 4
    assert closed.isdisjoint(table.name for table in keys.tables())
    assert {table.model for table in keys.tables()} >= {WorkOrder, Citizen}
    assert len(list(apps.get_models())) > len(keys.tables())


def test_a_key_file_on_the_network_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(keys.time, "sleep", slept.append)
    keys._settle()
    assert slept[0] < 1, "on a disk of this machine"
    folder = settings.SECRETS.key_file.resolve().parent
    mounts = f"/dev/vda / ext4 rw 0 0\nserver:/x {folder} nfs4 rw 0 0\n"
    monkeypatch.setattr(keys.Path, "read_text", lambda path, encoding: mounts)
    keys._settle()
    assert keys.SPREAD in slept
