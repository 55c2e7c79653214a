# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    name = "rexian.web"
    label = "web"
    verbose_name = _("页面")
    default_auto_field = "django.db.models.BigAutoField"
