# SPDX-License-Identifier: Apache-2.0
"""The State Council's yearly notice of holidays (国务院办公厅关于某年部分节假日安排的通知), read from its text. Pure.

Its sentences have had one form for years: “元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。” What does not
agree with itself (a weekday that the date has not, a count of days that the span has not, a festival that is missing) is said, not mended.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext as _

FESTIVALS = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
WEEKDAYS = "一二三四五六日"
LONGEST = timedelta(days=15)
"""No holiday has been longer than nine days; a longer span is a slip of the pen."""
_NAME = "|".join(FESTIVALS)
_HEAD = re.compile(rf"({_NAME})(?:\s*[、和与]\s*({_NAME}))?\s*[：:]")
_YEAR = re.compile(r"(\d{4})\s*年(?:部分)?节假日")
_DAY = r"(?:(?P<year{n}>\d{{4}})年)?(?:(?P<month{n}>\d{{1,2}})月)?(?P<day{n}>\d{{1,2}})日(?:[（(](?P<note{n}>[^）)]*)[）)])?"
_SPAN = re.compile(_DAY.format(n=1) + r"(?:\s*(?:至|到|—+|-|–)\s*" + _DAY.format(n=2) + ")?")
_COUNT = re.compile(r"(?:共|放假)\s*(\d+)\s*天")
_WEEKDAY = re.compile(rf"(?:周|星期)([{WEEKDAYS}天])")
_ASIDE = re.compile(r"[（(][^）)]*[）)]")


@dataclass(frozen=True, slots=True)
class NoticeDay:
    """A day that a notice names: off, or worked to make up for one; `reason` is the festival."""

    day: date
    working: bool
    reason: str


@dataclass(slots=True)
class Notice:
    """What a notice says: its year (0 where it names none), its days in order, and what does not agree."""

    year: int
    days: list[NoticeDay] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def off(self) -> set[date]:
        return {one.day for one in self.days if not one.working}

    def worked(self) -> set[date]:
        return {one.day for one in self.days if one.working}


def read(text: str, year: int = 0) -> Notice:
    """A notice from its text; `year` is needed where the text has lost its heading."""
    found = _YEAR.search(text)
    notice = Notice(int(found[1]) if found else year)
    if not notice.year:
        notice.problems.append(_("没有读到年份，请连标题一起粘贴。"))
        return notice
    seen: set[str] = set()
    for names, body in _parts(text):
        seen |= set(names)
        _read_part(notice, "、".join(names), body)
    if missing := [name for name in FESTIVALS if name not in seen]:
        notice.problems.append(_("没有读到：%(names)s。") % {"names": "、".join(missing)})
    notice.days.sort(key=lambda one: one.day)
    _check_once(notice)
    return notice


def _parts(text: str) -> Iterator[tuple[list[str], str]]:
    """Each festival, or two that share a holiday, with what is said of it."""
    heads = list(_HEAD.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    for head, end in zip(heads, ends, strict=False):
        yield [name for name in head.groups() if name], text[head.end() : end]


def _read_part(notice: Notice, reason: str, body: str) -> None:
    for sentence in re.split(r"[。；;\n]", body):
        plain = _ASIDE.sub("", sentence)
        if "上班" in plain:
            _take(notice, sentence.partition("上班")[0], reason, working=True)
        elif "放假" in plain:
            days = _take(notice, sentence.partition("放假")[0], reason, working=False)
            _check_count(notice, reason, sentence, days)


def _take(notice: Notice, told: str, reason: str, *, working: bool) -> int:
    """Adds the days that a clause names; returns how many."""
    before = len(notice.days)
    month = 0
    for match in _SPAN.finditer(told):
        month = int(match["month1"] or month)
        first = _date(notice, reason, match, 1, month)
        month = int(match["month2"] or month)
        last = _date(notice, reason, match, 2, month) if match["day2"] else first
        if first is None or last is None:
            continue
        if not timedelta() <= last - first <= LONGEST:
            notice.problems.append(_("%(name)s：“%(text)s”不是一段日子。") % {"name": reason, "text": match[0]})
            continue
        span = range((last - first).days + 1)
        notice.days += [NoticeDay(first + timedelta(days=n), working, reason) for n in span]
    return len(notice.days) - before


def _date(notice: Notice, reason: str, match: re.Match[str], which: int, month: int) -> date | None:
    """One date of a clause; one in December at New Year is the year's before. None, and said, for what is none."""
    year = int(match[f"year{which}"] or notice.year - (month == 12 and "元旦" in reason))
    try:
        found = date(year, month, int(match[f"day{which}"]))
    except ValueError:
        notice.problems.append(_("%(name)s：没有“%(text)s”这一天。") % {"name": reason, "text": match[0]})
        return None
    weekday = _WEEKDAY.search(match[f"note{which}"] or "")
    if weekday and WEEKDAYS.index(weekday[1].replace("天", "日")) != found.weekday():
        told = {"name": reason, "day": found, "told": weekday[1], "real": WEEKDAYS[found.weekday()]}
        notice.problems.append(_("%(name)s：%(day)s 写作周%(told)s，实为周%(real)s。") % told)
    return found


def _check_count(notice: Notice, reason: str, sentence: str, days: int) -> None:
    count = _COUNT.search(sentence)
    if count and int(count[1]) != days:
        told = {"name": reason, "told": count[1], "real": days}
        notice.problems.append(_("%(name)s：写作 %(told)s 天，日期合 %(real)s 天。") % told)


def _check_once(notice: Notice) -> None:
    named: set[date] = set()
    for one in notice.days:
        if one.day in named:
            notice.problems.append(_("%(day)s 说了两次。") % {"day": one.day})
        named.add(one.day)
