# SPDX-License-Identifier: Apache-2.0
"""The tables of warning, for data governance."""

from django.utils.translation import gettext_lazy as _

from rexian.security.declarations import Dataset, Sensitivity, of
from rexian.warning import models

INTERNAL, PERSONAL = Sensitivity.INTERNAL, Sensitivity.PERSONAL

DATASETS = [
    Dataset(
        models.Alarm,
        _("预警"),
        of(INTERNAL, "id sort day series level category area order word window count expected chance")
        | of(INTERNAL, "found_at seen_by seen_at note"),
    ),
    Dataset(
        models.HotIssue,
        _("热点"),
        of(INTERNAL, "id state place area first last people heat found_at orders parent decided_by decided_at reason")
        | of(PERSONAL, "title"),
    ),
    Dataset(models.Watched, _("已看到"), of(INTERNAL, "id last_event")),
]
