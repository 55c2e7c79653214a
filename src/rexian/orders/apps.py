# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "rexian.orders"
    label = "orders"
    verbose_name = _("工单")
    default_auto_field = "django.db.models.BigAutoField"
