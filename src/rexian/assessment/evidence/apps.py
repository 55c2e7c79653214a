# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvidenceConfig(AppConfig):
    name = "rexian.assessment.evidence"
    label = "evidence"
    verbose_name = _("实测")
    default_auto_field = "django.db.models.BigAutoField"
