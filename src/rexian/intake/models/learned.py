# SPDX-License-Identifier: Apache-2.0
from django.db import models
from django.utils.translation import gettext_lazy as _


class LearnedModel(models.Model):
    """A trained classifier or router: its bytes, what it was trained on, how it did, and whether it is the live one."""

    class Sort(models.TextChoices):
        CLASSIFIER = "classifier", _("分类")
        ROUTER = "router", _("派单")

    sort = models.CharField(max_length=16, choices=Sort.choices)
    name = models.CharField(max_length=64)
    trained_at = models.DateTimeField()
    orders = models.PositiveIntegerField()
    metrics = models.JSONField(default=dict)
    content = models.BinaryField()
    live = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("模型")
        constraints = [
            models.UniqueConstraint(fields=["sort"], condition=models.Q(live=True), name="model_one_live"),
        ]
