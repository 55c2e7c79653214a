# SPDX-License-Identifier: Apache-2.0
"""The jobs' table, for data governance."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from rexian.jobs import models
from rexian.security.declarations import Dataset, Sensitivity

KEPT = timedelta(days=90)
FIELDS = ("id", "job", "task", "at", "error")
DATASETS = [Dataset(models.Failure, _("任务失败"), dict.fromkeys(FIELDS, Sensitivity.INTERNAL), KEPT)]
