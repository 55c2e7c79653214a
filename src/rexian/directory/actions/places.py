# SPDX-License-Identifier: Apache-2.0
"""Areas and days of the calendar."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from rexian.directory.actions.recording import Outcome, may_keep, put
from rexian.directory.models import Area, CalendarDay
from rexian.directory.notice import Notice
from rexian.directory.queries import around, forget
from rexian.security.errors import Refusal
from rexian.security.identity import By

OUTLINES = ("Polygon", "MultiPolygon")
STREET = 9
"""Digits of a street's or town's code."""


@transaction.atomic
def save_area(*, by: By, area: Area, values: Mapping[str, Any]) -> Outcome:
    """Saves an area (a new one bears its code); level and place in the tree follow from the code. Raises Refusal."""
    may_keep(by)
    values = dict(values)
    area.stem = stem_of(area.code)
    level = 3 if len(area.code) == STREET else 1 if area.code.endswith("00") else 2
    if (told := values.pop("level", None)) not in (None, level):
        raise Refusal(
            _("代码 %(code)s 是第 %(level)s 级，与所填级别 %(told)s 不符。")
            % {"code": area.code, "level": level, "told": told},
            "level",
        )
    parent = values.pop("parent", None) or _parent(area)
    _check_place(area, level, parent)
    _check_geometry(values)
    if area._state.adding:
        values = {"code": area.code, "stem": area.stem} | values
    outcome = put(by=by, row=area, subject=area.code, values=values | {"level": level, "parent": parent})
    forget()
    return outcome


def stem_of(code: str) -> str:
    """An area's code without its trailing pairs of zeros: 990100 → 9901; raises Refusal for what is no code."""
    if not (code.isascii() and code.isdigit() and len(code) in (6, STREET) and code[:2] != "00"):
        raise Refusal(_("区划代码应为 6 位数字，街道、乡镇为 9 位。"), field="code")
    if len(code) == STREET:
        return code
    while code.endswith("00"):
        code = code[:-2]
    return code


def _parent(area: Area) -> Area | None:
    return Area.objects.filter(stem__in=around(area.stem)[1:]).order_by("-level").first()


def _check_place(area: Area, level: int, parent: Area | None) -> None:
    if level == 1 and parent is not None:
        raise Refusal(_("市级区域没有上级。"), field="parent")
    if level > 1 and parent is None:
        raise Refusal(_("没有上级区域，请先导入上级。"), field="parent")
    if parent is not None and (parent.level >= level or not area.stem.startswith(parent.stem)):
        raise Refusal(
            _("代码 %(code)s 不在上级 %(parent)s 之内。") % {"code": area.code, "parent": parent.code}, field="parent"
        )


def _check_geometry(values: Mapping[str, Any]) -> None:
    for name, limit in (("longitude", 180), ("latitude", 90)):
        if (degrees := values.get(name)) is not None and not -limit <= degrees <= limit:
            raise Refusal(_("应在 -%(limit)s 和 %(limit)s 之间。") % {"limit": limit}, field=name)
    outline = values.get("outline")
    if outline is not None and not (
        isinstance(outline, dict) and outline.get("type") in OUTLINES and outline.get("coordinates")
    ):
        raise Refusal(_("边界应为 GeoJSON 的 Polygon 或 MultiPolygon。"), field="outline")


@transaction.atomic
def save_day(*, by: By, day: CalendarDay, values: Mapping[str, Any]) -> Outcome:
    """Saves a day that differs from the national calendar, or one of a new notice. Deadlines that are set already do not move."""
    may_keep(by)
    own = {"day": day.day} if day._state.adding else {}
    outcome = put(by=by, row=day, subject=day.day.isoformat(), values={**own, **values})
    forget()
    return outcome


@transaction.atomic
def save_notice(*, by: By, notice: Notice) -> int:
    """Takes a year's notice of the State Council into the calendar, all of it or nothing; returns how many days are new or other than before.

    Raises Refusal for one that does not agree with itself. The city's own exceptions on other days stay.
    """
    may_keep(by)
    if notice.problems or not notice.days:
        raise Refusal(" ".join(notice.problems) or _("没有读到节假日。"), field="text")
    there = {day.day: day for day in CalendarDay.objects.filter(day__in=[one.day for one in notice.days])}
    outcomes = [
        save_day(
            by=by,
            day=there.get(one.day) or CalendarDay(day=one.day),
            values={"working": one.working, "reason": one.reason, "national": True},
        )
        for one in notice.days
    ]
    return sum(outcome is not Outcome.SAME for outcome in outcomes)
