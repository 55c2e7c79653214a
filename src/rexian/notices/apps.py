# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "rexian.notices"
    label = "notices"
    verbose_name = _("提醒")
    default_auto_field = "django.db.models.BigAutoField"
