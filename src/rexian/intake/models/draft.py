# SPDX-License-Identifier: Apache-2.0
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from rexian.security.fields import EncryptedTextField


class Draft(models.Model):
    """What was typed and not yet submitted, by an agent or (by the blind index of a cookie) by a citizen; encrypted whole.

    `content` is the form's fields as JSON text. `key` is made by the page when it opens, so that saving again never doubles.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="drafts")
    visitor = models.BinaryField(max_length=16, null=True)
    key = models.UUIDField(unique=True)
    content = EncryptedTextField()
    saved_at = models.DateTimeField(_("保存时间"))

    class Meta:
        verbose_name = _("草稿")
        indexes = [
            models.Index(fields=["user", "-saved_at"], name="draft_by_user"),
            models.Index(fields=["visitor"], name="draft_by_visitor"),
            models.Index(fields=["saved_at"], name="draft_by_age"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user=None, visitor__isnull=False) | models.Q(user__isnull=False, visitor=None),
                name="draft_has_one_owner",
            )
        ]
