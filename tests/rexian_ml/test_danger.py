# SPDX-License-Identifier: Apache-2.0
"""Danger to life, found by rules."""

import pytest

from rexian_ml.danger import find


@pytest.mark.parametrize(
    ("text", "kind", "hotline"),
    [
        ("我家楼道里有很浓的煤气味，快来人", "gas", "119"),
        ("３号楼着火了！", "fire", "119"),
        ("邻居站在楼顶说不想活了", "suicide", "110"),
        ("孩子在商场走失两个小时了", "lost", "110"),
        ("电梯里有人被困，老人喘不上气", "trapped", "119"),
        ("路边电线掉在水里，有人触电", "electric", "120"),
        ("隔壁家暴，女的一直喊救命", "violence", "110"),
        ("工地食堂几十人食物中毒", "poison", "120"),
    ],
)
def test_what_is_danger(text: str, kind: str, hotline: str) -> None:
    found = find(text)
    assert found is not None
    assert (found.kind, found.hotline) == (kind, hotline)
    assert found.word


@pytest.mark.parametrize(
    "text",
    [
        "咨询一下燃气泄漏报警器怎么安装",
        "小区下周组织火灾演练",
        "没有着火，只是烧烤的烟",
        "去年这里发生过火灾，楼道的杂物还没清",
        "我的钱包丢了",
        "这家店生意火爆，排队堵路",
        "建议加强防溺水宣传",
    ],
)
def test_what_is_not(text: str) -> None:
    assert find(text) is None


def test_a_danger_in_the_next_sentence_counts() -> None:
    assert find("想咨询一下水费。另外我家厨房着火了。") is not None
