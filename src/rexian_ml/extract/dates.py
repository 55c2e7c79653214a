# SPDX-License-Identifier: Apache-2.0
"""Days as people say them, relative to a moment: each rule is a pattern and what it means."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

from rexian_ml.extract import calendar
from rexian_ml.extract.calendar import Interval, at, days, months, shift
from rexian_ml.extract.numerals import small

Meaning = tuple[Interval, str]
"""An interval and its precision: year, season, month, week, days, day, part, hour, minute."""
Rule = Callable[[re.Match[str], datetime, bool], Meaning | None]
RULES: list[tuple[re.Pattern[str], Rule]] = []
"""A rule gets the match, the moment of speaking, and whether the sentence looks ahead."""
_N = r"[\d一二三四五六七八九十廿]{1,3}"
_YEARS = {"今年": 0, "本年": 0, "去年": -1, "前年": -2, "大前年": -3, "明年": 1, "后年": 2}
_YEAR = (
    r"(?:(?P<y>(?<!\d)(?:19|20)\d\d|[一二][零〇九][零〇一二三四五六七八九]{2}|(?<!\d)[012]\d(?=年\d{1,2}月))年"
    r"|(?P<w>大前年|今年|本年|去年|前年|明年|后年))的?"
)
_THIRDS = {
    "初": (1, 10),
    "上旬": (1, 10),
    "中": (11, 20),
    "中旬": (11, 20),
    "底": (21, 31),
    "末": (21, 31),
    "下旬": (21, 31),
}
_THIRD = "(?P<p>上旬|中旬|下旬|初|底|末|中(?=[,，。 ]|$))"
_NOT_DAY = r"(?![楼线门口馆店室文令车坑井桥院机站])"
SOON = timedelta(days=45)
"""A month and day without a year are the last ones, unless the next ones are nearer than this."""


def rule(pattern: str) -> Callable[[Rule], Rule]:
    """Adds a rule."""

    def add(function: Rule) -> Rule:
        RULES.append((re.compile(pattern), function))
        return function

    return add


def _year(found: re.Match[str], now: datetime) -> int | None:
    if found["w"]:
        return now.year + _YEARS[found["w"]]
    if not found["y"]:
        return None
    year = int(found["y"]) if found["y"].isdecimal() and found["y"].isascii() else small(found["y"])
    return year + 2000 if year < 100 else year


def _third(year: int, month: int, name: str) -> Meaning:
    first, last = _THIRDS[name]
    end = at(date(year, month, last + 1)) if last < 31 else months(year, month)[1]
    return (at(date(year, month, first)), end), "days"


def _year_of(found: re.Match[str], now: datetime, ahead: bool, month: int, day: int = 1) -> int:
    """The year named, else that of the last such day, or of the next one where it is near or looked ahead to."""
    year = _year(found, now)
    if year is not None:
        return year
    this = date(now.year, month, day)
    if ahead:
        return now.year + (this < now.date())
    if this <= now.date():
        soon = date(now.year + 1, month, day) - now.date() < SOON and now.date() - this > timedelta(days=300)
        return now.year + soon
    return now.year if this - now.date() < SOON else now.year - 1


@rule(
    rf"(?:{_YEAR})?(?<![\d.])(?P<m>{_N})(?:月?(?:[-到至~]|、)(?P<m2>{_N}))?月份?(?!球|亮|饼|子|租)(?:(?P<d>{_N})(?:[日号]?[-到至~](?P<d2>{_N}))?(?:[日号]{_NOT_DAY})|{_THIRD})?"
)
def _month_day(found: re.Match[str], now: datetime, ahead: bool) -> Meaning | None:
    if re.fullmatch("[一二三四五六七八九]{2}", found["m"]) and not found["d"]:  # 三四月份
        return months(_year_of(found, now, ahead, small(found["m"][0])), small(found["m"][0]), 2), "month"
    month, day = small(found["m"]), small(found["d"]) if found["d"] else 1
    year = _year_of(found, now, ahead, month, day)
    if found["d"]:
        return days(
            date(year, month, day), date(year, month, small(found["d2"])) if found["d2"] else None
        ), "days" if found["d2"] else "day"
    if found["p"]:
        return _third(year, month, found["p"])
    last = small(found["m2"]) if found["m2"] else month
    return months(year, month, (last - month) % 12 + 1), "month"


@rule(r"(?<!\d)(?P<y>(?:19|20)\d\d)([-./])(?P<m>\d{1,2})\2(?P<d>\d{1,2})(?!\d)[日号]?")
def _iso(found: re.Match[str], now: datetime, ahead: bool) -> Meaning | None:
    return days(date(int(found["y"]), int(found["m"]), int(found["d"]))), "day"


@rule(
    rf"{_YEAR}(?P<p>年?初|年?底|年?末|年?中(?!国)|上半年|下半年|一整年|全年)?(?!级)|(?<![\d去今前明后])(?P<q>年初|年底|年末|上半年|下半年)"
)
def _whole_year(found: re.Match[str], now: datetime, ahead: bool) -> Meaning | None:
    year = _year(found, now) or now.year
    part = (found["p"] or found["q"] or "").removeprefix("年")
    spans = {"初": (1, 2), "底": (11, 2), "末": (11, 2), "中": (6, 2), "上半年": (1, 6), "下半年": (7, 6)}
    if part not in spans:
        return months(year, 1, 12), "year"
    first, count = spans[part]
    if not (found["y"] or found["w"]) and not ahead and (year, first) > (now.year, now.month):
        year -= 1
    return months(year, first, count), "month"


@rule(
    rf"(?P<w>这个月|本月|当月|上上个?月|上个?月|下下个?月|下个?月)(?:份?(?P<d>{_N})[日号]|的?{_THIRD})?|(?<![个\d一二三四五六七八九十])(?P<q>月初|月中|月底|月末)"
)
def _month(found: re.Match[str], now: datetime, ahead: bool) -> Meaning | None:
    word = found["w"] or ""
    year, month = shift(now.year, now.month, word.count("下") - word.count("上"))
    if found["d"]:
        return days(date(year, month, small(found["d"]))), "day"
    if found["p"]:
        return _third(year, month, found["p"])
    if not found["q"]:
        return months(year, month), "month"
    meaning = _third(year, month, found["q"][1])
    gone = not ahead and meaning[0][0] > now
    return _third(*shift(year, month, -1), found["q"][1]) if gone else meaning


@rule(rf"(?<![\d月第路街巷弄村栋里区楼线.])(?P<d>{_N})(?:号?[-到至~](?P<d2>{_N}))?号{_NOT_DAY}")
def _day_of_month(found: re.Match[str], now: datetime, ahead: bool) -> Meaning | None:
    first = now.date().replace(day=small(found["d"]))
    last = now.date().replace(day=small(found["d2"])) if found["d2"] else first
    return days(first, last), "days" if found["d2"] else "day"


@rule(
    r"(?P<w>上上个?|上个?|这个?|本|下下个?|下个?)?(?:周|星期|礼拜)(?P<d>[一二三四五六日天末](?![两三四五六七八九十]?[次个回天]))|(?P<v>上上个?|上个?|这个?|本|下个?)(?:周|星期|礼拜)(?![一二三四五六日天末])"
)
def _week(found: re.Match[str], now: datetime, ahead: bool) -> Meaning | None:
    word = found["w"] or found["v"] or ""
    monday = now.date() - timedelta(days=now.weekday()) + timedelta(weeks=word.count("下") - word.count("上"))
    if not found["d"]:
        return days(monday, monday + timedelta(days=6)), "week"
    if found["d"] == "末":
        return days(monday + timedelta(days=5), monday + timedelta(days=6)), "days"
    day = monday + timedelta(days="一二三四五六日天".index(found["d"]) % 7 if found["d"] != "天" else 6)
    if not word and day > now.date() and not ahead:
        day -= timedelta(weeks=1)
    if not word and day < now.date() and ahead:
        day += timedelta(weeks=1)
    return days(day), "day"


_DAYS = {"今": 0, "昨": -1, "前": -2, "大前": -3, "明": 1, "后": 2, "大后": 3}


@rule(r"(?P<w>大前|大后|今|昨|前|明|后)(?:天|日(?!常|子|本))|(?P<v>今|昨|前|明)(?=[早晚晨夜])|(?<=[在，。])当天")
def _day(found: re.Match[str], now: datetime, ahead: bool) -> Meaning | None:
    day = now.date() + timedelta(days=_DAYS.get(found["w"] or found["v"] or "", 0))
    return days(day), "day"


_AGO = r"(?P<s>之?前|以前|之?后|以后|过后)"


@rule(
    rf"(?P<n>半|几|{_N}|\d{{1,3}}|两)(?:多)?个?(?P<h>半)?(?P<u>分钟|小时|钟头|天|日|周|星期|礼拜|月|年)(?P<o>多)?{_AGO}"
)
def _ago(found: re.Match[str], now: datetime, ahead: bool) -> Meaning | None:
    sign = -1 if "前" in found["s"] else 1
    if found["n"] == "几":
        return _some(found["u"], now, sign)
    count = 0.5 if found["n"] == "半" else 2 if found["n"] == "两" else small(found["n"])
    unit = found["u"]
    if unit in ("分钟", "小时", "钟头"):
        moment = now + sign * timedelta(minutes=count * (1 if unit == "分钟" else 60))
        return (moment, moment + timedelta(minutes=1)), "minute"
    if unit == "年" and count >= 1:
        return months(now.year + sign * int(count), 1, 12), "year"
    if unit in ("月", "年"):
        return _months_ago(now.date(), sign, count * (12 if unit == "年" else 1))
    return days(now.date() + timedelta(days=sign * int(count * (1 if unit in "天日" else 7)))), "day"


def _months_ago(today: date, sign: int, count: float) -> Meaning:
    """半个月前 is fifteen days; whole months are the same day, give or take the month's uncertainty of five days."""
    if count < 1:
        return days(today + timedelta(days=sign * 15)), "day"
    day = calendar.back(today, -sign * int(count))
    return days(day - timedelta(days=5), day + timedelta(days=5)), "days"


def _some(unit: str, now: datetime, sign: int) -> Meaning:
    """几天前: from two to nine of the unit."""
    size = {
        "分钟": 1 / 1440,
        "小时": 1 / 24,
        "钟头": 1 / 24,
        "天": 1,
        "日": 1,
        "周": 7,
        "星期": 7,
        "礼拜": 7,
        "月": 30,
        "年": 365,
    }[unit]
    near, far = now + sign * timedelta(days=2 * size), now + sign * timedelta(days=9 * size)
    return (min(near, far), max(near, far)), "days"


_SPANS = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30, "年": 365}


@rule(
    rf"(?:最近|近|过去|这)(?:的|这)?(?P<n>几|半|两|{_N}|\d{{1,3}})个?(?P<u>天|日|周|星期|礼拜|月|年)(?:多?来|里|内|间)?|(?P<q>最近|近期|近来|近日|这段时间|这阵子|前段时间|前阵子|前一段时间|前些天|前几天|前两天|前些日子|刚才|刚刚)"
)
def _recent(found: re.Match[str], now: datetime, ahead: bool) -> Meaning | None:
    if not found["q"]:
        count = {"几": 7.0, "半": 0.5, "两": 2.0}.get(found["n"]) or small(found["n"])
        return (at(now.date() - timedelta(days=int(count * _SPANS[found["u"]]) - (found["u"] in "天日"))), now), "days"
    if found["q"].startswith("刚"):
        return (now - timedelta(hours=1), now), "hour"
    if found["q"] in ("前几天", "前两天", "前些天"):
        return (at(now.date() - timedelta(days=7)), at(now.date())), "days"
    return (at(now.date() - timedelta(days=30)), now), "days"


@rule(rf"(?:{_YEAR})?(?:(?P<s>[春夏秋冬])(?:天|季(?!度))|(?:入|开|立)(?P<t>[春夏秋冬]))")
def _season(found: re.Match[str], now: datetime, ahead: bool) -> Meaning | None:
    name, year = found["s"] or found["t"], _year(found, now)
    if year is None:
        year = now.year
        if not ahead and calendar.season(year, name)[0] > now:
            year -= 1
    return calendar.season(year, name), "season"


_HOLIDAYS = "|".join(sorted((*calendar.FIXED, *calendar.OFFICIAL, *calendar.LUNAR), key=len, reverse=True))


@rule(
    rf"(?:{_YEAR})?(?P<h>(?<![\d一二三四五六七八九双])(?:{_HOLIDAYS}))(?![月日号点栋楼个岁元路广街小大中村桥镇乡里])(?:节|假期|长假|假日|放假|期间|那天|当天|前夕|前后|黄金周)*"
)
def _holiday(found: re.Match[str], now: datetime, ahead: bool) -> Meaning | None:
    year, name = _year(found, now), found["h"]
    if year is None:
        this = calendar.holiday(now.year, name)
        gone = this is not None and this[0] <= now
        year = now.year + (gone if ahead else -(not gone))
    interval = calendar.holiday(year, name)
    return (interval, "days" if interval[1] - interval[0] > timedelta(days=1) else "day") if interval else None
