# SPDX-License-Identifier: Apache-2.0
from django.db import models
from django.utils.translation import gettext_lazy as _


class Tally(models.Model):
    """How often something happened in one window of time, against floods; old windows are thrown away nightly."""

    key = models.BinaryField(max_length=16)
    window_start = models.BigIntegerField()
    count = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("计数")
        constraints = [models.UniqueConstraint(fields=["key", "window_start"], name="tally_once_a_window")]
