# SPDX-License-Identifier: Apache-2.0
"""The tables of notices, for data governance."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from rexian.notices import models
from rexian.security.declarations import Dataset, Sensitivity, of

INTERNAL = Sensitivity.INTERNAL
KEPT = timedelta(days=7)
"""How long a notice stands in the list."""

DATASETS = [
    Dataset(
        models.Notice, _("提醒"), of(INTERNAL, "id about event order subject at kind desk department user actor"), KEPT
    ),
    Dataset(models.Read, _("已读"), of(INTERNAL, "id user notice"), KEPT),
    Dataset(models.Choice, _("提醒方式"), of(INTERNAL, "id user kinds sound title desktop read_upto")),
]
