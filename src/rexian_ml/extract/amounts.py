# SPDX-License-Identifier: Apache-2.0
"""How much, how long, how often."""

import re
from dataclasses import dataclass, replace

from rexian_ml.extract.numerals import NUMBER, value
from rexian_ml.fold import Folded, fold

UNITS = {
    "元": "元 块钱 块 圆 元钱 人民币", "角": "角 毛钱 毛", "kWh": "度电 千瓦时", "吨": "吨", "m³": "立方米 立方 方水 m³ m3",
    "m²": "平方米 平米 平方 平 ㎡ m2", "亩": "亩", "km": "公里 千米 km", "m": "米", "kg": "公斤 千克 kg", "斤": "斤", "人": "人 名 位 个人 口人",
    "户": "户 家", "辆": "辆 台车", "台": "台 部", "件": "件 份 袋 箱 瓶 盒", "株": "棵 株", "只": "只 条狗", "处": "处", "dB": "分贝 dB", "℃": "摄氏度 ℃ 度",
    "%": "% 个百分点", "层": "层", "套": "套",
}  # fmt: skip
"""What each unit is called; 度 with 电 or 用电 near it is kWh, else a temperature."""
_UNIT_OF = {word: unit for unit, words in UNITS.items() for word in words.split()}
_UNITS = "|".join(sorted(map(re.escape, _UNIT_OF), key=len, reverse=True))
_ABOUT = "(?:约|大约|大概|将近|近|差不多|超过|至少|最多|不到|上)?"
_AMOUNT = re.compile(
    rf"(?P<about>{_ABOUT})(?P<n>{NUMBER})(?P<more>多|余|来|几)?(?P<scale>[万千百亿])?(?P<u>{_UNITS})(?P<rest>\d{{1,2}}(?!\d|[号年月日点.]))?(?P<after>左右|上下|以上|以下)?"
)
_PERCENT = re.compile(rf"百分之(?P<n>{NUMBER})")
_MONEY = re.compile(
    r"(?:工资|[款费钱价金]|[花交赔付欠收]了?)[^,，。；;\d一二三四五六七八九]{0,6}(?P<n>[一二三四五六七八九两十]+[万千百][一二三四五六七八九]?)(?=[,，。；;!！?？]|没|不|$)"
)
"""三万二 after a word for money is money without its unit."""
_BAD_UNIT = re.compile(
    r"位于|名字|名称|台阶|部门|部分|处理|处罚|家庭|家里|家人|件事|层楼|人民|人行|人员|块地|平安|平时|平台|户口|层次|米粉|元旦|元月|份(?=的)"
)
_LENGTHS = {
    "分钟": 1 / 1440,
    "小时": 1 / 24,
    "钟头": 1 / 24,
    "天": 1.0,
    "晚上": 1.0,
    "夜": 1.0,
    "晚": 1.0,
    "周": 7.0,
    "星期": 7.0,
    "礼拜": 7.0,
    "月": 30.0,
    "季度": 90.0,
    "年": 365.0,
}
_PERIODS = "|".join(sorted(_LENGTHS, key=len, reverse=True))
_DURATION = re.compile(
    rf"(?<![第每隔\d年月.])(?P<n>{NUMBER}|几|好几|大半)整?(?P<more>多|余|来)?(?P<g>个)?(?P<half>半)?(?P<u>{_PERIODS})(?P<tail>多|半|有余)?"
    r"(?!之?[前后内]|以[前后内]|过后|[一二两三四五六七八九十\d几]+次|级|里[一二两三四五六七八九十\d几]+次|份|度|期间?|代|初|底|末|中学|的?时候|两头)"
)
_N = r"[\d一二两三四五六七八九十几]{1,3}"
_EVERY = {
    "每天": 1,
    "天天": 1,
    "每晚": 1,
    "每日": 1,
    "每周": 7,
    "每星期": 7,
    "每月": 30,
    "每个月": 30,
    "每年": 365,
    "每到周末": 7,
    "每逢周末": 7,
    "每个周末": 7,
}


def _times(group: str) -> str:
    return rf"(?P<{group}>{_N})[次回趟遍]"


_DOES = "(?:都|就|才)?(?:有|要|停|来|叫|吵|去|打|响|坏)?"
_FREQUENCY = re.compile(
    rf"(?:每隔|每)(?P<span>{_N})个?(?P<u>天|周|星期|月|年|小时){_DOES}(?:(?:一|{_times('times')})[次回趟遍]?)?"
    rf"|(?P<each>{'|'.join(sorted(_EVERY, key=len, reverse=True))})(?:{_DOES}{_times('times2')})?"
    rf"|(?P<span3>{_N})个?(?P<u3>天|周|星期|礼拜|月|年|小时)(?:内|里)?{_DOES}{_times('times3')}"
    r"|(?P<loose>三天两头|隔三差五|三番五次|经常|时常|常常|总是|频繁|反复|屡次|多次|好几次|偶尔|有时|一直|长期|常年|整天|整夜|从早到晚|没日没夜|不定时)"
    rf"|{_times('count')}(?!性|级|序)"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """text[start:end] is `value` of `unit` (a key of UNITS); `approximate` where the text says so."""

    start: int
    end: int
    text: str
    value: float
    unit: str
    approximate: bool


@dataclass(frozen=True, slots=True)
class Duration:
    """text[start:end] lasts `days`."""

    start: int
    end: int
    text: str
    days: float
    approximate: bool


@dataclass(frozen=True, slots=True)
class Frequency:
    """text[start:end] happens `times` in `days`; None where the text does not say."""

    start: int
    end: int
    text: str
    times: float | None
    days: float | None


def _value(text: str) -> float | None:
    try:
        return {"几": 3.0, "好几": 5.0, "大半": 0.75}.get(text) or value(text)
    except ValueError:
        return None


def amounts(text: str) -> list[Amount]:
    """The amounts of a text: money, power, water, areas, people."""
    folded = fold(text, numerals=False)
    found = [one for one in map(_amount, _AMOUNT.finditer(folded.text)) if one]
    found += [Amount(*one.span(), "", value(one["n"]), "%", False) for one in _PERCENT.finditer(folded.text)]
    found += [Amount(*one.span("n"), "", value(one["n"]), "元", False) for one in _MONEY.finditer(folded.text)]
    placed = ((one, *_place(one.start, one.end, folded, text)) for one in sorted(found, key=lambda one: one.start))
    return [replace(one, start=start, end=end, text=part) for one, start, end, part in placed]


def _amount(found: re.Match[str]) -> Amount | None:
    number = _value(found["n"])
    if number is None or _BAD_UNIT.match(found.string, found.start("u")):
        return None
    unit = _UNIT_OF[found["u"]]
    number *= {"万": 1e4, "千": 1e3, "百": 1e2, "亿": 1e8}.get(found["scale"] or "", 1)
    if unit in ("℃", "kWh") or found["u"] == "度":
        unit = "kWh" if "电" in found.string[max(0, found.start() - 8) : found.end() + 3] else "℃"
    if found["rest"]:
        if unit not in ("元", "角"):
            return None
        number += int(found["rest"]) / 10 ** len(found["rest"])
    start = found.start("about") if found["about"] else found.start("n")
    return Amount(start, found.end(), "", number, unit, bool(found["about"] or found["more"] or found["after"]))


def durations(text: str) -> list[Duration]:
    """How long something lasted: 已经五天了, 三个月, 半年多. Not 三天前 (a moment), 三天一次 (a frequency), 五天内 (a limit)."""
    folded = fold(text, numerals=False)
    found = []
    for one in _DURATION.finditer(folded.text):
        number = _value(one["n"])
        if number is not None and _lasting(one, number):
            extra = 0.5 if one["half"] or one["tail"] == "半" else 0.0
            about = bool(one["more"] or one["tail"] in ("多", "有余") or one["n"] in ("几", "好几", "大半"))
            found.append(
                Duration(*_place(one.start(), one.end(), folded, text), (number + extra) * _LENGTHS[one["u"]], about)
            )
    return found


def _lasting(found: re.Match[str], number: float) -> bool:
    """月 needs 个 (三月 is March), a year of four digits is a date, 一天 and 一年 alone say nothing."""
    if found["u"] == "月" and not found["g"]:
        return False
    before = found.string[max(0, found.start() - 2) : found.start()]
    return not (found["u"] == "年" and number > 200) and not (
        number == 1 and not found["g"] and before[-1:] in "有那这某哪"
    )


def frequencies(text: str) -> list[Frequency]:
    """How often: 每天, 一周三次, 每隔两天, 经常."""
    folded = fold(text, numerals=False)
    return [
        Frequency(*_place(one.start(), one.end(), folded, text), *_rate(one))
        for one in _FREQUENCY.finditer(folded.text)
    ]


def _rate(found: re.Match[str]) -> tuple[float | None, float | None]:
    if found["loose"]:
        return None, None
    if found["count"]:
        return _value(found["count"]), None
    if found["each"]:
        return _value(found["times2"] or "一"), float(_EVERY[found["each"]])
    span, unit, times = (
        (found["span"], found["u"], found["times"]) if found["u"] else (found["span3"], found["u3"], found["times3"])
    )
    return _value(times or "一"), (_value(span) or 1.0) * _LENGTHS[unit]


def _place(start: int, end: int, folded: Folded, text: str) -> tuple[int, int, str]:
    first, last = folded.span(start, end)
    return first, last, text[first:last]
