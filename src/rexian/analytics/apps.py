# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnalyticsConfig(AppConfig):
    name = "rexian.analytics"
    label = "analytics"
    verbose_name = _("分析")
    default_auto_field = "django.db.models.BigAutoField"
