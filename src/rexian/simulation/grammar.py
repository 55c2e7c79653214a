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
    """One request in words: what is said, of which category and kind."""

    text: str
    category: str
    kind: str


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
    trouble = _fill(rng, rng.choice(list(entry["says"])), place)  # type: ignore[call-overload]
    opening = rng.choice(SPOKEN if spoken else WRITTEN).format(place=place)
    where = f"{place}" if rng.random() < 0.85 and place not in trouble and place not in opening else ""
    detail = (
        "，" + _fill(rng, rng.choice(DETAILS), place)
        if kind in ("help", "complaint", "report") and rng.random() < 0.5
        else ""
    )
    ending = rng.choice({"consult": ASKS, "praise": THANKS}.get(kind, WISHES))
    text = f"{opening}{where}{trouble}{detail}。{ending}"
    if rng.random() < 0.08:
        text = _slip(rng, text)
    return Said(text, category, kind if rng.random() < 0.93 else rng.choice(("help", "complaint", "consult")))


def _fill(rng: random.Random, pattern: str, place: str) -> str:
    return pattern.format(when=rng.choice(WHEN), num=rng.randint(2, 15), num2=rng.randint(1, 4), area=place)


def _slip(rng: random.Random, text: str) -> str:
    """A wrong character, as typed in haste."""
    right = [word for word in SLIPS if word in text]
    return text.replace(word := rng.choice(right), SLIPS[word]) if right else text
