# SPDX-License-Identifier: Apache-2.0
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class LearnedModel(models.Model):
    """A trained classifier or router: its bytes, what it was trained on, how it did, and whether it is the live one.

    Both sorts of one training share a `version`, and go live together. `until`: it has seen no order received later, so that it can be
    compared on those. The bytes of old versions are let go (empty); what they were and how they did stays.
    """

    class Sort(models.TextChoices):
        CLASSIFIER = "classifier", _("分类")
        ROUTER = "router", _("派单")

    version = models.PositiveIntegerField(_("版本"), default=0)
    sort = models.CharField(max_length=16, choices=Sort.choices)
    name = models.CharField(max_length=64)
    trained_at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    orders = models.PositiveIntegerField()
    metrics = models.JSONField(default=dict)
    content = models.BinaryField()
    live = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("模型")
        constraints = [
            models.UniqueConstraint(fields=["sort"], condition=models.Q(live=True), name="model_one_live"),
            models.UniqueConstraint(fields=["version", "sort"], name="model_version_once"),
        ]


class ModelSwitch(models.Model):
    """A change of the live version (换模型): appended, so that it stands on record which version was live when, and who put it there."""

    class Why(models.TextChoices):
        BETTER = "better", _("比原来的好")
        EVEN = "even", _("不比原来的差，学了更新的工单")
        CHOSEN = "chosen", _("有人换上")

    version = models.PositiveIntegerField(_("版本"))
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    why = models.CharField(max_length=8, choices=Why.choices)
    reason = models.CharField(_("理由"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("换模型")
        indexes = [models.Index(fields=["-at"], name="switch_newest")]
