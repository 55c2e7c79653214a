# SPDX-License-Identifier: Apache-2.0
"""The tables of intake, for data governance."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from rexian.intake import models
from rexian.intake.actions import DRAFT_KEPT
from rexian.security.declarations import Dataset, Sensitivity, of

INTERNAL, PERSONAL, SENSITIVE = Sensitivity.INTERNAL, Sensitivity.PERSONAL, Sensitivity.SENSITIVE

DATASETS = [
    Dataset(models.ApiClient, _("接口客户"), of(INTERNAL, "id name channel active since") | of(SENSITIVE, "token")),
    Dataset(
        models.Draft, _("草稿"), of(INTERNAL, "id user key saved_at") | of(PERSONAL, "visitor content"), DRAFT_KEPT
    ),
    Dataset(
        models.Receipt,
        _("回执"),
        of(INTERNAL, "id source key body order at") | of(SENSITIVE, "query_code"),
        DRAFT_KEPT,
    ),
    Dataset(models.Tally, _("计数"), of(INTERNAL, "id key window_start count"), timedelta(days=30)),
    Dataset(
        models.LearnedModel,
        _("模型"),
        of(INTERNAL, "id version sort name trained_at until orders metrics content live"),
    ),
    Dataset(models.ModelSwitch, _("换模型"), of(INTERNAL, "id version at by why reason")),
    Dataset(models.Judged, _("建议的对错"), of(INTERNAL, "id week model field percent count hits")),
]
