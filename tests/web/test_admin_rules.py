# SPDX-License-Identifier: Apache-2.0
"""The administrator's pages through Django's client: catalogue, rule packs, calendar, learning, texts."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from rexian.directory import clock
from rexian.directory.models import CalendarDay, CatalogueLine, Change, City
from rexian.intake import actions as intake
from rexian.intake import tasks
from rexian.intake.automatic import would_have_done
from rexian.intake.models import LearnedModel
from rexian.jobs.actions import record_failure
from rexian.orders.models import TextTemplate, WorkOrder
from rexian.security.errors import Refusal
from rexian.security.models import AccessRecord
from tests.directory.test_notice import notice_of
from tests.factories import Town, dispatched, received
from tests.web.test_admin import queries, text_of
from tests.web.test_pages import signed_in

pytestmark = pytest.mark.django_db


# Catalogue


def test_a_change_of_the_catalogue_is_seen_before_it_is_made(town: Town) -> None:
    dispatched(town)
    dispatched(town)
    WorkOrder.objects.filter(pk=dispatched(town).pk).update(lead=town.other)
    WorkOrder.objects.filter(pk=dispatched(town).pk).update(received_at=timezone.now() - timedelta(days=40))
    line = CatalogueLine.objects.get(category=town.outage)
    client, url = signed_in("steward"), f"/admin/catalogue/{line.pk}/"
    since = (clock.today() + timedelta(days=1)).isoformat()
    values = {"lead": "市住建局（HOUSE）", "since": since, "basis": "会议纪要"}
    page = text_of(client.post(url, values | {"do": "try"}))
    assert "收到 3 张，其中 3 张会派往别处" in page
    assert re.search(r"市自来水公司 → 市住建局：3 张 .*实际已派到那里 1 张", page)
    assert "/lists/?category=Y010101&amp;received_from=" in page
    assert CatalogueLine.objects.count() == 2, "nothing is saved by looking"
    client.post(url, values | {"do": "save"})
    line.refresh_from_db()
    new = CatalogueLine.objects.get(category=town.outage, until=None)
    assert (line.until.isoformat(), new.lead, new.since.isoformat()) == (since, town.other, since)
    page = text_of(client.get(f"/admin/catalogue/{new.pk}/"))
    assert "会议纪要" in page
    assert "市自来水公司" in page


def test_a_line_for_a_smaller_area_moves_only_the_orders_there(town: Town) -> None:
    dispatched(town)
    WorkOrder.objects.filter(pk=dispatched(town).pk).update(area=None)
    values = {
        "category": "城乡建设 › 供水（Y0101）",
        "area": "河东区",
        "lead": "HOUSE",
        "since": clock.today().isoformat(),
    }
    page = text_of(signed_in("steward").post("/admin/catalogue/new/", values | {"do": "try"}))
    assert "收到 1 张，其中 0 张会派往别处" in page, "the line of the narrower category holds"
    values["category"] = "Y010101"
    page = text_of(signed_in("steward").post("/admin/catalogue/new/", values | {"do": "try"}))
    assert "收到 1 张，其中 1 张会派往别处" in page


def test_a_line_is_ended_after_a_look(town: Town) -> None:
    dispatched(town)
    line = CatalogueLine.objects.get(category=town.outage)
    client, url = signed_in("steward"), f"/admin/catalogue/{line.pk}/end/"
    until = (clock.today() + timedelta(days=1)).isoformat()
    assert "市自来水公司 → 目录没有写明" in text_of(client.post(url, {"until": until, "do": "try"}))
    assert "失效日期须晚于" in text_of(client.post(url, {"until": "2025-01-01", "do": "save"}))
    client.post(url, {"until": until, "do": "save"})
    line.refresh_from_db()
    assert line.until.isoformat() == until
    assert text_of(client.get("/admin/catalogue/")).count("/admin/catalogue/") > 3


def test_the_catalogue_asks_no_more_for_more_lines(town: Town) -> None:
    client = signed_in("steward")
    few = queries(client, "/admin/catalogue/")
    for n in range(15):
        CatalogueLine.objects.create(
            number=10 + n,
            category=town.outage.parent,
            lead=town.water,
            assisting=[town.other.pk],
            since=f"2026-02-{n + 1:02}",
            until=f"2026-12-{n + 2:02}",
        )
    assert queries(client, "/admin/catalogue/") == few


# Rule packs


def test_two_packs_are_compared(town: Town) -> None:
    page = text_of(signed_in("steward").get("/admin/packs/compare/?left=shandong-2020/1&right=guangdong-2022/1"))
    assert 'class="differs"><strong>2 个工作日</strong>' in page
    assert "山东 2020" in page
    assert "4 处不同" in page, "handling by kind three times, and the return"
    same = text_of(signed_in("steward").get("/admin/packs/compare/?left=shandong-2020/1"))
    assert "differs" not in same


def test_a_pack_is_tried_and_set_live_with_its_reason(town: Town) -> None:
    order = dispatched(town)
    due = order.due_at
    WorkOrder.objects.filter(pk=dispatched(town, kind="complaint", text="投诉停水").pk).update(
        dispatched_at=timezone.now() - timedelta(days=4)
    )
    client = signed_in("administrator")
    page = text_of(client.get("/admin/packs/trial/?pack=guangdong-2022/1"))
    assert "试算了 2 张" in page
    total = re.findall(r'data-head="按(?:现行|它)逾期">(\d+)', page)[:2]
    assert total == ["1", "0"], "24 hours for water are over, ten or fifteen working days are not"
    assert "理由" in text_of(client.post("/admin/packs/live/", {"key": "guangdong-2022/1", "reason": ""}))
    assert City.objects.get().rule_pack == "beijing-2021"
    client.post("/admin/packs/live/", {"key": "guangdong-2022/1", "reason": "省里统一规定"})
    assert City.objects.get().rule_pack == "guangdong-2022/1"
    assert Change.objects.get(table="city").after["reason"] == "省里统一规定"
    assert "省里统一规定" in text_of(client.get("/admin/packs/"))
    order.refresh_from_db()
    assert order.due_at == due
    assert dispatched(town).pack == "guangdong-2022/1"


# Calendar


def test_a_local_day_is_kept(town: Town) -> None:
    client = signed_in("steward")
    client.post("/admin/calendar/day/", {"day": "2026-07-01", "working": "", "reason": "城市日"})
    page = text_of(client.get("/admin/calendar/?year=2026"))
    assert 'title="城市日">1<small>休' in page
    assert "国务院通知已知" in page
    assert "还不知道 2031 年" in text_of(client.get("/admin/calendar/?year=2031"))
    assert client.get("/admin/calendar/?year=99").status_code == 404


def test_a_notice_is_read_shown_and_then_kept(town: Town) -> None:
    text = (
        "国务院办公厅关于2027年部分节假日安排的通知 "
        "元旦：1月1日（周五）至3日（周日）放假，共3天。春节：2月5日（周五）至11日（周四）放假调休，共7天。2月14日（周日）上班。"
        "清明节：4月5日（周一）放假，共1天。劳动节：5月1日至3日放假调休，共3天。端午节：6月9日放假。中秋节：9月15日放假。"
        "国庆节：10月1日至7日放假调休，共7天。10月9日（周六）上班。"
    )
    client = signed_in("steward")
    page = text_of(client.post("/admin/calendar/notice/", {"text": text, "do": "try"}))
    assert "读出 25 天" in page
    assert not CalendarDay.objects.exists()
    wrong = text.replace("2月14日（周日）", "2月14日（周六）")
    page = text_of(client.post("/admin/calendar/notice/", {"text": wrong, "do": "save"}))
    assert "2027-02-14 写作周六，实为周日" in page
    assert not CalendarDay.objects.exists()
    client.post("/admin/calendar/notice/", {"text": text, "do": "save"})
    assert (CalendarDay.objects.filter(national=True).count(), CalendarDay.objects.filter(working=True).count()) == (
        25,
        2,
    )
    assert "国务院通知已知" in text_of(client.get("/admin/calendar/?year=2027"))


def test_a_notice_that_the_library_knows_changes_nothing(town: Town) -> None:
    page = text_of(signed_in("steward").post("/admin/calendar/notice/", {"text": notice_of(2026), "do": "try"}))
    assert "其中 0 天与现在的日历不同" in page


# Learning


def test_the_threshold_is_set_with_its_reason(town: Town) -> None:
    client = signed_in("administrator")
    for above, said in (("40", "大于或等于50.1"), ("101", "小于或等于100")):
        assert said in text_of(client.post("/admin/learning/threshold/", {"above": above, "reason": "试行"}))
    client.post("/admin/learning/threshold/", {"above": "92.5", "reason": "试行三个月"})
    assert City.objects.get().dispatch_above == pytest.approx(0.925)
    assert Change.objects.get(table="city").after["reason"] == "试行三个月"
    client.post("/admin/learning/threshold/", {"above": "", "reason": "试行结束"})
    assert City.objects.get().dispatch_above is None


def test_what_would_have_been_done_is_counted_in_one_query(town: Town) -> None:
    for sure, label in ((0.96, "WATER"), (0.85, "HOUSE"), (0.6, "WATER")):
        proposal = {"department": {"label": label, "confidence": sure}}
        WorkOrder.objects.filter(pk=dispatched(town).pk).update(proposal=proposal)
    received(town)
    with CaptureQueriesContext(connection) as seen:
        found = would_have_done((0.5, 0.8, 0.9))
    assert len(seen) == 1
    assert [(one.orders, one.dispatched, one.right, one.wrong) for one in found] == [
        (3, 3, 2, 1),
        (3, 2, 1, 1),
        (3, 1, 1, 0),
    ]
    assert would_have_done((0.5,), newest=2)[0].orders == 2


def test_training_is_asked_for_once_and_its_outcome_shown(town: Town) -> None:
    client = signed_in("steward")
    assert "最近没有学习任务" in text_of(client.get("/admin/learning/"))
    client.post("/admin/learning/train/")
    assert "已在排队" in text_of(client.post("/admin/learning/train/", follow=True))
    assert ProcrastinateJob.objects.filter(task_name=intake.TRAIN, status="todo").count() == 1
    assert AccessRecord.objects.get(act="train").user.username == "steward"
    assert "在排队" in text_of(client.get("/admin/learning/training/"))
    with pytest.raises(Refusal, match="至少要 300 张"):
        tasks.train()
    job = ProcrastinateJob.objects.get(task_name=intake.TRAIN)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [job.pk])
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s", [job.pk])
    record_failure(job=job.pk, task=intake.TRAIN, error=ValueError("工单太少"))
    assert "没有学成" in text_of(client.get("/admin/learning/training/"))
    assert "工单太少" in text_of(client.get("/admin/learning/"))


# Texts


def test_a_text_is_kept_and_offered_filled_in(town: Town) -> None:
    client = signed_in("steward")
    values = {
        "edge": "refuse",
        "name": "不属于本市",
        "text": "您的诉求（{number}，{category}）请向属地反映。{lead}",
        "active": "on",
    }
    assert "没有这样的占位：{who}" in text_of(client.post("/admin/texts/new/", values | {"text": "{who}您好"}))
    client.post("/admin/texts/new/", values)
    assert "已有名叫" in text_of(client.post("/admin/texts/new/", values))
    order = received(town).order
    page = text_of(signed_in("dispatcher").get(f"/work/orders/{order.number}/"))
    assert f"您的诉求（{order.number}，）请向属地反映。</dd>" in page
    assert 'data-texts="id_refuse-reason"' in page
    text = TextTemplate.objects.get()
    client.post(f"/admin/texts/{text.pk}/", {name: value for name, value in values.items() if name != "active"})
    assert "停用" in text_of(client.get("/admin/texts/"))
    assert "data-texts" not in text_of(signed_in("dispatcher").get(f"/work/orders/{order.number}/"))
    assert "您的诉求" in text_of(client.get(f"/admin/texts/{text.pk}/"))


def test_a_model_without_all_measures_is_shown(town: Town) -> None:
    """A router is measured by other numbers than a classifier: what it lacks stands as a dash."""
    for sort in LearnedModel.Sort.values:
        LearnedModel.objects.create(
            sort=sort, trained_at=clock.now(), orders=9, live=True, content=b"", metrics={"category": 0.875}
        )
        LearnedModel.objects.filter(sort="router").update(metrics={})
    page = text_of(signed_in("steward").get("/admin/learning/"))
    assert "87.5%" in page
    assert page.count("—") >= 5
