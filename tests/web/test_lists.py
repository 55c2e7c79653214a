# SPDX-License-Identifier: Apache-2.0
"""The table of all orders: found, filtered, sorted, kept, acted on, exported."""

import csv
import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rexian.directory import clock
from rexian.orders import actions, finding
from rexian.orders.finding import Criteria
from rexian.orders.models import Export, SavedView, WorkOrder
from rexian.security.models import AccessRecord
from tests.factories import TELEPHONE, TEXT, Town, closed, dispatched, received
from tests.web.test_pages import signed_in

pytestmark = pytest.mark.django_db
STREETLIGHT = "春和路口的路灯坏了三天，晚上看不见。"


def listed(name: str, **query: Any) -> str:
    return signed_in(name).get("/lists/", query).content.decode()


@pytest.fixture
def orders(town: Town) -> dict[str, WorkOrder]:
    light = received(town, text=STREETLIGHT, telephone="13900139000", kind="complaint").order
    return {"light": light, "water": dispatched(town), "closed": closed(town, text="停水已经好了，谢谢")}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("路灯", {"light"}),
        ("灯", {"light"}),
        ("停水", {"water", "closed"}),
        ("停水 老人", {"water"}),
        ("1390013 9000", {"light"}),
        ("没有这个词组", set()),
    ],
)
def test_search_by_words_single_characters_and_telephone(
    orders: dict[str, WorkOrder], words: str, found: set[str]
) -> None:
    page = listed("dispatcher", q=words)
    assert {name for name, order in orders.items() if order.number in page} == found


def test_search_by_number_and_marked_words(orders: dict[str, WorkOrder]) -> None:
    number = orders["light"].number
    assert listed("dispatcher", q=number.replace("-", "")).count(f"/work/orders/{number}/") == 2
    assert "<mark>路灯</mark>" in listed("dispatcher", q="路灯")


def test_a_search_by_telephone_is_on_record(orders: dict[str, WorkOrder]) -> None:
    listed("dispatcher", q=TELEPHONE)
    record = AccessRecord.objects.get()
    assert (record.user.username, record.act, record.subject) == ("dispatcher", "search", "…8000")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"states": ["dispatched", "submitted"]}, {"light", "water"}),
        ({"kinds": "complaint"}, {"light"}),
        ({"category": "城乡建设 › 供水"}, {"water", "closed"}),
        ({"area": "河东区"}, {"light", "water", "closed"}),
        ({"lead": "市自来水公司", "states": "closed"}, {"closed"}),
        ({"grades": "5"}, {"closed"}),
        ({"received_from": "2020-01-01", "received_to": "2020-12-31"}, set()),
        ({"late": "on"}, set()),
        ({"sort": "due_at"}, {"water"}),
        ({"sort": "-closed_at"}, {"closed"}),
        ({"channels": "telephone"}, set()),
    ],
)
def test_filters(orders: dict[str, WorkOrder], query: dict[str, Any], found: set[str]) -> None:
    page = listed("dispatcher", **query)
    assert {name for name, order in orders.items() if order.number in page} == found


def test_a_filter_that_cannot_be_read_is_said_at_its_field(orders: dict[str, WorkOrder]) -> None:
    page = listed("dispatcher", category="没有的分类", due_from="昨天")
    assert "没有“没有的分类”" in page
    assert "输入一个有效的日期" in page


def test_each_sees_only_what_is_theirs(orders: dict[str, WorkOrder]) -> None:
    page = listed("clerk")
    assert orders["water"].number in page
    assert orders["light"].number not in page
    assert signed_in("editor").get("/lists/").status_code == 403


def test_the_number_of_queries_does_not_grow_with_the_rows(town: Town) -> None:
    def queries() -> int:
        client = signed_in("dispatcher")
        client.get("/lists/")
        with CaptureQueriesContext(connection) as seen:
            client.get("/lists/")
        return len(seen)

    dispatched(town)
    few = queries()
    for _ in range(12):
        dispatched(town)
    assert queries() == few


def test_counts_are_exact_when_few_and_estimated_when_many(orders: dict[str, WorkOrder], monkeypatch: Any) -> None:
    dispatcher = signed_in("dispatcher")
    assert dispatcher.get("/lists/count/").content.decode() == "3 张"
    monkeypatch.setattr(finding, "EXACT", 2)
    assert "估计" in dispatcher.get("/lists/count/").content.decode()


def test_a_list_is_saved_shared_and_dropped(orders: dict[str, WorkOrder]) -> None:
    dispatcher = signed_in("dispatcher")
    dispatcher.post("/lists/views/", {"name": "投诉", "query": "kinds=complaint", "shared": "on"})
    dispatcher.post("/lists/views/", {"name": "投诉", "query": "kinds=complaint&late=on"})
    assert SavedView.objects.get().query == "kinds=complaint&late=on"
    assert "投诉</a>" in listed("dispatcher")
    assert (
        "请给这个列表起个名字"
        in dispatcher.post("/lists/views/", {"name": " ", "query": ""}, follow=True).content.decode()
    )
    pk = SavedView.objects.get().pk
    signed_in("supervisor").post(f"/lists/views/{pk}/drop/")
    assert SavedView.objects.exists(), "another's is not dropped"
    dispatcher.post(f"/lists/views/{pk}/drop/")
    assert not SavedView.objects.exists()


def test_one_act_on_many_says_of_each_that_refused_why(orders: dict[str, WorkOrder], town: Town) -> None:
    other = dispatched(town)
    numbers = [orders["water"].number, other.number, orders["light"].number, "990100-20200101-000001-1"]
    clerk = signed_in("clerk")
    page = clerk.post("/lists/act/", {"edge": "sign", "number": numbers, "query": "kinds=help"}, follow=True)
    assert page.redirect_chain[0][0] == "/lists/?kinds=help"
    assert page.content.decode().count("您看不到它") == 2
    assert set(WorkOrder.objects.filter(number__in=numbers[:2]).values_list("state", flat=True)) == {"handling"}
    assert clerk.post("/lists/act/", {"edge": "approve", "number": numbers}).status_code == 404


def test_a_short_export_comes_at_once_masked_and_on_record(orders: dict[str, WorkOrder]) -> None:
    columns = ["number", "who", "telephone", "text"]
    query = "/lists/export/?" + "&".join(f"columns={name}" for name in columns)
    clerk = signed_in("clerk")
    assert clerk.post(query, {"form": "csv", "reason": ""}).status_code == 302
    assert not AccessRecord.objects.exists()
    answer = clerk.post(query, {"form": "csv", "reason": "核对本单位工单"})
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert rows[0] == ["工单号", "姓名", "电话", "诉求内容"]
    assert {row[0] for row in rows[1:]} == {orders["water"].number, orders["closed"].number}
    assert all(row[1:3] == ["王**", "138****8000"] for row in rows[1:])
    assert AccessRecord.objects.get().reason == "核对本单位工单"


def test_a_long_export_is_written_by_the_worker_once(orders: dict[str, WorkOrder], town: Town) -> None:
    dispatched(town, text='=HYPERLINK("http://evil") 停水', confidential=True)
    dispatcher = signed_in("dispatcher")
    dispatcher.post("/lists/export/?columns=number&columns=text&columns=telephone", {"form": "xlsx", "reason": "月报"})
    one = Export.objects.get()
    assert "排队" in dispatcher.get("/lists/exports/").content.decode()
    actions.write_export(pk=one.pk)
    actions.write_export(pk=one.pk)
    one.refresh_from_db()
    assert (one.state, one.written) == ("done", 4)
    answer = dispatcher.get(f"/lists/exports/{one.pk}/file/")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("工单号", "诉求内容", "电话")
    assert any(str(row[1]).startswith("'=HYPERLINK") for row in rows)
    assert [row[2] for row in rows[1:]].count("138****8000") == 2
    assert signed_in("supervisor").get(f"/lists/exports/{one.pk}/file/").status_code == 404
    with clock.at(clock.now() + timedelta(days=8)):
        assert actions.discard_exports() == 1
    assert not Export.objects.exists()


def test_criteria_go_through_json() -> None:
    criteria = Criteria(words="停水", states=("closed",), received=("2026-01-01", ""), late=True, grades=(5,))
    assert Criteria.from_json(criteria.to_json()) == criteria
    assert Criteria().to_json() == {"sort": "-received_at"}
    assert TEXT
