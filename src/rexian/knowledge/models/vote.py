# SPDX-License-Identifier: Apache-2.0
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Vote(models.Model):
    """Whether a version helped: one a person and version; a second vote takes the place of the first.

    `visitor` is the blind index of a citizen's cookie.
    """

    version = models.ForeignKey("knowledge.Version", models.PROTECT, related_name="votes", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    visitor = models.BinaryField(max_length=16, null=True)
    useful = models.BooleanField(_("有用"))
    why = models.CharField(_("哪里没用"), max_length=200, blank=True)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("有用评价")
        constraints = [
            models.UniqueConstraint(fields=["version", "user"], name="vote_once_a_user"),
            models.UniqueConstraint(fields=["version", "visitor"], name="vote_once_a_visitor"),
            models.CheckConstraint(
                condition=Q(user=None, visitor__isnull=False) | Q(user__isnull=False, visitor=None),
                name="vote_of_one_person",
            ),
        ]
