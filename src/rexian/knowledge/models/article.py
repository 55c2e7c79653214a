# SPDX-License-Identifier: Apache-2.0
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rexian.knowledge.labels import STATES
from rexian.knowledge.workflow import State


class Article(models.Model):
    """An article of the knowledge base: where it stands; what it says is in its versions.

    `latest` is the newest version, `live` the one that readers see, None while there is none. `expires` repeats the live version's last day,
    and `reminded` the shortest of workflow.REMINDERS that was given for it, for the daily task and its index.
    """

    state = models.CharField(_("状态"), max_length=12, choices=[(one.value, STATES[one]) for one in State])
    latest = models.OneToOneField("knowledge.Version", models.PROTECT, null=True, related_name="latest_of")
    live = models.OneToOneField("knowledge.Version", models.PROTECT, null=True, related_name="live_of")
    changed_at = models.DateTimeField(_("更新时间"))
    expires = models.DateField(_("有效期至"), null=True)
    reminded = models.PositiveSmallIntegerField(_("已提醒"), null=True)

    class Meta:
        verbose_name = _("知识")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[one.value for one in State]), name="article_state_known"),
            models.CheckConstraint(
                condition=~Q(state=State.PUBLISHED.value) | Q(live__isnull=False, live=models.F("latest")),
                name="article_published_is_live",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.EXPIRED.value, State.WITHDRAWN.value]) | Q(live=None),
                name="article_ended_is_not_live",
            ),
            models.CheckConstraint(condition=Q(live__isnull=False) | Q(expires=None), name="article_expires_if_live"),
        ]
        indexes = [
            models.Index(fields=["-changed_at", "-id"], name="article_by_change"),
            models.Index(fields=["state", "-changed_at", "-id"], name="article_by_state"),
            models.Index(fields=["expires", "id"], name="article_by_expiry", condition=Q(expires__isnull=False)),
        ]

    def __str__(self) -> str:
        return str(self.latest or self.pk)
