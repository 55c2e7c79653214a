# SPDX-License-Identifier: Apache-2.0
"""Days, months, seasons and holidays as half-open intervals of Chinese time."""

from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import chinese_calendar

ZONE = ZoneInfo("Asia/Shanghai")
Interval = tuple[datetime, datetime]
SEASONS = {"春": 3, "夏": 6, "秋": 9, "冬": 12}
"""The month in which a season begins (气象 seasons: March, June, September, December)."""
FIXED = {
    "元旦": (1, 1),
    "妇女节": (3, 8),
    "三八": (3, 8),
    "植树节": (3, 12),
    "儿童节": (6, 1),
    "六一": (6, 1),
    "建军节": (8, 1),
    "教师节": (9, 10),
    "双十一": (11, 11),
    "圣诞": (12, 25),
}
OFFICIAL = {
    "春节": "Spring Festival",
    "过年": "Spring Festival",
    "清明": "Tomb-sweeping Day",
    "五一": "Labour Day",
    "劳动节": "Labour Day",
    "端午": "Dragon Boat Festival",
    "中秋": "Mid-autumn Festival",
    "国庆": "National Day",
    "十一": "National Day",
}
"""Holidays whose days the State Council's notice gives, by their names in chinesecalendar."""
NEW_YEAR = {
    2015: (2, 19), 2016: (2, 8), 2017: (1, 28), 2018: (2, 16), 2019: (2, 5), 2020: (1, 25), 2021: (2, 12), 2022: (2, 1), 2023: (1, 22),
    2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 6), 2028: (1, 26), 2029: (2, 13), 2030: (2, 3),
}  # fmt: skip
"""The first day of the lunar year (GB/T 33661-2017); other years have no lunar days here."""
LUNAR = {
    "除夕": -1,
    "年三十": -1,
    "大年三十": -1,
    "大年初一": 0,
    "初一": 0,
    "大年初二": 1,
    "大年初三": 2,
    "元宵": 14,
    "正月十五": 14,
}
"""Days after the first of the lunar year."""


def at(day: date, hour: float = 0.0) -> datetime:
    """`hour` hours (24 and more are the next day) after the beginning of a day."""
    return datetime.combine(day, time(), ZONE) + timedelta(hours=hour)


def days(first: date, last: date | None = None) -> Interval:
    """From the beginning of `first` to the end of `last`."""
    return at(first), at((last or first) + timedelta(days=1))


def shift(year: int, month: int, by: int) -> tuple[int, int]:
    """Year and month `by` months further."""
    count = year * 12 + month - 1 + by
    return count // 12, count % 12 + 1


def months(year: int, month: int, count: int = 1) -> Interval:
    """`count` whole months."""
    return at(date(year, month, 1)), at(date(*shift(year, month, count), 1))


def back(day: date, count: int) -> date:
    """The same day `count` months before (or the last day of that month)."""
    year, month = shift(day.year, day.month, -count)
    last = (date(*shift(year, month, 1), 1) - timedelta(days=1)).day
    return date(year, month, min(day.day, last))


def season(year: int, name: str) -> Interval:
    """A season; winter runs into the next year."""
    return months(year, SEASONS[name], 3)


@cache
def holiday(year: int, name: str) -> Interval | None:
    """The days of a holiday in a year, or None where they are not known."""
    if name in FIXED:
        return days(date(year, *FIXED[name]))
    if name in LUNAR:
        first = NEW_YEAR.get(year)
        return days(date(year, *first) + timedelta(days=LUNAR[name])) if first else None
    return _official(year, OFFICIAL[name])


def _official(year: int, name: str) -> Interval | None:
    found = []
    for number in range(366):
        day = date(year, 1, 1) + timedelta(days=number)
        try:
            off, detail = chinese_calendar.get_holiday_detail(day)
        except NotImplementedError:  # a year that the library does not know yet
            return None
        if off and detail == name and day.year == year:
            found.append(day)
    return days(found[0], found[-1]) if found else None
