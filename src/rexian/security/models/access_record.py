# SPDX-License-Identifier: Apache-2.0
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AccessRecord(models.Model):
    """One look at personal data or one act on an account: appended, never edited."""

    at = models.DateTimeField(_("时间"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("谁"))
    act = models.CharField(_("行为"), max_length=32)
    subject = models.CharField(_("对象"), max_length=64)
    fields = models.CharField(_("内容"), max_length=200)
    reason = models.CharField(_("理由"), max_length=200)
    address = models.GenericIPAddressField(_("网络地址"), null=True)

    class Meta:
        verbose_name = _("查看记录")
        indexes = [
            models.Index(fields=["subject", "-at"], name="access_by_subject"),
            models.Index(fields=["user", "-at"], name="access_by_user"),
        ]
        constraints = [models.CheckConstraint(condition=~models.Q(reason=""), name="access_has_a_reason")]
