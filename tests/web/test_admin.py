# SPDX-License-Identifier: Apache-2.0
"""The administrator's pages through Django's client."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from rexian.directory.models import Area, CalendarDay, CatalogueLine, Category, Change, City, Department, Staff
from rexian.intake import actions as intake
from rexian.intake import tasks
from rexian.intake.automatic import would_have_done
from rexian.jobs.actions import record_failure
from rexian.orders import clock
from rexian.orders.models import TextTemplate, WorkOrder
from rexian.security import second
from rexian.security.actions import reset_password
from rexian.security.errors import Refusal
from rexian.security.models import AccessRecord, SecondFactor, User
from tests.directory.test_notice import notice_of
from tests.factories import Town, dispatched, received
from tests.web.test_pages import signed_in

pytestmark = pytest.mark.django_db
PAGES = ["", "tables/departments/", "tables/categories/", "tables/areas/", "catalogue/", "catalogue/new/", "packs/"]
PAGES += ["packs/compare/", "packs/trial/", "calendar/", "learning/", "learning/training/", "texts/", "texts/new/"]
STAFF = ["staff/", "staff/new/", "tables/staff/import/", "tables/staff/export/"]


def text_of(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode("utf-8-sig")


def queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def test_both_posts_keep_the_directory_and_only_the_administrator_the_staff(town: Town) -> None:
    administrator, steward = signed_in("administrator"), signed_in("steward")
    for page in PAGES:
        assert (administrator.get(f"/admin/{page}").status_code, steward.get(f"/admin/{page}").status_code) == (
            200,
            200,
        )
    for page in STAFF:
        assert (administrator.get(f"/admin/{page}").status_code, steward.get(f"/admin/{page}").status_code) == (
            200,
            403,
        )
    assert "人员</a>" not in text_of(steward.get("/admin/"))
    for page in (
        "tables/all/",
        "tables/citizens/export/",
        "tables/citizens/import/",
        "staff/999999/",
        "packs/trial/?pack=x",
        "packs/compare/?left=/etc/x",
    ):
        assert administrator.get(f"/admin/{page}").status_code == 404, page


# Staff


def test_staff_are_found_by_name_post_and_department(town: Town) -> None:
    client = signed_in("administrator")

    def found(**query: str) -> set[str]:
        page = text_of(client.get("/admin/staff/", query))
        return set(re.findall(r'/admin/staff/\d+/">张(\w+)<', page))

    assert found(q="strang") == {"stranger"}
    assert found(post="clerk") == {"clerk", "stranger"}
    assert found(department="市自来水公司（WATER）") == {"clerk", "head"}
    assert found(ended="on") == set()


def test_the_list_of_staff_is_paged_by_key_and_asks_no_more_for_more_people(town: Town) -> None:
    client = signed_in("administrator")
    few = queries(client, "/admin/staff/")
    for n in range(60):
        user = User.objects.create(username=f"u{n}", name=f"李{n:02}", number=f"9{n:03}", post="agent")
        Staff.objects.create(user=user, department=town.water).areas.add(town.area)
    assert queries(client, "/admin/staff/") <= few + 1, "the areas of all rows come in one query"
    first = text_of(client.get("/admin/staff/"))
    after = re.search(r"\?after=([^&\"]+)", first)
    assert after
    second = text_of(client.get("/admin/staff/", {"after": after[1]}))
    names = [set(re.findall(r'/admin/staff/(\d+)/">', page)) for page in (first, second)]
    assert len(names[0]) == 50
    assert names[0].isdisjoint(names[1])
    assert len(names[0] | names[1]) == User.objects.count()


def test_a_person_comes_moves_and_leaves_on_record(town: Town) -> None:
    client = signed_in("administrator")
    values = {
        "username": "liwei",
        "name": "李伟",
        "number": "1001",
        "post": "clerk",
        "department": "市自来水公司（WATER）",
    }
    assert "承办岗位须有部门" in text_of(client.post("/admin/staff/new/", values | {"department": ""}))
    page = client.post("/admin/staff/new/", values | {"areas": "河东区"})
    user = User.objects.get(username="liwei")
    assert page["Location"] == f"/admin/staff/{user.pk}/"
    assert (user.staff.department, list(user.staff.areas.all())) == (town.water, [Area.objects.get(name="河东区")])
    assert not user.has_usable_password()
    client.post(
        page["Location"],
        values | {"post": "agent", "areas": "春和街道（990102001）、河东区（990102）", "extension": "8001"},
    )
    user.refresh_from_db()
    assert (user.post, user.sessions_since, user.staff.extension) == ("agent", 1, "8001")
    history = text_of(client.get(page["Location"]))
    for words in ("承办人", "话务员", "990102、990102001", "张administrator"):
        assert words in history
    client.post(f"/admin/staff/{user.pk}/use/")
    user.refresh_from_db()
    assert (user.is_active, user.sessions_since) == (False, 2)
    client.post(f"/admin/staff/{user.pk}/use/", {"active": "on"})
    assert User.objects.get(pk=user.pk).is_active


def test_nobody_ends_or_moves_oneself(town: Town) -> None:
    client, own = signed_in("administrator"), town.users["administrator"]
    page = client.post(f"/admin/staff/{own.pk}/use/", follow=True)
    assert "不能停用自己" in text_of(page)
    values = {"name": own.name, "number": own.number, "post": "leader"}
    assert "不能停用自己" in text_of(client.post(f"/admin/staff/{own.pk}/", values))
    own.refresh_from_db()
    assert (own.is_active, own.post) == (True, "administrator")


def test_a_reset_password_is_shown_once_opens_only_its_change_and_ends_the_sessions(town: Town) -> None:
    client, agent, theirs = signed_in("administrator"), town.users["agent"], signed_in("agent")
    answer = client.post(f"/admin/staff/{agent.pk}/password/")
    once = re.search(r'class="code">([\w-]+)<', text_of(answer))
    assert once
    assert "no-store" in answer["Cache-Control"]
    assert once[1] not in text_of(client.get(f"/admin/staff/{agent.pk}/"))
    assert theirs.get("/desk/").status_code == 302, "the old session is over"
    assert AccessRecord.objects.get(act="reset_password").subject == "agent"
    fresh = Client()
    assert fresh.post("/account/in/", {"username": "agent", "password": once[1]}).status_code == 302
    assert fresh.get("/desk/")["Location"] == "/account/password/"
    assert fresh.post("/desk/")["Location"] == "/account/password/"
    assert "不能再用" in text_of(fresh.post("/account/password/", {"old": once[1], "new": once[1]}))
    assert fresh.post("/account/password/", {"old": once[1], "new": "a wholly new sentence"}).status_code == 302
    assert fresh.get("/desk/").status_code == 200


def test_signing_out_everywhere(town: Town) -> None:
    theirs = signed_in("agent")
    signed_in("administrator").post(f"/admin/staff/{town.users['agent'].pk}/leave/")
    assert theirs.get("/desk/").status_code == 302
    assert AccessRecord.objects.filter(act="sign_out_everywhere", user=town.users["administrator"]).exists()


def test_a_new_password_goes_before_the_second_factor(town: Town, settings: Any) -> None:
    settings.SECOND_FACTOR_POSTS = frozenset({"agent"})
    once = reset_password(user=town.users["agent"], by=town.by("administrator"))
    client = Client()
    assert client.post("/account/in/", {"username": "agent", "password": once})["Location"] == "/account/second/set-up/"
    assert client.get("/account/second/set-up/")["Location"] == "/account/password/"
    assert client.post("/account/password/", {"old": once, "new": "a wholly new sentence"}).status_code == 302
    assert client.get("/account/second/set-up/").status_code == 200
    assert client.get("/desk/")["Location"] == "/account/second/set-up/"


def test_what_a_post_sees_stands_on_the_page_of_its_people(town: Town) -> None:
    page = text_of(signed_in("administrator").get(f"/admin/staff/{town.users['clerk'].pk}/"))
    told = re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", page)
    assert told[0] == ("工单", "本部门及下级的")
    assert dict(told)["身份证号"] == "看不到"
    page = text_of(signed_in("administrator").get(f"/admin/staff/{town.users['editor'].pk}/"))
    assert "<dd>没有工单</dd>" in page


def test_a_lost_second_factor_is_ended_by_the_administrator(town: Town) -> None:
    agent, client = town.users["agent"], signed_in("administrator")
    factor = second.begin(user=agent)
    SecondFactor.objects.filter(pk=factor.pk).update(confirmed_at=timezone.now())
    assert "关闭两步验证" in text_of(client.get(f"/admin/staff/{agent.pk}/"))
    client.post(f"/admin/staff/{agent.pk}/second/")
    assert not second.confirmed(agent)
    assert AccessRecord.objects.get(act="second_factor").subject == "agent"


# Tables


@pytest.mark.parametrize("slug", ["departments", "categories", "areas"])
def test_tables_are_searched_and_ask_no_more_for_more_rows(town: Town, slug: str) -> None:
    client, url = signed_in("steward"), f"/admin/tables/{slug}/"
    few = queries(client, url)
    for n in range(20):
        Department.objects.create(code=f"D{n}", name=f"单位{n}", parent=town.water, area=town.area)
        Category.objects.create(
            code=f"X{n}", name=f"类{n}", level=2, parent=town.outage.parent.parent, full_name=f"甲 › 类{n}"
        )
        Area.objects.create(
            code=f"9901020{n + 10}", stem=f"9901020{n + 10}", name=f"街{n}", level=3, parent=town.area.parent
        )
    assert queries(client, url) == few
    word, other = {"departments": ("抢修", "住建"), "categories": ("停水", "水费"), "areas": ("春和", "990100<")}[slug]
    page = text_of(client.get(url, {"q": word}))
    assert word in page
    assert other not in page.split("<tbody>")[1]


def test_a_department_is_added_moved_and_told(town: Town) -> None:
    client = signed_in("steward")
    client.post("/admin/tables/departments/new/", {"code": "GAS", "name": "市燃气公司", "active": "on"})
    gas = Department.objects.get(code="GAS")
    url = f"/admin/tables/departments/{gas.pk}/"
    assert "代码 GAS 已有" in text_of(client.post("/admin/tables/departments/new/", {"code": "GAS", "name": "又一个"}))
    client.post(url, {"name": "市燃气集团", "parent": "市住建局（HOUSE）", "active": "on"})
    gas.refresh_from_db()
    assert (gas.name, gas.parent, gas.path) == ("市燃气集团", town.other, f"/{town.other.pk}/{gas.pk}/")
    page = text_of(client.get(url))
    assert "市燃气公司</span> → 市燃气集团" in page
    assert 'value="市住建局（HOUSE）"' in page
    assert "没有“查无此局”" in text_of(client.post(url, {"name": "x", "parent": "查无此局"}))
    assert "不能成为自己的下级" in text_of(client.post(url, {"name": "x", "parent": "GAS", "active": "on"}))


def test_a_name_that_two_have_is_not_guessed(town: Town) -> None:
    for code in ("O1", "O2"):
        Department.objects.create(code=code, name="办公室", parent=town.other, internal=True)
    client = signed_in("steward")
    values = {"code": "N", "name": "新", "parent": "办公室", "active": "on"}
    assert "不止一个" in text_of(client.post("/admin/tables/departments/new/", values))
    client.post("/admin/tables/departments/new/", values | {"parent": "办公室（O2）"})
    assert Department.objects.get(code="N").parent.code == "O2"


def test_a_category_and_an_area_are_edited(town: Town) -> None:
    client = signed_in("steward")
    values = {
        "name": "停水",
        "parent": "城乡建设 › 供水（Y0101）",
        "keywords": "停水、没水 断水",
        "limit": "8",
        "active": "on",
    }
    assert "须同时填写" in text_of(client.post(f"/admin/tables/categories/{town.outage.pk}/", values))
    client.post(f"/admin/tables/categories/{town.outage.pk}/", values | {"limit_unit": "hour", "service": "utility"})
    town.outage.refresh_from_db()
    assert (town.outage.limit, town.outage.keywords) == (8, ["停水", "没水", "断水"])
    client.post(f"/admin/tables/areas/{town.area.pk}/", {"name": "春和街道", "longitude": "105.21", "active": "on"})
    town.area.refresh_from_db()
    assert (town.area.longitude, town.area.latitude) == (105.21, None)
    client.post("/admin/tables/areas/new/", {"code": "990102009", "name": "新街道", "active": "on"})
    assert Area.objects.get(code="990102009").parent == town.area.parent


@pytest.mark.parametrize("in_memory", [10, 2_500_000])
def test_a_file_is_taken_whole_or_not_at_all(town: Town, settings: Any, in_memory: int) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = in_memory
    client, url = signed_in("steward"), "/admin/tables/departments/import/"
    good = text_of(client.get("/admin/tables/departments/export/"))
    bad = good + "NEW,新单位,,,,,,,,是\r\nNEW2,又一个,,没有的代码,,,,,,是\r\n"
    before = (Department.objects.count(), Change.objects.count())
    page = text_of(client.post(url, {"file": SimpleUploadedFile("a.csv", bad.encode("utf-8-sig"))}))
    assert "什么都没有导入" in page
    assert f"第 {len(bad.splitlines())} 行“上级”列（没有的代码）" in page
    assert (Department.objects.count(), Change.objects.count()) == before
    page = text_of(client.post(url, {"file": SimpleUploadedFile("a.csv", good.encode("utf-8-sig"))}))
    assert f"未变 {before[0]}" in page
    fine = good + "NEW,新单位,,,,,,,,是\r\n"
    assert "新增 1" in text_of(client.post(url, {"file": SimpleUploadedFile("a.csv", fine.encode("utf-8-sig"))}))


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
    with pytest.raises(Refusal, match="至少要 200 张"):
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
