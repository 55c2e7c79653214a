# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WarningConfig(AppConfig):
    name = "rexian.warning"
    label = "warning"
    verbose_name = _("预警")
    default_auto_field = "django.db.models.BigAutoField"
