# SPDX-License-Identifier: Apache-2.0
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class HotIssue(models.Model):
    """A hot issue (热点): several open orders about one trouble in one street, found by the machine; a person makes a parent and its repeats of it.

    `heat` is rexian_ml.cluster.heat. Once refused, the same orders are not proposed again.
    """

    class State(models.TextChoices):
        OPEN = "open", _("待定")
        MERGED = "merged", _("已并单")
        REFUSED = "refused", _("不是一件事")
        PASSED = "passed", _("已过去")

    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.OPEN)
    title = models.CharField(_("标题"), max_length=80)
    place = models.CharField(_("地点"), max_length=32, blank=True)
    area = models.ForeignKey("directory.Area", models.PROTECT, related_name="+", verbose_name=_("区域"))
    first = models.DateTimeField(_("最早"))
    last = models.DateTimeField(_("最近"))
    people = models.PositiveIntegerField(_("人数"))
    heat = models.FloatField(_("热度"))
    found_at = models.DateTimeField(_("发现"))
    orders = models.ManyToManyField("orders.WorkOrder", related_name="+")
    parent = models.ForeignKey("orders.WorkOrder", models.PROTECT, null=True, related_name="+", verbose_name=_("主单"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(_("理由"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("热点")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=("merged", "refused")) | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="hot_decided_by_someone",
            ),
            models.CheckConstraint(condition=Q(state="merged") | Q(parent=None), name="hot_parent_when_merged"),
        ]
        indexes = [
            models.Index(fields=["-heat"], name="hot_open", condition=Q(state="open")),
            models.Index(fields=["-decided_at"], name="hot_decided", condition=Q(decided_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.title
