# SPDX-License-Identifier: Apache-2.0
from django.db import models
from django.utils.translation import gettext_lazy as _


class CalendarDay(models.Model):
    """A day that differs here from the national calendar: a local holiday, or a day worked after all."""

    day = models.DateField(_("日期"), unique=True)
    working = models.BooleanField(_("上班"))
    reason = models.CharField(_("原因"), max_length=100)

    class Meta:
        verbose_name = _("工作日历")
        ordering = ["day"]

    def __str__(self) -> str:
        return self.day.isoformat()
