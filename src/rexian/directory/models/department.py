# SPDX-License-Identifier: Apache-2.0
from django.db import models
from django.utils.translation import gettext_lazy as _


class Department(models.Model):
    """A handling department (承办单位) or a part inside one (内设机构); a tree.

    `path` is the ids from the root down, `/3/17/`: what lies below a department begins with its path.
    """

    code = models.CharField(_("代码"), max_length=32, unique=True)
    name = models.CharField(_("名称"), max_length=64)
    short = models.CharField(_("简称"), max_length=32, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=200, editable=False, default="")
    area = models.ForeignKey("directory.Area", models.PROTECT, null=True, blank=True, verbose_name=_("辖区"))
    internal = models.BooleanField(_("内设机构"), default=False)
    contact = models.CharField(_("联系人"), max_length=64, blank=True)
    telephone = models.CharField(_("办公电话"), max_length=32, blank=True)
    duties = models.TextField(_("职责"), blank=True)
    active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("部门")
        ordering = ["code"]
        indexes = [models.Index(fields=["path"], opclasses=["text_pattern_ops"], name="department_below")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(internal=False) | models.Q(parent__isnull=False), name="department_internal_of"
            )
        ]

    def __str__(self) -> str:
        return self.name
