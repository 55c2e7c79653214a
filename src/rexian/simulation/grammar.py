# SPDX-License-Identifier: Apache-2.0
"""What the people of the synthetic city say: composed from a grammar of our own, with tones, details and wrong characters."""

import random
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TROUBLES = Path(__file__).with_name("troubles.toml")
ESTATES = (
    "春和",
    "锦绣",
    "阳光",
    "翠湖",
    "金域",
    "和平",
    "滨江",
    "紫荆",
    "学府",
    "龙泉",
    "富康",
    "东方",
    "丽景",
    "银杏",
    "福源",
    "安居",
    "桂花",
    "明珠",
    "望湖",
    "康乐",
)
ENDINGS = ("小区", "花园", "家园", "苑", "新村", "公寓", "名邸")
SPOKEN = ("来电人反映，", "市民来电反映：", "诉求人称，", "来电人表示", "")
WRITTEN = ("你好，", "您好，我是{place}的居民，", "请问领导，", "反映一个问题：", "", "")
WISHES = (
    "希望尽快处理。",
    "请相关部门核实处理并回复。",
    "希望给个说法。",
    "多次反映没有结果，请重视。",
    "要求尽快解决并电话告知。",
    "请帮忙解决，谢谢！",
    "",
)
ASKS = ("想了解具体怎么办。", "请问应该去哪里办？", "请告知办理流程和材料。", "希望电话答复。")
THANKS = ("特此表扬。", "希望转达谢意。", "给他们点赞！")
DETAILS = (
    "家里有老人和孩子",
    "找过物业，物业说不归他们管",
    "打过好几个电话都没人管",
    "已经持续{num}天了",
    "影响了整栋楼",
    "附近居民都有意见",
    "去年也发生过",
)
WHEN = ("昨晚八点", "今天早上", "前天下午", "上周三晚上", "昨天中午", "凌晨两点", "三天前", "本月初")
CAUSES = {
    "Y01": ("管道年久失修", "附近施工碰坏了管线", "物业一直没有维修", "事先没有通知"),
    "Y02": ("长期没有人管理", "设施年久失修", "清运不及时"),
    "Y03": ("停车位太少", "高峰时没有人疏导", "标志标线不清楚"),
    "Y04": ("没有按规定的时间作业", "没有安装净化设备", "多次劝说没有用"),
    "Y05": ("商家拒绝协商", "没有明码标价", "合同里没有写清楚"),
    "Y06": ("公司说资金周转不开", "入职时没有签合同"),
}
"""By the first letters of a category's code: how it came about, in the eyes of who tells it."""
OTHERWISE = ("对方一直推诿", "没有人出面协调", "规定没有说清楚")
GRIEVANCES = ("help", "complaint", "report")
"""Kinds of request that tell of something that happened."""
GUESSED = ("help", "complaint", "consult")
"""Kinds that are now and then chosen wrongly."""
SLIPS = {
    "反映": "反应",
    "已经": "己经",
    "必须": "必需",
    "暖气": "暖汽",
    "账单": "帐单",
    "部门": "部们",
    "安装": "按装",
    "缴费": "交费",
}


@dataclass(frozen=True, slots=True)
class Said:
    """One request in words: what is said, of which category and kind; of it when it happened and how it came about, where that is said."""

    text: str
    category: str
    kind: str
    happened: str = ""
    cause: str = ""


@cache
def troubles() -> dict[str, dict[str, object]]:
    """By category code: the kind of request it usually is, and what people say."""
    return tomllib.loads(TROUBLES.read_text(encoding="utf-8"))


def estate(rng: random.Random) -> str:
    return rng.choice(ESTATES) + rng.choice(ENDINGS)


def address(rng: random.Random, estate_name: str) -> str:
    return f"{estate_name}{rng.randint(1, 30)}号楼{rng.randint(1, 4)}单元{rng.randint(1, 28)}0{rng.randint(1, 4)}室"


def say(rng: random.Random, category: str, place: str, *, spoken: bool) -> Said:
    """A request about a category at a place, as an agent writes it down (`spoken`) or as a citizen does."""
    entry = troubles()[category]
    kind = str(entry["kind"])
    pattern, when = rng.choice(list(entry["says"])), rng.choice(WHEN)  # type: ignore[call-overload]
    trouble, grievance = _fill(rng, pattern, place, when), kind in GRIEVANCES
    opening = rng.choice(SPOKEN if spoken else WRITTEN).format(place=place)
    where = f"{place}" if rng.random() < 0.85 and place not in trouble and place not in opening else ""
    detail = "，" + _fill(rng, rng.choice(DETAILS), place) if grievance and rng.random() < 0.5 else ""
    timed = grievance and not detail and rng.random() < 0.6
    cause = rng.choice(CAUSES.get(category[:3], OTHERWISE)) if grievance and rng.random() < 0.3 else ""
    ending = rng.choice({"consult": ASKS, "praise": THANKS}.get(kind, WISHES))
    text = f"{opening}{where}{trouble}{detail}。{_elements(when if timed else '', cause, spoken)}{ending}"
    if rng.random() < 0.08:
        text = _slip(rng, text)
    told = when if timed or "{when}" in pattern else ""
    return Said(text, category, kind if rng.random() < 0.93 else rng.choice(GUESSED), told, cause)


def _elements(when: str, cause: str, spoken: bool) -> str:
    """When it happened and how it came about, a sentence each, where that is said."""
    happened = f"事情发生在{when}。" if when else ""
    why = f"{'诉求人认为原因是' if spoken else '原因应该是'}{cause}。" if cause else ""
    return happened + why


def _fill(rng: random.Random, pattern: str, place: str, when: str = "") -> str:
    return pattern.format(when=when, num=rng.randint(2, 15), num2=rng.randint(1, 4), area=place)


def _slip(rng: random.Random, text: str) -> str:
    """A wrong character, as typed in haste."""
    right = [word for word in SLIPS if word in text]
    return text.replace(word := rng.choice(right), SLIPS[word]) if right else text
