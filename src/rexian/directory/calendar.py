# SPDX-License-Identifier: Apache-2.0
"""The working calendar: the State Council's holidays and make-up workdays, with the city's own exceptions on top. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

import chinese_calendar

FIRST_KNOWN = min(chinese_calendar.constants.holidays).year
LAST_KNOWN = max(chinese_calendar.constants.holidays).year
"""The years whose notice (国务院办公厅关于部分节假日安排的通知) the library knows."""
FIXED = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}
"""Statutory days with a date in the sun's calendar (全国年节及纪念日放假办法, 2024)."""
MOVING = {
    2025: ((1, 29), (4, 4), (5, 31), (10, 6)),
    2026: ((2, 17), (4, 5), (6, 19), (9, 25)),
    2027: ((2, 6), (4, 5), (6, 9), (9, 15)),
    2028: ((1, 26), (4, 4), (5, 28), (10, 3)),
    2029: ((2, 13), (4, 4), (6, 16), (9, 22)),
    2030: ((2, 3), (4, 5), (6, 5), (9, 12)),
    2031: ((1, 23), (4, 5), (6, 24), (10, 1)),
    2032: ((2, 11), (4, 4), (6, 12), (9, 19)),
    2033: ((1, 31), (4, 4), (6, 1), (9, 8)),
    2034: ((2, 19), (4, 5), (6, 20), (9, 27)),
    2035: ((2, 8), (4, 5), (6, 10), (9, 16)),
}
"""Those by the moon and the sun's terms: the first day of the first month, Qingming, Dragon Boat, Mid-Autumn.

Worked out by the rules of GB/T 33661-2017 (农历的编算和颁行) with the library lunardate and, for Qingming, the sun's longitude of 15°;
a test holds 2025 and 2026 to the notices. A table, since a year is needed only until its notice comes, each November before.
"""
EVE_TO_THIRD = range(-1, 3)
"""Spring Festival is four days, from New Year's Eve (除夕) to the third."""


def statutory(day: date) -> bool:
    """Whether a day is a holiday by the regulation itself, whatever a notice moves around it (2025 to 2035)."""
    if (day.month, day.day) in FIXED:
        return True
    if day.year not in MOVING:
        return False
    new_year, *others = (date(day.year, month, number) for month, number in MOVING[day.year])
    return day in others or (day - new_year).days in EVE_TO_THIRD


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days are worked. `exceptions`: day → worked or not, over what the library knows; `imported`: the years whose notice is among them."""

    exceptions: Mapping[date, bool] = field(default_factory=dict)
    imported: frozenset[int] = frozenset()

    def is_workday(self, day: date) -> bool:
        if (own := self.exceptions.get(day)) is not None:
            return own
        if FIRST_KNOWN <= day.year <= LAST_KNOWN:
            return _noticed(day)
        return day.weekday() < 5 and not statutory(day)

    def known(self, year: int) -> bool:
        """Whether the year's notice is known; else its days are weekends and statutory days only, and pages say so."""
        return FIRST_KNOWN <= year <= LAST_KNOWN or year in self.imported

    def workdays_between(self, first: date, last: date) -> int:
        """How many days are worked after `first`, up to and with `last`."""
        return sum(self.is_workday(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))


@lru_cache(4096)
def _noticed(day: date) -> bool:
    """What the library says of a day; kept, since it takes 15 µs and every limit asks it several times."""
    return bool(chinese_calendar.is_workday(day))
