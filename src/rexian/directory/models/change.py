# SPDX-License-Identifier: Apache-2.0
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _


class Change(models.Model):
    """One change of a row of the directory: who, when, and each field before and after. Appended, never edited.

    `subject` is the row's own code, number or name; `before` is None for a new row. Fields that hold other rows hold their codes.
    """

    at = models.DateTimeField(_("时间"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("谁")
    )
    role = models.CharField(_("身份"), max_length=16)
    table = models.CharField(_("表"), max_length=32)
    subject = models.CharField(_("对象"), max_length=64)
    before = models.JSONField(_("变更前"), null=True, encoder=DjangoJSONEncoder)
    after = models.JSONField(_("变更后"), encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = _("名录变更")
        indexes = [models.Index(fields=["table", "subject", "-at"], name="change_by_subject")]

    def __str__(self) -> str:
        return f"{self.table} {self.subject}"
