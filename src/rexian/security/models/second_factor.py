# SPDX-License-Identifier: Apache-2.0
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from rexian.security.fields import EncryptedTextField


class SecondFactor(models.Model):
    """The second factor (两步验证) of an account: a secret shared with an authenticator app (TOTP, RFC 6238), and codes for when it is lost.

    It counts once confirmed. `last_step` is the time step of the newest code taken, so that none is taken twice; recovery codes are kept
    as blind indexes and used up one by one.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="second_factor")
    secret = EncryptedTextField()
    confirmed_at = models.DateTimeField(_("启用时间"), null=True)
    last_step = models.BigIntegerField(default=-1)
    recovery = ArrayField(models.CharField(max_length=32), default=list)
    failures = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("两步验证")
