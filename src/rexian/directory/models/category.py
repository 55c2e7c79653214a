# SPDX-License-Identifier: Apache-2.0
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What the citizen wants (诉求性质)."""

    CONSULT = "consult", _("咨询")
    HELP = "help", _("求助")
    COMPLAINT = "complaint", _("投诉")
    REPORT = "report", _("举报")
    SUGGESTION = "suggestion", _("建议")
    PRAISE = "praise", _("表扬")


class LimitUnit(models.TextChoices):
    WORKDAY = "workday", _("工作日")
    DAY = "day", _("天")
    HOUR = "hour", _("小时")
    MINUTE = "minute", _("分钟")


class Category(models.Model):
    """A category (分类/事项) of requests, in three levels; orders carry a leaf or, when unsure, a branch.

    `service` names a class that rule packs give limits of its own to (`utility`: water, power, gas, heat). `limit` with its
    unit overrides the pack's time for handling.
    """

    code = models.CharField(_("代码"), max_length=32, unique=True)
    name = models.CharField(_("名称"), max_length=64)
    level = models.PositiveSmallIntegerField(_("级别"))
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    full_name = models.CharField(_("全称"), max_length=200, editable=False, default="")
    keywords = ArrayField(models.CharField(max_length=32), verbose_name=_("关键词"), default=list, blank=True)
    default_kind = models.CharField(_("默认性质"), max_length=16, choices=Kind.choices, blank=True)
    service = models.CharField(_("服务类别"), max_length=16, blank=True)
    limit = models.PositiveSmallIntegerField(_("办理时限"), null=True, blank=True)
    limit_unit = models.CharField(_("时限单位"), max_length=8, choices=LimitUnit.choices, blank=True)
    note = models.TextField(_("说明"), blank=True)
    active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("分类")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=models.Q(level__in=[1, 2, 3]), name="category_level"),
            models.CheckConstraint(condition=models.Q(default_kind__in=["", *Kind.values]), name="category_kind_known"),
            models.CheckConstraint(
                condition=models.Q(limit_unit__in=["", *LimitUnit.values]), name="category_unit_known"
            ),
            models.CheckConstraint(
                condition=models.Q(level=1, parent=None) | models.Q(level__gt=1, parent__isnull=False),
                name="category_parent_by_level",
            ),
            models.CheckConstraint(
                condition=models.Q(limit=None, limit_unit="") | (models.Q(limit__gt=0) & ~models.Q(limit_unit="")),
                name="category_limit_with_unit",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.name
