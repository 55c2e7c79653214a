# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SecurityConfig(AppConfig):
    name = "rexian.security"
    label = "security"
    verbose_name = _("安全")
    default_auto_field = "django.db.models.BigAutoField"
