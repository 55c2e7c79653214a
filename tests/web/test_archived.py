# SPDX-License-Identifier: Apache-2.0
"""An order in the archive is named as such to those who could see it, and to its citizen; to nobody else."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from rexian.directory import clock
from rexian.directory.models import Area, Department, Staff
from rexian.intake.actions import register_client
from rexian.intake.models import Receipt
from rexian.orders import chain, clocks
from rexian.orders.actions.archiving import export_month, remove_part
from rexian.orders.deadlines import ZONE
from rexian.orders.models import ArchivedOrder, WorkOrder
from rexian.security.identity import SYSTEM
from tests.factories import Town, closed
from tests.web.test_pages import signed_in

pytestmark = pytest.mark.django_db
IN_JUNE = datetime(2026, 6, 9, 10, tzinfo=ZONE)


@pytest.fixture
def stub(town: Town, settings: Any, tmp_path: Path) -> ArchivedOrder:
    """A closed order of June, removed in August; its query code is ABCD2345."""
    settings.DATA_FOLDERS = settings.DATA_FOLDERS | {"archive": tmp_path}
    with clock.at(IN_JUNE):
        order = closed(town, area=town.area)
    receipt = Receipt.objects.get(order=order)
    receipt_code = receipt.query_code
    Receipt.objects.all().delete()
    with clock.at(IN_JUNE + timedelta(days=60)):
        clocks.run_due(clock.now())
        chain.seal_due(clock.now() + timedelta(hours=2))
        record = export_month(month=date(2026, 6, 1), by=SYSTEM)
        assert record is not None
        assert remove_part(record=record, by=SYSTEM) == 1
    found = ArchivedOrder.objects.get()
    found.code = receipt_code  # type: ignore[attr-defined]
    return found


def _forget(stub: ArchivedOrder) -> None:
    """A row as they were before it was kept whom they concern."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE orders_archivedorder SET at = NULL, area_id = NULL, departments = '{}', query_code = NULL"
        )
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.mark.parametrize("post", ["dispatcher", "supervisor", "clerk"])
def test_staff_are_told_where_it_lies_and_how_it_comes_back(stub: ArchivedOrder, post: str) -> None:
    client = signed_in(post)
    page = client.get(f"/work/orders/{stub.number}/")
    assert page.status_code == 200
    told = " ".join(page.content.decode().split())
    assert f"工单 {stub.number} 已归档，2026-08-08 10:00 起存放在 2026-06 的档案里" in told
    assert f"<code>rexian restore-archive {stub.number}</code>" in told
    for path in ("/work/all/", "/lists/"):
        assert f"restore-archive {stub.number}" in client.get(path, {"q": stub.number}).content.decode(), path
    call_command("restore_archive", stub.number)
    assert WorkOrder.objects.get().title in client.get(f"/work/orders/{stub.number}/").content.decode()


def test_others_are_told_nothing(stub: ArchivedOrder, town: Town) -> None:
    assert signed_in("editor").get(f"/work/orders/{stub.number}/").status_code == 403
    Staff.objects.filter(user__username="clerk").update(department=Department.objects.get(code="HOTLINE"))
    elsewhere = signed_in("clerk")
    assert elsewhere.get(f"/work/orders/{stub.number}/").status_code == 404
    assert "restore-archive" not in elsewhere.get("/work/all/", {"q": stub.number}).content.decode()
    away = Staff.objects.get(user__username="dispatcher")
    away.areas.set(
        [Area.objects.create(code="990199", stem="990199", name="河西区", level=2, parent=town.area.parent.parent)]
    )
    assert signed_in("dispatcher").get(f"/work/orders/{stub.number}/").status_code == 404
    assert signed_in("supervisor").get("/work/orders/990100-20260101-000001-1/").status_code == 404


def test_of_rows_without_a_scope_only_the_unlimited_are_told(stub: ArchivedOrder) -> None:
    _forget(stub)
    assert signed_in("clerk").get(f"/work/orders/{stub.number}/").status_code == 404
    page = signed_in("dispatcher").get(f"/work/orders/{stub.number}/")
    assert "存放在 2026-06 的档案里" in page.content.decode()
    assert Client().post("/find/", {"number": stub.number, "code": stub.code}).status_code == 422  # type: ignore[attr-defined]


def test_the_citizen_with_the_code_is_told_and_nobody_without(stub: ArchivedOrder) -> None:
    code = stub.code  # type: ignore[attr-defined]
    page = Client().post("/find/", {"number": stub.number, "code": code})
    assert page.status_code == 200
    assert f"工单 {stub.number} 是 2026-06 收到的" in page.content.decode()
    assert "拨打 12345" in page.content.decode()
    wrong = Client().post("/find/", {"number": stub.number, "code": "WRONG234"})
    assert wrong.status_code == 422
    assert "归档" not in wrong.content.decode()
    token = {"Authorization": f"Bearer {register_client(name='app', channel='app')[1]}"}
    url = f"/api/v1/requests/{stub.number}"
    assert Client().get(url, headers=token | {"Query-Code": code}).status_code == 410
    assert Client().get(url, headers=token | {"Query-Code": "WRONG234"}).status_code == 404
