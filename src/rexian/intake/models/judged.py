# SPDX-License-Identifier: Apache-2.0
from django.db import models
from django.utils.translation import gettext_lazy as _


class Judged(models.Model):
    """How many proposals of one week, model and confidence were what people chose: counted from the orders, so that pages need not.

    `week` is its Monday; `percent` the confidence in whole percent, rounded down, or -1 where the model said nothing of how sure it was.
    """

    week = models.DateField(_("周"))
    model = models.CharField(max_length=64, blank=True)
    field = models.CharField(max_length=16)
    percent = models.SmallIntegerField()
    count = models.PositiveIntegerField()
    hits = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("建议的对错")
        constraints = [
            models.UniqueConstraint(fields=["week", "model", "field", "percent"], name="judged_once"),
            models.CheckConstraint(condition=models.Q(hits__lte=models.F("count")), name="judged_hits_of_count"),
        ]
