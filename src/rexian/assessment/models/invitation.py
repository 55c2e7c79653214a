# SPDX-License-Identifier: Apache-2.0
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rexian.security.fields import EncryptedTextField


class Invitation(models.Model):
    """A city that is asked: its two links (fill in; sign), whom they went to, and how far it is.

    A link is a capability: whoever has it may use it until the survey closes or the invitation is revoked. It is found by the blind index of
    its token; the token itself is kept encrypted, so that reminders can hold the same link. `own` is the city of this installation.
    """

    class State(models.TextChoices):
        INVITED = "invited", _("未开始")
        STARTED = "started", _("填写中")
        SIGNED = "signed", _("已签发")

    survey = models.ForeignKey("assessment.Survey", models.PROTECT, related_name="invitations")
    city = models.CharField(_("城市"), max_length=64)
    own = models.BooleanField(_("本市"), default=False)
    contact = EncryptedTextField(_("联系邮箱"))
    fill_token = EncryptedTextField()
    fill_link = models.BinaryField(max_length=16, unique=True)
    sign_token = EncryptedTextField()
    sign_link = models.BinaryField(max_length=16, unique=True)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.INVITED)
    revoked_at = models.DateTimeField(_("停用时间"), null=True)

    class Meta:
        verbose_name = _("受邀城市")
        constraints = [
            models.UniqueConstraint(fields=["survey", "city"], name="invitation_city_once"),
            models.UniqueConstraint(fields=["survey"], condition=Q(own=True), name="invitation_one_own_city"),
            models.CheckConstraint(condition=~Q(city=""), name="invitation_has_city"),
        ]

    def __str__(self) -> str:
        return self.city
