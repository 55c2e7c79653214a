# SPDX-License-Identifier: Apache-2.0
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SignOff(models.Model):
    """The head's word that the answers are the city's: `digest` is over all of them and the evidence. While it stands nothing changes.

    Reopened, it stays with who reopened it, when and why; the next sign-off is another row.
    """

    invitation = models.ForeignKey("assessment.Invitation", models.PROTECT, related_name="signoffs")
    head = models.CharField(_("负责人"), max_length=40)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField(_("签发时间"))
    digest = models.CharField(_("摘要"), max_length=80)
    reopened_at = models.DateTimeField(_("重开时间"), null=True)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    reason = models.CharField(_("重开理由"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("签发")
        constraints = [
            models.UniqueConstraint(fields=["invitation"], condition=Q(reopened_at=None), name="signoff_one_stands"),
            models.CheckConstraint(condition=~Q(head=""), name="signoff_by_someone"),
            models.CheckConstraint(
                condition=Q(reopened_at=None, reopened_by=None, reason="")
                | (Q(reopened_at__isnull=False, reopened_by__isnull=False) & ~Q(reason="")),
                name="signoff_reopened_for_a_reason",
            ),
        ]
