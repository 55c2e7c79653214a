# SPDX-License-Identifier: Apache-2.0
from django.db import models
from django.utils.translation import gettext_lazy as _


class CalendarDay(models.Model):
    """A day that differs from what the library knows: a local holiday, or a day worked after all.

    `national` days come from the State Council's notice (放假安排) of a year that the library does not know yet.
    """

    day = models.DateField(_("日期"), unique=True)
    working = models.BooleanField(_("上班"))
    reason = models.CharField(_("原因"), max_length=100)
    national = models.BooleanField(_("国务院通知"), default=False)

    class Meta:
        verbose_name = _("工作日历")
        ordering = ["day"]

    def __str__(self) -> str:
        return self.day.isoformat()
