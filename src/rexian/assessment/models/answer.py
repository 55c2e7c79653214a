# SPDX-License-Identifier: Apache-2.0
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Answer(models.Model):
    """What a city answered to a question at one time: appended, never edited (a trigger refuses it). The one with the highest number holds.

    `value` is JSON: a code or text, a number, a sorted list of codes; null takes the answer back. Two who answer at once would write the
    same number, which the database refuses to the second.
    """

    invitation = models.ForeignKey("assessment.Invitation", models.PROTECT, related_name="answers", db_index=False)
    question = models.CharField(max_length=64)
    number = models.PositiveIntegerField()
    value = models.JSONField(null=True)
    name = models.CharField(_("填写人"), max_length=40)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("回答")
        constraints = [
            models.UniqueConstraint(fields=["invitation", "question", "number"], name="answer_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="answer_from_one"),
            models.CheckConstraint(condition=~Q(name=""), name="answer_by_someone"),
        ]
