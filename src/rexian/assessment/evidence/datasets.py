# SPDX-License-Identifier: Apache-2.0
"""The tables of live evidence, for data governance."""

from django.utils.translation import gettext_lazy as _

from rexian.assessment.evidence import models
from rexian.security.declarations import Dataset, Sensitivity, of

INTERNAL = Sensitivity.INTERNAL

DATASETS = [
    Dataset(
        models.Measurement,
        _("指标实测"),
        of(INTERNAL, "id taken_at indicator version start end value numerator denominator full coverage rows note"),
    ),
    Dataset(models.Milestone, _("改进计划"), of(INTERNAL, "id quarter indicator version planned_on due before action")),
]
"""Kept as long as the hotline: the trend is their use. No row holds anything of a citizen."""
