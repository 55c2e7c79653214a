# SPDX-License-Identifier: Apache-2.0
from django.db import models
from django.utils.translation import gettext_lazy as _


class Area(models.Model):
    """An area: the city, a district or county, or a street or town.

    Codes follow GB/T 2260 (six digits) and, for streets and towns, GB/T 10114 (three more). An area lies below those whose
    code it begins with, once trailing pairs of zeros are taken off (`stem`): 990100 → 9901, 990102 → 990102, 990102003 → itself.
    """

    code = models.CharField(_("代码"), max_length=9, unique=True)
    stem = models.CharField(max_length=9, unique=True, editable=False)
    name = models.CharField(_("名称"), max_length=64)
    level = models.PositiveSmallIntegerField(_("级别"))
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    longitude = models.FloatField(_("经度"), null=True, blank=True)
    latitude = models.FloatField(_("纬度"), null=True, blank=True)
    outline = models.JSONField(_("边界"), null=True, blank=True)
    active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("区域")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=models.Q(level__in=[1, 2, 3]), name="area_level"),
            models.CheckConstraint(condition=models.Q(code__regex=r"^\d{6}(\d{3})?$"), name="area_code_form"),
            models.CheckConstraint(
                condition=models.Q(level=1, parent=None) | models.Q(level__gt=1, parent__isnull=False),
                name="area_parent_by_level",
            ),
        ]
        indexes = [models.Index(fields=["stem"], opclasses=["text_pattern_ops"], name="area_below")]

    def __str__(self) -> str:
        return self.name
