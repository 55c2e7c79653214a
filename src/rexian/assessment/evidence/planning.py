# SPDX-License-Identifier: Apache-2.0
"""The dates of a plan. Pure."""

from calendar import monthrange
from datetime import date


def quarter(day: date) -> str:
    """`2026Q4`."""
    return f"{day.year}Q{(day.month - 1) // 3 + 1}"


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
