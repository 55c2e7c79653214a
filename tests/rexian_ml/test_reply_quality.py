# SPDX-License-Identifier: Apache-2.0
"""On replies of our own: each aspect rises with what it measures, each evasion is found, an answer is not one."""

from datetime import datetime, timedelta

import pytest

from rexian_ml.base import NotFittedError
from rexian_ml.reply_quality import Evasion, Exchange, Quality, ReplyScorer

ASKED = datetime(2024, 3, 1, 9)  # noqa: DTZ001 - local time
REQUEST = "青竹苑3栋的电梯已经坏了两周，老人上下楼困难，物业一直不修，请问什么时候能修好？维修资金怎么申请？"
TITLE = "青竹苑电梯损坏无人维修"
GOOD = (
    "您好，您的留言已收悉，现回复如下：经现场核查，青竹苑3栋2号电梯因主板损坏于2月26日停用。我局已于3月4日约谈物业公司，"
    "责令其在3月12日前更换主板，物业已下单采购配件。申请维修资金的，根据《住宅专项维修资金管理办法》第二十二条，需由业主委员会"
    "提交申请表和报价单，到区住建局窗口办理，电话8888000。维修进度由社区张贴公示。感谢您对我们工作的支持！"
)
RECEIPT = "网友您好，您的留言已收悉。感谢您的来信！"
HANDED_ON = "您好！您反映的问题已转交相关部门调查处理，请您及时关注后续回复。"
STOCK = "您好！对您反映的问题，我们高度重视，将认真研究，充分论证，进一步加强管理。感谢您的支持！"
AWAY = "您好，您反映的问题不属于我单位职责范围，感谢您的留言。"
HANDED_OVER = "您好，电梯的监管不属于我局职责，请您向区市场监督管理局反映，电话8888111。"
BESIDE = "您好！我县今年将新建三所幼儿园，已完成立项，预计2025年投入使用，可提供学位900个。感谢您的支持！"


@pytest.fixture(scope="module")
def scorer() -> ReplyScorer:
    rest = [
        Exchange(f"路灯{i}坏了，请维修", f"您好！{i}号路灯已于3月{i}日修复。感谢您的支持！", f"路灯{i}")
        for i in range(1, 20)
    ]
    return ReplyScorer().fit([Exchange(REQUEST, GOOD, TITLE), *rest])


def _judge(scorer: ReplyScorer, reply: str, days: float | None = 5) -> Quality:
    times = (None, None) if days is None else (ASKED, ASKED + timedelta(days=days))
    return scorer.judge(Exchange(REQUEST, reply, TITLE, *times))


def test_a_good_answer_is_good_in_every_aspect(scorer: ReplyScorer) -> None:
    found = _judge(scorer, GOOD)
    assert found.grade == 4
    assert not found.evasions
    assert min(found.scores.values()) > 0.6
    says = {(one.aspect, one.says): one.evidence for one in found.reasons}
    assert says["grounds", "cited"].startswith("《住宅专项维修资金管理办法》")
    assert "电梯" in says["relevance", "takes up"]
    assert says["completeness", "things asked"] == "2"
    assert ("politeness", "greeting") in says


@pytest.mark.parametrize(
    ("reply", "evasion"),
    [
        (RECEIPT, Evasion.RECEIPT),
        (HANDED_ON, Evasion.HANDED_ON),
        (STOCK, Evasion.STOCK),
        (AWAY, Evasion.PUSHED_AWAY),
        (BESIDE, Evasion.OFF_TOPIC),
    ],
)
def test_each_evasion_is_found_and_is_no_good_answer(scorer: ReplyScorer, reply: str, evasion: Evasion) -> None:
    found = _judge(scorer, reply)
    assert evasion in found.evasions
    assert found.grade <= 2
    assert found.overall < _judge(scorer, GOOD).overall


def test_saying_whose_it_is_is_not_pushing_away(scorer: ReplyScorer) -> None:
    assert Evasion.PUSHED_AWAY not in _judge(scorer, HANDED_OVER).evasions


def test_a_quoted_request_is_no_answer_to_it(scorer: ReplyScorer) -> None:
    quoted = f"您好！您反映的“{TITLE}”已知。3月4日工作人员去过现场，目前没有新的情况可以通报给您本人。"
    assert _judge(scorer, quoted).scores["relevance"] < _judge(scorer, GOOD).scores["relevance"] / 2


def test_each_aspect_rises_with_what_it_measures(scorer: ReplyScorer) -> None:
    def score(aspect: str, reply: str) -> float:
        return _judge(scorer, reply).scores[aspect]

    assert score("grounds", "按照有关规定办理。") == 0.5
    assert score("grounds", "可以办理。") == 0
    assert score("politeness", "您好，谢谢。") == 1
    assert score("politeness", "您好，谢谢，但请不要无理取闹。") == 0
    assert score("completeness", GOOD) > score("completeness", GOOD[:90]) > score("completeness", RECEIPT)
    plain, official = (
        "电梯周五修好，到时请您试一试。",
        "鉴于上述事项，责成相关单位统筹推进长效机制并予以核处，特此办复。",
    )
    assert score("plainness", plain) > score("plainness", official)


def test_timeliness_is_measured_by_the_limit_and_left_out_where_unknown(scorer: ReplyScorer) -> None:
    assert _judge(scorer, GOOD, days=15).scores["timeliness"] == 1
    assert _judge(scorer, GOOD, days=30).scores["timeliness"] == pytest.approx(0.5)
    assert _judge(scorer, GOOD, days=60).scores["timeliness"] == 0
    unknown = _judge(scorer, GOOD, days=None)
    assert "timeliness" not in unknown.scores
    assert unknown.grade == 4


def test_a_sentence_of_many_replies_is_a_stock_phrase() -> None:
    same = "我们已安排专人负责到底把这件事办好"
    rows = [Exchange(f"第{i}件事，请处理", f"{same}。", f"事{i}") for i in range(5)]
    reply = f"{same}。"
    assert Evasion.STOCK in ReplyScorer().fit(rows).judge(Exchange(REQUEST, reply, TITLE)).evasions
    assert Evasion.STOCK not in ReplyScorer().fit(rows[:2]).judge(Exchange(REQUEST, reply, TITLE)).evasions


def test_kept_and_read_again_in_any_order_it_judges_the_same(scorer: ReplyScorer) -> None:
    again = ReplyScorer.from_bytes(scorer.to_bytes())
    assert again.parameters() == scorer.parameters()
    assert _judge(again, GOOD) == _judge(scorer, GOOD)
    rows = [Exchange(REQUEST, GOOD, TITLE), Exchange("路灯坏了", STOCK, "路灯"), Exchange("停水", RECEIPT)]
    assert ReplyScorer().fit(rows).to_bytes() == ReplyScorer().fit(rows[::-1]).to_bytes()


def test_asked_before_it_learned_it_says_so() -> None:
    with pytest.raises(NotFittedError):
        ReplyScorer().judge(Exchange(REQUEST, GOOD))
    with pytest.raises(NotFittedError):
        ReplyScorer().to_bytes()
    with pytest.raises(ValueError, match="not a model"):
        ReplyScorer.from_bytes(b"")
