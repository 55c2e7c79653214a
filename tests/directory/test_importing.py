# SPDX-License-Identifier: Apache-2.0
import io
from datetime import date
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from rexian.directory.actions import export_table, import_table
from rexian.directory.importing import MOST_PROBLEMS, BadFile, Report
from rexian.directory.models import (
    Area,
    CalendarDay,
    CatalogueLine,
    Category,
    Change,
    Citizen,
    Department,
    Identity,
)
from rexian.directory.queries import by_of, find_citizen
from rexian.directory.tables import TABLES
from rexian.security.errors import Forbidden, Refusal
from rexian.security.identity import SYSTEM
from rexian.security.models import AccessRecord, User
from rexian.security.posts import Post
from tests.factories import Town

pytestmark = pytest.mark.django_db
TREE = "代码,名称,上级\nA,城建,\nA1,供水,A\nA11,停水,A1\n"


def take(name: str, text: str, encoding: str = "utf-8", **options: Any) -> Report:
    return import_table(by=SYSTEM, name=name, file=io.BytesIO(text.encode(encoding)), **options)


def wrong(name: str, text: str, **options: Any) -> list[str]:
    with pytest.raises(BadFile) as bad:
        take(name, text, **options)
    return [str(problem) for problem in bad.value.problems]


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.added, report.changed, report.same, report.ended


def exported(name: str, **options: Any) -> str:
    return "".join(export_table(**({"by": SYSTEM, "name": name} | options)))


# One table after the other ---------------------------------------------------------------------------------------------


def test_a_tree_in_any_order_and_encoding() -> None:
    lines = TREE.splitlines()
    text = "\n".join([lines[0], *reversed(lines[1:])])
    assert counts(take("categories", text, "gb18030")) == (3, 0, 0, 0)
    assert counts(take("categories", TREE, "utf-8-sig")) == (0, 0, 3, 0)
    leaf = Category.objects.get(code="A11")
    assert (leaf.level, leaf.full_name) == (3, "城建 › 供水 › 停水")


def test_a_column_that_is_not_there_is_left_and_an_empty_cell_empties() -> None:
    take("categories", "代码,名称,关键词,默认性质\nA,城建,停水、没水，断水,求助\n")
    take("categories", "代码,名称,默认性质\nA,城市建设,\n")
    one = Category.objects.get()
    assert (one.name, one.keywords, one.default_kind) == ("城市建设", ["停水", "没水", "断水"], "")


def test_a_renamed_branch_renames_what_is_below() -> None:
    take("categories", TREE)
    take("categories", "代码,名称\nA,建设\n")
    assert Category.objects.get(code="A11").full_name == "建设 › 供水 › 停水"


def test_a_complete_file_ends_what_it_does_not_name() -> None:
    take("categories", TREE)
    report = take("categories", "代码,名称,上级\nA,城建,\nB,交通,\n", complete=True)
    assert counts(report) == (1, 0, 1, 1)
    assert set(Category.objects.filter(active=True).values_list("code", flat=True)) == {"A", "B"}
    with pytest.raises(Refusal, match="不能按完整名单导入"):
        take("calendar", "日期,上班,原因\n2027-01-01,否,元旦\n", complete=True)
    assert not CalendarDay.objects.exists()


def test_areas_find_their_place_by_their_code() -> None:
    take("areas", "代码,名称\n990102001,春和街道\n990102,河东区\n990100,榆城市\n")
    assert [area.parent and area.parent.code for area in Area.objects.order_by("level")] == [None, "990100", "990102"]
    assert Area.objects.get(code="990100").stem == "9901"
    assert wrong("areas", "code,name,parent\n990205,外地,990100\n") == [
        "第 2 行“上级”列（990100）：代码 990205 不在上级 990100 之内"
    ]


def test_a_municipality_and_a_city_without_districts() -> None:
    take("areas", "代码,名称\n990000,直辖市\n990101,东城\n")
    assert Area.objects.get(code="990101").parent == Area.objects.get(code="990000")
    take("areas", "代码,名称\n981900,无区市\n981900003,东城街道\n")
    assert Area.objects.get(code="981900003").parent == Area.objects.get(code="981900")


def test_departments_move_with_all_below_them(town: Town) -> None:
    take("departments", "代码,名称,上级\nGROUP,水务集团,\nWATER,市自来水公司,GROUP\n")
    group, water, section = (Department.objects.get(code=code) for code in ("GROUP", "WATER", "WATER-1"))
    assert water.path == f"{group.path}{water.pk}/"
    assert section.path == f"{water.path}{section.pk}/"
    assert wrong("departments", "代码,名称,上级\nGROUP,水务集团,WATER-1\n") == [
        "第 2 行“上级”列（WATER-1）：不能成为自己的下级"
    ]


def test_staff_get_an_account_without_a_password(town: Town) -> None:
    text = "账号,姓名,工号,岗位,部门,区域\nnew,吴芳,A1,话务员,HOTLINE,990102\n"
    assert counts(take("staff", text)) == (1, 0, 0, 0)
    assert counts(take("staff", text)) == (0, 0, 1, 0)
    user = User.objects.get(username="new")
    assert (user.post, user.has_usable_password(), by_of(user).areas) == (Post.AGENT, False, ("990102",))
    take("staff", "账号,姓名,工号,岗位,部门,启用\nnew,吴芳,A1,clerk,WATER,否\n")
    user.refresh_from_db()
    assert (user.is_active, user.sessions_since) == (False, 1)
    assert by_of(user).departments == {town.water.pk, town.section.pk}


def test_the_catalogue_is_ended_and_begun_never_rewritten(town: Town) -> None:
    line = CatalogueLine.objects.get(number=1)
    text = "分类,区域,主办单位,协办单位,生效日期,依据\nY010101,,HOUSE,,2026-06-01,新三定方案\n"
    assert counts(take("catalogue", text)) == (0, 1, 0, 0)
    assert counts(take("catalogue", text)) == (0, 0, 1, 0)
    line.refresh_from_db()
    assert line.until == date(2026, 6, 1)
    assert CatalogueLine.objects.get(number=1, until=None).lead == town.other
    assert wrong("catalogue", "分类,主办单位,生效日期\nY010101,WATER,2026-06-01\n") == [
        "第 2 行“生效日期”列（2026-06-01）：现行第 1 条自 2026-06-01 起生效，不改写：请写更晚的生效日期"
    ]
    assert take("catalogue", exported("catalogue")).same == 3
    report = take("catalogue", text, complete=True)
    assert counts(report) == (0, 0, 1, 1)


def test_the_citys_own_days() -> None:
    take("calendar", "日期,上班,原因\n2026/9/9,否,建城纪念日\n")
    assert CalendarDay.objects.get().day == date(2026, 9, 9)


def test_citizens_are_one_person_over_all_their_numbers() -> None:
    text = "电话,微信,姓名,称呼,住址\n13800138000 0990-5553001,,王小明,王老师,春和小区\n,oGZUI0egBJY1zhBYw2,李红,,\n"
    assert counts(take("citizens", text)) == (2, 0, 0, 0)
    assert counts(take("citizens", text)) == (0, 0, 2, 0)
    assert counts(take("citizens", "手机号,姓名,称呼\n138 0013 8000,,王先生\n".replace(" ", ""))) == (0, 1, 0, 0)
    one = find_citizen(telephone="0990 5553001")
    assert one is not None
    assert (one.name, one.salutation) == ("王小明", "王先生")
    assert wrong("citizens", "电话,微信\n13800138000,oGZUI0egBJY1zhBYw2\n1380013800,\n,\n") == [
        "第 2 行：这一行的号码属于两位诉求人，请先合并",
        "第 3 行“电话”列（1380013800）：手机号少 1 位：应为 11 位数字",
    ]


@pytest.mark.slow
def test_many_citizens_take_few_queries(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    text = "电话,姓名\n" + "".join(f"138{number:08d},张{number}\n" for number in range(2500))
    with django_assert_max_num_queries(20):
        assert take("citizens", text).added == 2500
    assert Identity.objects.count() == Citizen.objects.count() == 2500


# What is wrong ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("areas", "", ["第 1 行：文件是空的"]),
        ("areas", "编号,名称\n1,2\n", ["第 1 行“代码”列：缺少这一列"]),
        ("areas", "代码,code,名称\n1,1,2\n", ["第 1 行“代码”列：这一列出现了不止一次"]),
        ("areas", "代码,名称\n990100\n", ["第 2 行：应有 2 列，实有 1 列"]),
        ("areas", "代码,名称\n99010,榆城市\n", ["第 2 行“代码”列（99010）：区划代码应为 6 位数字，街道、乡镇为 9 位"]),
        ("areas", "代码,名称,级别\n990100,榆城市,2\n", ["第 2 行“级别”列（2）：代码 990100 是第 1 级，与所填级别 2 不符"]),
        ("areas", "代码,名称\n990102,河东区\n", ["第 2 行“上级”列：没有上级区域，请先导入上级"]),
        ("areas", "代码,名称,经度\n990100,榆城市,190\n", ["第 2 行“经度”列（190.0）：应在 -180 和 180 之间"]),
        ("areas", "代码,名称,经度\n990100,榆城市,东\n", ["第 2 行“经度”列（东）：应为数字"]),
        ("areas", '代码,名称,边界\n990100,榆城市,"{""type"": ""Point""}"\n', ["边界应为 GeoJSON 的 Polygon"]),
        ("areas", f"代码,名称\n990100,{'榆' * 65}\n", ["64"]),
        ("areas", "代码,名称\n990100,榆\x00城\n", ["第 2 行“名称”列", "含有控制字符"]),
        ("categories", "代码,名称\nA,甲\nA,乙\n", ["第 3 行“代码”列（A）：与第 2 行重复"]),
        ("categories", "代码,名称,上级\nA,甲,B\nB,乙,A\n", ["第 2 行“上级”列（B）：上下级成了环", "第 3 行"]),
        ("categories", "代码,名称,上级\nA,甲,X\n", ["第 2 行“上级”列（X）：没有代码 X"]),
        ("categories", TREE + "A111,四级,A11\n", ["第 5 行“上级”列（A11）：分类最多三级"]),
        ("categories", "代码,名称,默认性质\nA,甲,抱怨\n", ["应为 咨询、求助、投诉、举报、建议、表扬 之一"]),
        ("categories", "代码,名称,办理时限\nA,甲,3\n", ["第 2 行“时限单位”列：办理时限和单位须同时填写"]),
        ("categories", "代码,名称,办理时限,时限单位\nA,甲,0,天\n", ["办理时限应大于零"]),
        ("categories", "代码,名称,启用\nA,甲,也许\n", ["应为“是”或“否”"]),
        ("categories", "一级分类,二级分类,三级分类\n城建,,停水\n", ["第 2 行“二级分类”列：不能为空"]),
        ("departments", "代码,名称,内设机构\nA,甲科,是\n", ["第 2 行“上级”列：内设机构须有上级"]),
        ("calendar", "日期,上班,原因\n2026-02-30,否,?\n", ["第 2 行“日期”列（2026-02-30）：应为 2026-01-31 这样的日期"]),
        ("citizens", "电话,姓名\n,王小明\n", ["第 2 行“电话”列：电话、微信、身份证号至少填一项"]),
        ("citizens", f"电话,称呼\n13800138000,{'王' * 65}\n", ["第 2 行“称呼”列"]),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line_column_and_value(name: str, text: str, said: list[str]) -> None:
    told = "\n".join(wrong(name, text))
    for part in said:
        assert part in told
    assert not Change.objects.exists()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("NONE,,WATER,,2026-06-01,", "“分类”列（NONE）：没有代码 NONE"),
        ("Y010101,,WATER,WATER,2026-06-01,", "主办单位不能同时是协办单位"),
        ("Y010101,,HOUSE,,2025-06-01,", "现行第 1 条自 2026-01-01 起生效"),
        ("Y010101,990102,HOUSE,,2026-06-01,2026-06-01", "失效日期须晚于生效日期 2026-06-01"),
    ],
)
def test_faults_of_a_catalogue(town: Town, row: str, said: str) -> None:
    told = wrong("catalogue", f"分类,区域,主办单位,协办单位,生效日期,失效日期\n{row}\n")
    assert len(told) == 1
    assert said in told[0]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("new,吴芳,agent,话务员,,", "“agent”已属于另一账号"),
        ("new,吴芳,A1,承办人,,", "承办岗位须有部门"),
        ("new,吴芳,A1,厂长,,", "应为 话务员、派单员"),
        ("new,吴芳,A1,话务员,NONE,", "没有代码 NONE"),
        ("new,吴芳,A1,话务员,,999999", "没有代码 999999"),
    ],
)
def test_faults_of_staff(town: Town, row: str, said: str) -> None:
    assert said in "\n".join(wrong("staff", f"账号,姓名,工号,岗位,部门,区域\n{row}\n"))
    assert not User.objects.filter(username="new").exists()


def test_what_hangs_on_a_faulty_line_is_not_told_as_well() -> None:
    assert wrong("categories", "代码,名称,上级,办理时限,时限单位\nA,城建,,5,\nA1,供水,A,,\n") == [
        "第 2 行“时限单位”列：办理时限和单位须同时填写"
    ]


def test_of_very_many_faults_the_first_are_told() -> None:
    with pytest.raises(BadFile, match="共 300 处") as bad:
        take("calendar", "日期,上班,原因\n" + "?,?,?\n" * 150)
    assert len(str(bad.value).splitlines()) == MOST_PROBLEMS + 1


def test_headings_of_the_files_own_and_columns_of_no_use() -> None:
    report = take("categories", "分类号,标题,部门\nA,城建,?\n", renamed={"code": "分类号", "name": "标题"})
    assert counts(report) == (1, 0, 0, 0)
    assert report.notes == ["没有用到的列：部门。"]


def test_only_those_who_keep_the_directory_may(town: Town) -> None:
    for name in ("agent", "head", "leader"):
        with pytest.raises(Forbidden):
            import_table(by=town.by(name), name="categories", file=io.BytesIO(TREE.encode()))
        with pytest.raises(Forbidden):
            export_table(by=town.by(name), name="staff")
    import_table(by=town.by("steward"), name="categories", file=io.BytesIO(TREE.encode()))
    change = Change.objects.filter(table="category").latest("pk")
    assert (change.user, change.before, change.subject) == (town.users["steward"], None, "A11")


# Out and in again ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(set(TABLES) - {"citizens"}))
def test_what_is_exported_can_be_imported_and_changes_nothing(town: Town, name: str) -> None:
    take("calendar", "日期,上班,原因\n2026-09-09,否,=建城纪念日\n")
    text = exported(name)
    before = Change.objects.count()
    report = take(name, text.removeprefix("﻿"), "utf-8-sig")
    assert counts(report) == (0, 0, text.count("\r\n") - 1, 0)
    assert Change.objects.count() == before
    assert "\n=" not in text
    assert ",=" not in text


def test_citizens_leave_masked_unless_there_is_a_reason(town: Town) -> None:
    take("citizens", "电话,姓名,住址\n13800138000,王小明,春和小区3号楼\n+85255551234,=王,\n")
    steward = town.by("steward")
    assert "138" not in exported("citizens", by=steward)
    assert "王" not in exported("citizens", by=steward)
    with pytest.raises(Refusal, match="理由"):
        export_table(by=steward, name="citizens", full=True)
    with pytest.raises(Refusal, match="账号"):
        export_table(by=SYSTEM, name="citizens", full=True, reason="迁移到新系统")
    text = exported("citizens", by=steward, full=True, reason="迁移到新系统")
    assert "13800138000,,,王小明,,春和小区3号楼" in text
    assert "'+85255551234,,,'=王" in text
    assert AccessRecord.objects.get().reason == "迁移到新系统"
    assert counts(take("citizens", text)) == (0, 0, 2, 0)
