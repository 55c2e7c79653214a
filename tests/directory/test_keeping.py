# SPDX-License-Identifier: Apache-2.0
"""Single changes of the directory, as its pages make them: checked, recorded, and followed below."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from rexian.directory.actions import (
    Duty,
    begin_line,
    end_line,
    save_area,
    save_category,
    save_city,
    save_day,
    save_department,
    save_notice,
    save_staff,
)
from rexian.directory.models import Area, CalendarDay, CatalogueLine, Category, Change, Department
from rexian.directory.notice import read as read_notice
from rexian.security.errors import Forbidden, Refusal
from rexian.security.identity import SYSTEM
from tests.directory.test_notice import notice_of
from tests.factories import TODAY, Town


def test_a_change_tells_who_and_what_before_and_after(town: Town) -> None:
    steward = town.by("steward")
    save_department(by=steward, department=town.section, values={"contact": "许丽", "parent": town.other})
    change = Change.objects.get()
    assert (change.user, change.role, change.table, change.subject) == (
        town.users["steward"],
        "steward",
        "department",
        "WATER-1",
    )
    assert change.before == {"contact": "", "parent": "WATER"}
    assert change.after == {"contact": "许丽", "parent": "HOUSE"}
    save_department(by=steward, department=town.section, values={"contact": "许丽"})
    assert Change.objects.count() == 1


@pytest.mark.parametrize("act", ["UPDATE directory_change SET subject = ''", "DELETE FROM directory_change"])
def test_the_record_of_changes_cannot_be_edited(town: Town, act: str) -> None:
    save_department(by=SYSTEM, department=town.other, values={"contact": "许丽"})
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act)


def test_only_those_who_keep_the_directory_change_it(town: Town) -> None:
    by = town.by("dispatcher")
    line = CatalogueLine.objects.get(number=1)
    for act in (
        lambda: save_area(by=by, area=town.area, values={"name": "?"}),
        lambda: save_category(by=by, category=town.outage, values={"name": "?"}),
        lambda: save_department(by=by, department=town.water, values={"name": "?"}),
        lambda: save_day(by=by, day=CalendarDay(day=TODAY), values={"working": False, "reason": "?"}),
        lambda: save_staff(by=by, user=town.users["agent"], values={"post": "administrator"}),
        lambda: begin_line(by=by, duty=Duty(town.outage, None, town.other, TODAY)),
        lambda: end_line(by=by, line=line, until=TODAY),
    ):
        with pytest.raises(Forbidden):
            act()
    assert not Change.objects.exists()


def test_out_of_use_goes_downwards_and_nothing_is_in_use_below(town: Town) -> None:
    supply = town.outage.parent
    assert supply is not None
    save_category(by=SYSTEM, category=supply, values={"active": False})
    town.outage.refresh_from_db()
    assert not town.outage.active
    with pytest.raises(Refusal, match="上级“供水”已停用") as refusal:
        save_category(by=SYSTEM, category=town.outage, values={"active": True})
    assert refusal.value.field == "parent"
    save_department(by=SYSTEM, department=town.water, values={"active": False})
    town.section.refresh_from_db()
    assert not town.section.active
    with pytest.raises(Refusal, match="“市自来水公司”已停用"):
        begin_line(by=SYSTEM, duty=Duty(town.policy, town.area, town.water, TODAY))


def test_a_branch_that_moves_takes_its_leaves_along(town: Town) -> None:
    supply = Category.objects.get(code="Y0101")
    top = Category(code="Y02")
    save_category(by=SYSTEM, category=top, values={"name": "公用事业"})
    save_category(by=SYSTEM, category=supply, values={"parent": top})
    assert Category.objects.get(code="Y010101").full_name == "公用事业 › 供水 › 停水"
    with pytest.raises(Refusal, match="自己的下级"):
        save_category(by=SYSTEM, category=top, values={"parent": supply})
    with pytest.raises(Refusal, match="最多三级"):
        save_category(by=SYSTEM, category=Category(code="Y010101X"), values={"name": "?", "parent": town.outage})


def test_two_lines_do_not_hold_at_once(town: Town) -> None:
    duty = Duty(town.outage, town.area, town.other, date(2026, 3, 1))
    begin_line(by=SYSTEM, duty=duty)
    line = CatalogueLine.objects.get(area=town.area)
    assert line.number == 3
    end_line(by=SYSTEM, line=line, until=date(2026, 5, 1))
    with pytest.raises(Refusal, match="与第 3 条重叠，它到 2026-05-01 才失效"):
        begin_line(by=SYSTEM, duty=Duty(town.outage, town.area, town.water, date(2026, 4, 1)))
    with pytest.raises(Refusal, match="已于 2026-05-01 失效"):
        end_line(by=SYSTEM, line=line, until=TODAY)
    begin_line(by=SYSTEM, duty=Duty(town.outage, town.area, town.water, date(2026, 6, 1)))
    assert CatalogueLine.objects.filter(number=3).count() == 2


def test_who_changes_posts_is_signed_out(town: Town) -> None:
    user = town.users["agent"]
    save_staff(by=SYSTEM, user=user, values={"extension": "8012"})
    user.refresh_from_db()
    assert user.sessions_since == 0
    save_staff(by=SYSTEM, user=user, values={"post": "dispatcher"})
    user.refresh_from_db()
    assert user.sessions_since == 1


def test_bad_values_are_refused_at_their_field_and_nothing_is_written(town: Town) -> None:
    with pytest.raises(Refusal) as refusal:
        save_department(by=SYSTEM, department=Department(code="X"), values={"name": "长" * 65})
    assert refusal.value.field == "name"
    with pytest.raises(Refusal) as refusal:
        save_category(by=SYSTEM, category=Category(code="X"), values={"name": ""})
    assert refusal.value.field == "name"
    with pytest.raises(Refusal, match="市级区域没有上级"):
        save_area(by=SYSTEM, area=Area(code="980000"), values={"name": "?", "parent": town.area})
    assert not Department.objects.filter(code="X").exists()
    assert not Change.objects.exists()


def test_staff_are_the_administrators_alone(town: Town) -> None:
    agent, values = town.users["agent"], {"post": "administrator"}
    for name in ("steward", "dispatcher"):
        with pytest.raises(Forbidden):
            save_staff(by=town.by(name), user=agent, values=values)
    with pytest.raises(Forbidden):
        save_staff(by=town.by("administrator"), user=town.users["administrator"], values={"active": False})
    save_staff(by=town.by("administrator"), user=agent, values={"areas": [town.area]})
    change = Change.objects.get(table="staff")
    assert (change.before, change.after) == ({"areas": []}, {"areas": ["990102001"]})


def test_what_the_city_decides_needs_a_reason(town: Town) -> None:
    for values, reason in (({"dispatch_above": 0.9}, " "), ({"dispatch_above": 0.4}, "试行")):
        with pytest.raises(Refusal):
            save_city(by=town.by("administrator"), values=values, reason=reason)
    with pytest.raises(Forbidden):
        save_city(by=town.by("dispatcher"), values={"dispatch_above": 0.9}, reason="试行")
    assert not Change.objects.exists()


def test_a_notice_is_taken_whole_and_twice_changes_nothing(town: Town) -> None:
    notice = read_notice(notice_of(2026))
    assert save_notice(by=town.by("steward"), notice=notice) == len(notice.days)
    assert save_notice(by=town.by("steward"), notice=notice) == 0
    with pytest.raises(Refusal):
        save_notice(by=town.by("steward"), notice=read_notice("国务院办公厅关于2027年部分节假日安排的通知"))
    assert CalendarDay.objects.count() == len(notice.days)
