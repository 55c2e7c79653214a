# SPDX-License-Identifier: Apache-2.0
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Evidence(models.Model):
    """A file that a city attached to an indicator as proof: in the attachment store, pictures without metadata. Taken back, its row stays."""

    invitation = models.ForeignKey("assessment.Invitation", models.PROTECT, related_name="evidence")
    indicator = models.CharField(max_length=8)
    name = models.CharField(_("文件名"), max_length=120)
    media_type = models.CharField(_("类型"), max_length=80)
    size = models.PositiveIntegerField(_("大小"))
    sha256 = models.CharField(max_length=64)
    file = models.CharField(max_length=100)
    by = models.CharField(_("上传人"), max_length=40)
    at = models.DateTimeField(_("时间"))
    removed_at = models.DateTimeField(null=True)
    removed_by = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("佐证材料")
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="evidence_not_empty"),
            models.UniqueConstraint(
                fields=["invitation", "indicator", "sha256"], condition=Q(removed_at=None), name="evidence_once"
            ),
        ]
