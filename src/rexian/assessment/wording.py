# SPDX-License-Identifier: Apache-2.0
"""Numbers as the reports write them; what is unknown is a dash."""

from collections.abc import Callable, Sequence
from datetime import date

from rexian.assessment.statistics import Interval
from rexian.assessment.translation import gettext as _

UNKNOWN = "—"


def points(value: float) -> str:
    """A score 0..1 with two decimals."""
    return UNKNOWN if value != value else f"{value:.2f}"


def signed(value: float) -> str:
    """A difference of scores with its sign."""
    return UNKNOWN if value != value else f"{value:+.2f}".replace("-", "−")


def percent(value: float) -> str:
    """A share 0..1 in percent with one decimal."""
    return UNKNOWN if value != value else f"{100 * value:.1f}%"


def number(value: float) -> str:
    """A count or mean, with thousands set apart; one decimal below 100."""
    if value != value:
        return UNKNOWN
    return f"{value:,.0f}" if abs(value) >= 100 or float(value).is_integer() else f"{value:,.1f}"


def between(interval: Interval, write: Callable[[float], str] = points) -> str:
    """An interval as `a 至 b`."""
    if interval.low != interval.low:
        return UNKNOWN
    return span(write(interval.low), write(interval.high))


def span(low: str, high: str) -> str:
    """A range in words."""
    return _("%(low)s 至 %(high)s") % {"low": low, "high": high}


def probability(p: float) -> str:
    """A p-value with three decimals."""
    if p != p:
        return UNKNOWN
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def rank(value: float) -> str:
    """A rank; a shared one is the mean of its places."""
    return UNKNOWN if value != value else f"{value:g}"


def listed(names: Sequence[str], most: int = 8) -> str:
    """Names as a Chinese sentence lists them."""
    if not names:
        return _("无")
    return "、".join(names[:most]) + (_("等 %d 项") % len(names) if len(names) > most else "")


def dated(day: date) -> str:
    """A date as an office writes it."""
    return _("%(year)d 年 %(month)d 月 %(day)d 日") % {"year": day.year, "month": day.month, "day": day.day}
