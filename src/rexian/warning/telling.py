# SPDX-License-Identifier: Apache-2.0
"""What warning tells desks of: each trend that rises, once a day, to those who may take note of it and whose area it lies in."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from rexian.security.identity import By
from rexian.security.sources import Source, Told
from rexian.warning import queries
from rexian.warning.models import Alarm


def since(moment: datetime) -> Iterator[Told]:
    """The trends that were found from `moment` on. Sensitive matters are not among them: they show with their order."""
    found = Alarm.objects.filter(sort=Alarm.Sort.TREND, found_at__gte=moment)
    for pk, at in found.order_by("pk").values_list("pk", "found_at"):
        yield Told(event=pk, subject=pk, at=at, kind="rising", desk="alarm")


def visible(by: By) -> QuerySet[Alarm]:
    """The trends that `by` may take note of; those of the whole city also by who looks after a part of it."""
    return queries.visible(by).filter(sort=Alarm.Sort.TREND) if by.role in queries.NOTERS else Alarm.objects.none()


def title(alarm: Alarm) -> str:
    """As the page of the alarm has it."""
    told = {"category": alarm.category and alarm.category.name, "area": alarm.area.name if alarm.area else _("全市")}
    numbers = {"days": alarm.window, "n": alarm.count, "expected": f"{alarm.expected or 0:.1f}"}
    return _("%(category)s · %(area)s · %(days)s 天 %(n)s 件，平常 %(expected)s 件") % (told | numbers)


SOURCE = Source("alarm", since, visible, title)
