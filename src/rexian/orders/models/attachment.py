# SPDX-License-Identifier: Apache-2.0
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Attachment(models.Model):
    """A file that belongs to an order: kept as it came, shown cleaned.

    `original` is the file as received (staff only); `cleaned` the copy without image metadata that leaves the hotline.
    Both are served only through the access check.
    """

    order = models.ForeignKey("orders.WorkOrder", models.PROTECT, related_name="attachments")
    name = models.CharField(_("文件名"), max_length=120)
    media_type = models.CharField(_("类型"), max_length=64)
    size = models.PositiveIntegerField(_("大小"))
    sha256 = models.CharField(max_length=64)
    original = models.CharField(max_length=100)
    cleaned = models.CharField(max_length=100)
    at = models.DateTimeField()
    role = models.CharField(max_length=16)
    user = models.ForeignKey("security.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("附件")
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="attachment_not_empty"),
            models.UniqueConstraint(fields=["order", "sha256"], name="attachment_once_an_order"),
        ]
