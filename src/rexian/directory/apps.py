# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DirectoryConfig(AppConfig):
    name = "rexian.directory"
    label = "directory"
    verbose_name = _("名录")
    default_auto_field = "django.db.models.BigAutoField"
