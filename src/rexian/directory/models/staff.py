# SPDX-License-Identifier: Apache-2.0
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from rexian.security.posts import DEPARTMENT_POSTS


class Staff(models.Model):
    """Where an account works and what of the city it sees (数据范围): its department with those below, and its areas."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="staff", verbose_name=_("账号"))
    department = models.ForeignKey(
        "directory.Department", models.PROTECT, null=True, blank=True, related_name="staff", verbose_name=_("部门")
    )
    areas = models.ManyToManyField("directory.Area", blank=True, verbose_name=_("区域"))
    extension = models.CharField(_("分机"), max_length=16, blank=True)

    class Meta:
        verbose_name = _("人员")

    def __str__(self) -> str:
        return str(self.user)

    @property
    def in_department(self) -> bool:
        return self.user.post in DEPARTMENT_POSTS
