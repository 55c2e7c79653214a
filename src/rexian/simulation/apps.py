# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SimulationConfig(AppConfig):
    name = "rexian.simulation"
    label = "simulation"
    verbose_name = _("仿真")
    default_auto_field = "django.db.models.BigAutoField"
