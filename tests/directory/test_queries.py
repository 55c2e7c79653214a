# SPDX-License-Identifier: Apache-2.0
from datetime import date
from pathlib import Path
from typing import Any

from pytest_django import DjangoAssertNumQueries

from rexian.directory.actions import Duty, begin_line, end_line, save_department
from rexian.directory.models import Area, Category, City, Department, Staff
from rexian.directory.queries import (
    area_chain,
    by_of,
    city,
    demo_accounts,
    forget,
    lines_on,
    responsible,
    subtree,
)
from rexian.security.identity import SYSTEM
from rexian.security.models import User
from rexian.security.posts import Post
from tests.factories import TODAY, Town

BEFORE = date(2026, 2, 1)


def test_a_clerk_sees_the_own_department_and_those_below(town: Town) -> None:
    by = town.by("clerk")
    assert by.departments == {town.water.pk, town.section.pk}
    assert by.areas is None
    assert by.department_id == town.water.pk


def test_posts_of_the_hotline_see_all_departments_but_only_their_areas(town: Town) -> None:
    assert town.by("dispatcher").departments is None
    Staff.objects.get(user__username="dispatcher").areas.set([Area.objects.get(code="990102")])
    assert town.by("dispatcher").areas == ("990102",)


def test_a_department_post_without_a_department_sees_nothing(town: Town) -> None:
    Staff.objects.filter(user__username="clerk").delete()
    assert town.by("clerk").departments == frozenset()
    lone = Department.objects.create(code="LONE", name="没有路径")
    assert list(subtree(lone)) == [lone]


def test_whose_duty_it_is_takes_one_query(town: Town, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    leaf = Category.objects.get(code="Y010101")
    with django_assert_num_queries(1):
        line = responsible(leaf, town.area, TODAY)
        assert line is not None
        assert line.lead.name == "市自来水公司"
        assert line.category == leaf


def test_the_nearest_category_goes_before_the_smallest_area(town: Town) -> None:
    branch, leaf = town.outage.parent, town.outage
    assert branch is not None
    district = Area.objects.get(code="990102")
    begin_line(by=SYSTEM, duty=Duty(branch, town.area, town.other, BEFORE))
    assert _lead(leaf, town.area) == town.water
    begin_line(by=SYSTEM, duty=Duty(leaf, district, town.other, BEFORE))
    assert _lead(leaf, town.area) == town.other
    assert _lead(leaf, None) == town.water
    assert _lead(branch, town.area) == town.other
    assert _lead(branch, district) is None
    end_line(by=SYSTEM, line=lines_on(TODAY).get(category=leaf, area=None), until=TODAY)
    assert _lead(leaf, None) is None
    begin_line(by=SYSTEM, duty=Duty(branch.parent, None, town.water, BEFORE))  # type: ignore[arg-type]
    assert _lead(leaf, None) == town.water


def test_a_department_out_of_use_is_nobodys(town: Town) -> None:
    save_department(by=SYSTEM, department=town.water, values={"active": False})
    assert _lead(town.outage, town.area) is None


def test_the_catalogue_of_a_past_day_can_be_read(town: Town) -> None:
    begin_line(by=SYSTEM, duty=Duty(town.outage, None, town.other, TODAY))
    assert _lead(town.outage, town.area) == town.other
    past = responsible(town.outage, town.area, BEFORE)
    assert past is not None
    assert past.lead == town.water


def _lead(category: Category, area: Area | None) -> Department | None:
    line = responsible(category, area, TODAY)
    return line.lead if line else None


def test_an_area_lies_in_those_around_it(town: Town) -> None:
    assert [area.code for area in area_chain(town.area)] == ["990102001", "990102", "990100"]
    assert area_chain(None) == []


def test_the_city_is_read_once_in_a_while(town: Town, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        assert city().name == city().name == "榆城市"
    City.objects.update(name="榆城")
    forget()
    assert city().name == "榆城"


def test_demo_accounts_are_one_a_post_and_have_a_password_only_on_trial(
    town: Town, settings: Any, tmp_path: Path
) -> None:
    settings.VAR = tmp_path
    assert [password for _label, _name, password in demo_accounts()] == [None] * len(Post)
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets/demo-password").write_text("tree-river", encoding="utf-8")
    found = demo_accounts()
    assert ("话务员", "agent", "tree-river") in found
    assert len({label for label, _name, _password in found}) == len(Post)
    settings.PRODUCTION = True
    assert {password for _label, _name, password in demo_accounts()} == {None}
    User.objects.filter(username="agent").update(is_active=False)
    assert "agent" not in {name for _label, name, _password in demo_accounts()}


def test_an_account_without_a_place_of_work_is_still_somebody(town: Town) -> None:
    user = User.objects.create(username="new", name="新人", number="9", post=Post.LEADER)
    assert by_of(user).user_id == user.pk
    assert by_of(user).departments is None
