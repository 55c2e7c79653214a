# SPDX-License-Identifier: Apache-2.0
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Survey(models.Model):
    """One round of the questionnaire sent to cities: which versions of index and questionnaire, from when to when, who runs it.

    `address` is what the links begin with (`https://host/…/`, the token follows), `judges` the comparisons in pairs (TOML) of its analytic hierarchy.
    """

    title = models.CharField(_("名称"), max_length=80)
    index_version = models.CharField(_("指标体系版本"), max_length=16)
    questionnaire_version = models.CharField(_("问卷版本"), max_length=16)
    opens = models.DateTimeField(_("开始"))
    closes = models.DateTimeField(_("截止"))
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("负责人"))
    made_at = models.DateTimeField()
    address = models.CharField(max_length=200)
    judges = models.TextField(_("专家判断"), blank=True)

    class Meta:
        verbose_name = _("问卷调查")
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="survey_has_title"),
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="survey_closes_after_it_opens"),
        ]

    def __str__(self) -> str:
        return self.title
