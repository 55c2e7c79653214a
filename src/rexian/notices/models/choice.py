# SPDX-License-Identifier: Apache-2.0
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rexian.notices.kinds import ALWAYS, COUNTED, Kind


class Sound(models.TextChoices):
    OFF = "off", _("不响")
    DANGER = "danger", _("只有危险警情响")
    ALL = "all", _("每条提醒都响")


def usual() -> list[str]:
    """What everyone is told of who has not chosen."""
    return [kind.value for kind in Kind if kind not in COUNTED | ALWAYS]


class Choice(models.Model):
    """How a person wants to be told (提醒方式), and up to which notice everything is read."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_choice")
    kinds = ArrayField(models.CharField(max_length=12), default=usual, blank=True)
    sound = models.CharField(_("声音"), max_length=8, choices=Sound.choices, default=Sound.OFF)
    title = models.BooleanField(_("网页标题显示条数"), default=True)
    desktop = models.BooleanField(_("桌面通知"), default=False)
    read_upto = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("提醒方式")
        constraints = [
            models.CheckConstraint(condition=Q(sound__in=Sound.values), name="notice_sound_known"),
            models.CheckConstraint(
                condition=Q(kinds__contained_by=[kind.value for kind in Kind]), name="notice_kinds_known"
            ),
        ]

    @property
    def told(self) -> frozenset[str]:
        """The kinds that this person is told of."""
        return frozenset(self.kinds) | {kind.value for kind in ALWAYS}
