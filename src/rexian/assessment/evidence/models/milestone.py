# SPDX-License-Identifier: Apache-2.0
from django.db import models
from django.utils.translation import gettext_lazy as _


class Milestone(models.Model):
    """One measure of a quarter's plan: what is to be done about an indicator by when, and the value from which it starts.

    A quarter (`2026Q4`) has one plan, made from its first measurement; later ones stand beside it.
    """

    quarter = models.CharField(_("季度"), max_length=6)
    indicator = models.CharField(_("指标"), max_length=8)
    version = models.CharField(_("指标版本"), max_length=16)
    planned_on = models.DateField(_("制定日期"))
    due = models.DateField(_("完成期限"))
    before = models.FloatField(_("制定时实测"))
    action = models.CharField(_("措施"), max_length=200)

    class Meta:
        verbose_name = _("改进计划")
        ordering = ["due", "id"]
        constraints = [
            models.UniqueConstraint(fields=["quarter", "indicator"], name="milestone_once_a_quarter"),
            models.CheckConstraint(condition=models.Q(due__gt=models.F("planned_on")), name="milestone_due_after_plan"),
            models.CheckConstraint(condition=models.Q(before__gte=0, before__lte=1), name="milestone_before_range"),
        ]

    def __str__(self) -> str:
        return f"{self.quarter} {self.indicator}"
