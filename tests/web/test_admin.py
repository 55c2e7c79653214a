# SPDX-License-Identifier: Apache-2.0
"""The administrator's pages through Django's client: who opens them, staff, tables."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rexian.directory.models import Area, Category, Change, Department, Staff
from rexian.security import second
from rexian.security.actions import reset_password
from rexian.security.models import AccessRecord, SecondFactor, User
from tests.factories import Town
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
