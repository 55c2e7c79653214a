# SPDX-License-Identifier: Apache-2.0
"""Similar orders: rare words count, common phrases do not, the very same text is always found, a page of the index is enough."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from rexian.directory import clock, queries
from rexian.orders import actions
from rexian.orders.models import WorkOrder
from rexian.orders.similar import Words, _pairs, similar, words_in_use
from tests.factories import Town, dispatched, received

PHRASE = "家里有老人和孩子，希望尽快处理，谢谢"
TROUBLES = ("路灯不亮", "垃圾没人清运", "噪音扰民", "电梯坏了", "占道经营", "井盖丢失", "停车收费高", "暖气不热")


def analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE orders_workorder")
    queries.forget()


def alike(town: Town, text: str, **options: Any) -> list[WorkOrder]:
    """As a dispatcher, who sees every order."""
    return similar(text, by=town.by("dispatcher"), **options)


@pytest.fixture
def crowd(town: Town) -> list[WorkOrder]:
    """Sixty orders that all end in the same phrase."""
    found = [received(town, text=f"{TROUBLES[n % 8]}，{n}号楼，{PHRASE}。").order for n in range(60)]
    analyse()
    return found


def test_common_phrases_do_not_drown_what_it_is_about(town: Town, crowd: list[WorkOrder]) -> None:
    wanted = received(town, text="幼儿园门口的梧桐树要倒了。").order
    analyse()
    found = alike(town, f"幼儿园旁边梧桐树歪得厉害，{PHRASE}。", area=town.area)
    assert found[0] == wanted
    phrase = {one.pk for one in crowd}
    lamp = alike(town, f"路灯又不亮了，{PHRASE}。", area=town.area)
    assert lamp
    assert all("路灯" in one.text for one in lamp)
    assert {one.pk for one in lamp} <= phrase


def test_the_same_text_is_always_found_and_first(town: Town, crowd: list[WorkOrder]) -> None:
    old = received(town, text=f"{PHRASE}。", area=None).order
    WorkOrder.objects.filter(pk=old.pk).update(received_at=clock.now() - timedelta(days=89))
    for text in (f"{PHRASE}。", f"　{PHRASE.replace('，', ' ')}！"):
        assert alike(town, text, area=town.area, most=3)[0] == old
    WorkOrder.objects.filter(pk=old.pk).update(received_at=clock.now() - timedelta(days=91))
    assert old not in alike(town, f"{PHRASE}。")


def test_the_same_area_comes_first_and_repeats_show_through_their_parent(town: Town) -> None:
    far = received(town, text="停水了，自来水什么时候来", area=None).order
    near = received(town, text="停水了，自来水啥时候能来").order
    repeat = received(town, text="停水了，自来水几点来").order
    actions.merge(order=repeat, by=town.by("dispatcher"), parent=near)
    analyse()
    found = alike(town, "停水，没有自来水", area=town.area)
    assert found == [near, far]
    assert [one.repeats_count for one in found] == [1, 0]  # type: ignore[attr-defined]
    assert alike(town, "停水，没有自来水", area=town.area, exclude=near.pk) == [far]
    assert alike(town, "，。！") == []


def test_a_department_is_shown_its_own_orders_only(town: Town) -> None:
    own = dispatched(town, text="路灯不亮，晚上走路害怕")
    received(town, text="路灯不亮，晚上走路真害怕")
    assert len(alike(town, "路灯不亮，走路害怕")) == 2
    assert similar("路灯不亮，走路害怕", by=town.by("clerk")) == [own]


def test_a_database_without_statistics_still_answers(town: Town) -> None:
    order = dispatched(town, text="路灯不亮，晚上走路害怕")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM pg_statistic WHERE starelid = 'orders_workorder'::regclass")
    queries.forget()
    assert words_in_use().shares == {}
    assert alike(town, "路灯不亮了") == [order]


def test_what_looks_like_a_query_is_only_text(town: Town) -> None:
    order = received(town, text="it's a & b | c' \\ 路灯坏了").order
    assert alike(town, "it's a & b | c' \\ 路灯坏了") == [order]
    assert alike(town, "'); DROP TABLE x; -- 路灯 % %s 坏了")[:1] == [order]


def test_it_is_two_statements(
    town: Town, crowd: list[WorkOrder], django_assert_num_queries: Callable[..., Any]
) -> None:
    by = town.by("dispatcher")
    similar(crowd[0].text, by=by, area=town.area)
    with django_assert_num_queries(2):
        assert len(similar(crowd[0].text, by=by, area=town.area)) == 5


def test_pairs_are_as_many_as_their_number_allows() -> None:
    words = Words({"小区": 0.6, "垃圾": 0.05, "清运": 0.04}, 0.0001, 1_000_000)
    assert _pairs(["梧桐", "幼儿园", "垃圾"], words) == "'梧桐' & '幼儿园' | '梧桐' & '垃圾' | '幼儿园' & '垃圾'"
    assert _pairs(["清运", "垃圾", "小区"], words) == "'清运' & '垃圾'", "one pair in any case"
    assert _pairs(["梧桐"], words) == "'梧桐'"
