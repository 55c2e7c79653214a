# SPDX-License-Identifier: Apache-2.0
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class ArticleEvent(models.Model):
    """One thing that happened to an article: appended with the change itself, never edited (a trigger refuses it).

    A review is the event `approve` or `send_back`: who, when, of which version, and why. `author` is the version's, so that the
    database itself refuses the author's own approval.
    """

    article = models.ForeignKey("knowledge.Article", models.PROTECT, related_name="events", db_index=False)
    version = models.ForeignKey("knowledge.Version", models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(_("时间"))
    edge = models.CharField(_("行为"), max_length=12)
    target = models.CharField(max_length=12)
    role = models.CharField(_("岗位"), max_length=16)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.CharField(_("理由"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("知识事件")
        constraints = [
            models.CheckConstraint(
                condition=~Q(edge="approve") | (Q(user__isnull=False) & ~Q(user=F("author"))), name="article_four_eyes"
            ),
            models.CheckConstraint(
                condition=~Q(edge__in=["send_back", "withdraw"]) | ~Q(reason=""), name="article_refused_for_a_reason"
            ),
        ]
        indexes = [models.Index(fields=["article", "-id"], name="article_event_by_article")]
