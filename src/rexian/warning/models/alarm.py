# SPDX-License-Identifier: Apache-2.0
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Alarm(models.Model):
    """An early warning (预警): a trend that rises above what is usual, or a sensitive matter in one order. One a day and series.

    A trend: `count` orders of `category` in `area` within `window` days where `expected` are usual, and the chance of so many.
    A matter: the order and the word. Somebody takes note of it (`seen_by`), with what was done.
    """

    class Sort(models.TextChoices):
        TREND = "trend", _("上升趋势")
        MATTER = "matter", _("敏感事项")

    sort = models.CharField(_("种类"), max_length=8, choices=Sort.choices)
    day = models.DateField(_("日期"))
    series = models.CharField(max_length=64)
    level = models.PositiveSmallIntegerField(_("级别"), default=2)
    category = models.ForeignKey("directory.Category", models.PROTECT, null=True, related_name="+")
    area = models.ForeignKey("directory.Area", models.PROTECT, null=True, related_name="+")
    order = models.ForeignKey("orders.WorkOrder", models.CASCADE, null=True, related_name="+")
    word = models.CharField(_("词"), max_length=32, blank=True)
    window = models.PositiveSmallIntegerField(_("天数"), default=1)
    count = models.PositiveIntegerField(_("件数"), default=1)
    expected = models.FloatField(_("平常"), null=True)
    chance = models.FloatField(null=True)
    found_at = models.DateTimeField(_("发现"))
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    seen_at = models.DateTimeField(null=True)
    note = models.CharField(_("处置"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("预警")
        constraints = [
            models.UniqueConstraint(fields=["day", "sort", "series"], name="alarm_once_a_day"),
            models.CheckConstraint(
                condition=Q(seen_at=None, seen_by=None) | Q(seen_at__isnull=False, seen_by__isnull=False),
                name="alarm_seen_by_someone",
            ),
        ]
        indexes = [
            models.Index(fields=["-found_at"], name="alarm_newest"),
            models.Index(fields=["order"], name="alarm_by_order", condition=Q(order__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.series}"


class Watched(models.Model):
    """Up to which order event the sensitive words were looked for."""

    last_event = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("已看到")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="watched_only_one")]
