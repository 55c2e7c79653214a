# SPDX-License-Identifier: Apache-2.0
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Letter(models.Model):
    """A mail to a city's contact: each sort once an invitation, however often it is asked for.

    `tried_at` is set before the mail server is called, so that a worker that dies in between never sends it twice; a letter that was
    tried and is neither `sent_at` nor free again may have gone out, and the page says so.
    """

    class Sort(models.TextChoices):
        INVITE = "invite", _("邀请")
        WEEK = "week", _("提醒（截止前 7 天）")
        DAYS = "days", _("提醒（截止前 2 天）")

    invitation = models.ForeignKey("assessment.Invitation", models.CASCADE, related_name="letters")
    sort = models.CharField(_("种类"), max_length=8, choices=Sort.choices)
    asked_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("发出时间"), null=True)

    class Meta:
        verbose_name = _("信件")
        constraints = [
            models.UniqueConstraint(fields=["invitation", "sort"], name="letter_once"),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(tried_at__isnull=False), name="letter_tried_before_sent"
            ),
        ]
