# SPDX-License-Identifier: Apache-2.0
"""The working calendar: the State Council's holidays and make-up workdays, with the city's own exceptions on top. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import chinese_calendar

LAST_KNOWN = max(chinese_calendar.constants.workdays).year
"""The last year whose notice (国务院办公厅关于放假安排的通知) the library knows."""
FIXED = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}
"""Statutory days with a date in the sun's calendar (全国年节及纪念日放假办法, 2024)."""
MOVING = {
    2027: ("02-05", "02-06", "02-07", "02-08", "04-05", "06-09", "09-15"),
    2028: ("01-25", "01-26", "01-27", "01-28", "04-04", "05-28", "10-03"),
    2029: ("02-12", "02-13", "02-14", "02-15", "04-04", "06-16", "09-22"),
    2030: ("02-02", "02-03", "02-04", "02-05", "04-05", "06-05", "09-12"),
}
"""Those by the moon and the sun's terms: New Year's Eve to the third day, Qingming, Dragon Boat, Mid-Autumn."""


def statutory(day: date) -> bool:
    """Whether a day of a year without a notice is a holiday by the regulation itself."""
    return (day.month, day.day) in FIXED or day.strftime("%m-%d") in MOVING.get(day.year, ())


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days are worked. `exceptions` are the city's own: day → worked or not."""

    exceptions: Mapping[date, bool] = field(default_factory=dict)

    def is_workday(self, day: date) -> bool:
        if (own := self.exceptions.get(day)) is not None:
            return own
        if day.year > LAST_KNOWN:
            return day.weekday() < 5 and not statutory(day)
        return bool(chinese_calendar.is_workday(day))

    @staticmethod
    def known(year: int) -> bool:
        """Whether the year's notice is known; else pages say that its days are weekends and statutory days only."""
        return year <= LAST_KNOWN
