# SPDX-License-Identifier: Apache-2.0
"""The tables of security, for data governance."""

from django.utils.translation import gettext_lazy as _

from rexian.security import models
from rexian.security.declarations import Dataset, Sensitivity, of

INTERNAL, PERSONAL, SENSITIVE = Sensitivity.INTERNAL, Sensitivity.PERSONAL, Sensitivity.SENSITIVE

DATASETS = [
    Dataset(
        models.User,
        _("账号"),
        of(INTERNAL, "id username number post is_active sessions_since must_change_password last_login")
        | of(PERSONAL, "name")
        | of(SENSITIVE, "password"),
    ),
    Dataset(
        models.SecondFactor,
        _("两步验证"),
        of(INTERNAL, "id user confirmed_at last_step failures locked_until") | of(SENSITIVE, "secret recovery"),
    ),
    Dataset(
        models.AccessRecord,
        _("查看记录"),
        of(INTERNAL, "id at user act subject fields reason") | of(PERSONAL, "address"),
    ),
]
"""Accounts and looks at personal data are kept as long as the hotline: they answer who saw what."""
