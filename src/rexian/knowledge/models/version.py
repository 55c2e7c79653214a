# SPDX-License-Identifier: Apache-2.0
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rexian.directory.models import Kind


class Version(models.Model):
    """All that an article says, as it was saved at one time: appended, never edited (a trigger refuses it).

    `body` is plain text with the light markup of rexian.knowledge.markup. `valid_until` is the last day on which it holds, None for no end.
    No areas means the whole city. `search` holds the title and the questions with weight A, the rest with weight C.
    """

    article = models.ForeignKey("knowledge.Article", models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveIntegerField(_("版本"))
    at = models.DateTimeField(_("保存时间"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("作者"), db_index=False
    )
    title = models.CharField(_("标题"), max_length=100)
    questions = ArrayField(models.CharField(max_length=100), verbose_name=_("相近问法"), default=list)
    body = models.TextField(_("正文"))
    basis = models.TextField(_("依据"), blank=True)
    department = models.ForeignKey("directory.Department", models.PROTECT, related_name="+", verbose_name=_("提供单位"))
    categories = models.ManyToManyField("directory.Category", related_name="+", verbose_name=_("分类"))
    areas = models.ManyToManyField("directory.Area", related_name="+", verbose_name=_("适用区域"))
    kinds = ArrayField(models.CharField(max_length=16, choices=Kind.choices), verbose_name=_("诉求性质"), default=list)
    public = models.BooleanField(_("向市民公开"), default=False)
    valid_from = models.DateField(_("生效日期"))
    valid_until = models.DateField(_("有效期至"), null=True)
    search = SearchVectorField()

    class Meta:
        verbose_name = _("知识版本")
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="version_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="version_from_one"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(body=""), name="version_says_something"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=models.F("valid_from")), name="version_validity"
            ),
            models.CheckConstraint(condition=Q(kinds__contained_by=Kind.values), name="version_kinds_known"),
        ]
        indexes = [GinIndex(fields=["search"], name="version_search")]

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"
