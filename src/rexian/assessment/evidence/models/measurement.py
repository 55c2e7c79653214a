# SPDX-License-Identifier: Apache-2.0
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Measurement(models.Model):
    """One indicator as the platform's own tables showed it at one time: appended, never edited (a trigger refuses it).

    `value` 0..1 is None where nothing or too little could be measured; then `note` says what is missing and what would make it, a line
    each (also beside a value that leaves something out). `rows` are those behind the value (`evidence.base.Row`), whose hits and ofs add
    up to numerator and denominator. `version` is that of index, indicator and measure (`1.1.1`): values of different versions are not compared.
    """

    taken_at = models.DateTimeField(_("测量时间"))
    indicator = models.CharField(_("指标"), max_length=8)
    version = models.CharField(_("指标版本"), max_length=16)
    start = models.DateTimeField(_("统计期起"), null=True)
    end = models.DateTimeField(_("统计期止"))
    value = models.FloatField(_("实测"), null=True)
    numerator = models.FloatField(_("分子"))
    denominator = models.FloatField(_("分母"))
    full = models.FloatField(_("满分值"), default=1.0)
    coverage = models.FloatField(_("可测的份额"))
    rows = models.JSONField(default=list)
    note = models.TextField(_("缺什么"), blank=True)

    class Meta:
        verbose_name = _("实测")
        ordering = ["-taken_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "taken_at"], name="measurement_once"),
            models.CheckConstraint(condition=Q(value=None) | Q(value__gte=0, value__lte=1), name="measurement_range"),
            models.CheckConstraint(condition=Q(value__isnull=False) | ~Q(note=""), name="measurement_none_has_why"),
            models.CheckConstraint(
                condition=Q(value=None) | Q(denominator__gt=0), name="measurement_value_has_denominator"
            ),
            models.CheckConstraint(condition=Q(coverage__gte=0, coverage__lte=1), name="measurement_coverage_range"),
        ]
        indexes = [models.Index(fields=["-taken_at"], name="measurement_newest")]

    def __str__(self) -> str:
        return f"{self.indicator} {self.taken_at:%Y-%m-%d}"
