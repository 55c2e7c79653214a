# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig
from django.utils.translation import gettext, gettext_lazy

from rexian.assessment import translation


class AssessmentConfig(AppConfig):
    name = "rexian.assessment"
    label = "assessment"
    verbose_name = gettext_lazy("评估")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Within the web the core speaks the reader's language."""
        translation.use(gettext)
