# SPDX-License-Identifier: Apache-2.0
"""Titles say what and where, not who speaks and what is hoped for."""

import pytest

from rexian_ml.headlines import gist, headline


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("来电人表示紫荆街道春和小区停水，希望尽快处理", "紫荆街道春和小区停水"),
        ("市民反映：停水两天", "春和小区 停水两天"),
        ("您好，来电反映其电梯坏了一周", "春和小区 电梯坏了一周"),
        ("尊敬的领导：路灯不亮，请核实处理。", "春和小区 路灯不亮"),
        ("来电人咨询居住证怎么办", "春和小区 咨询居住证怎么办"),
        ("王女士来电反映银杏路积水", "银杏路积水"),
        ("停水", "春和小区 停水"),
    ],
)
def test_titles_say_what_and_where(text: str, title: str) -> None:
    assert headline(text, "春和小区") == title


def test_without_a_place_there_is_only_what() -> None:
    assert headline("群众表示夜里施工噪音大，谢谢") == "夜里施工噪音大"


def test_nothing_is_lost_where_only_phrases_are_written() -> None:
    assert gist("您好，谢谢！") == "您好，谢谢！"
    assert headline("希望尽快处理") == "希望尽快处理"


def test_what_is_asked_for_makes_nothing_alike() -> None:
    assert gist("来电人反映路灯不亮，希望有关部门尽快处理，谢谢") == gist("路灯不亮。请尽快核实解决！")
