# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from rexian_ml.sensitive import find


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("工地三十多人准备集体上访，要求开发商给个说法", ["gathering"]),
        ("出租车司机明天罢工", ["strike"]),
        ("老板拖欠农民工工资半年，我们只好去讨薪", ["wages"]),
        ("学校食堂饭菜变质，十几个孩子上吐下泻", ["food"]),
        ("小区楼道灯坏了", []),
        # Negated, asked about, or a campaign.
        ("我们不会集体上访，只希望解决", []),
        ("请问疫情防控政策有什么变化", []),
        ("感谢政府帮我们讨薪成功", []),
        ("希望加强禁止传销的宣传", []),
        ("疫情期间买的票能退吗", []),
        # The first clause takes nothing back from the second.
        ("没有人管，我们要拉横幅了", ["gathering"]),
        # Company: "发霉" on a wall is no matter of food.
        ("墙面发霉了", []),
        ("超市卖的面包发霉了还在给人吃", ["food"]),
    ],
)
def test_what_a_text_touches(text: str, kinds: list[str]) -> None:
    assert [one.kind for one in find(text)] == kinds


def test_the_highest_level_comes_first_and_the_place_is_right() -> None:
    text = "公司拖欠工资，工人已经罢工"
    found = find(text)
    assert [(one.kind, one.level) for one in found] == [("strike", 3), ("wages", 2)]
    assert all(text[one.start : one.start + len(one.word)] == one.word for one in found)


def test_the_longest_sign_is_named() -> None:
    assert find("他们围堵政府大门")[0].word == "围堵政府"


def test_a_city_may_bring_its_own_rules(tmp_path: Path) -> None:
    rules = tmp_path / "own.toml"
    rules.write_text(
        '[[rule]]\nkind = "flood"\nlevel = 1\nsigns = ["内涝"]\n[[exception]]\nwhy = "x"\nbefore = ["没有"]\n',
        encoding="utf-8",
    )
    assert [one.kind for one in find("路口内涝", rules)] == ["flood"]
    assert find("路口没有内涝，也没有人罢工", rules) == []
