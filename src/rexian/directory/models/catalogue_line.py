# SPDX-License-Identifier: Apache-2.0
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class CatalogueLine(models.Model):
    """A line of the dispatch catalogue (派单目录): category × area → lead and assisting departments, from a day to a day.

    A line is never rewritten: a change ends it (`until`) and begins another, so that the catalogue of any past day can be read.
    No area means the whole city. `assisting` holds ids of departments in order.
    """

    number = models.PositiveIntegerField(_("序号"))
    category = models.ForeignKey("directory.Category", models.PROTECT, related_name="lines", verbose_name=_("分类"))
    area = models.ForeignKey("directory.Area", models.PROTECT, null=True, blank=True, verbose_name=_("区域"))
    lead = models.ForeignKey("directory.Department", models.PROTECT, related_name="lines", verbose_name=_("主办单位"))
    assisting = ArrayField(models.BigIntegerField(), default=list, blank=True, verbose_name=_("协办单位"))
    since = models.DateField(_("生效日期"))
    until = models.DateField(_("失效日期"), null=True, blank=True)
    basis = models.CharField(_("依据"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("派单目录")
        ordering = ["number", "since"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gt=models.F("since")), name="line_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["category", "area"],
                condition=models.Q(until=None),
                nulls_distinct=False,
                name="line_one_open_a_place",
            ),
            models.UniqueConstraint(fields=["number", "since"], name="line_number_since"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"
