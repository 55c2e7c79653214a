# SPDX-License-Identifier: Apache-2.0
from django.db import models
from django.utils.translation import gettext_lazy as _


class ApiClient(models.Model):
    """A system that submits through the API (an app, a mini program, another platform): one token a client.

    Only the blind index of the token is kept; `channel` is the channel that its orders count for.
    """

    name = models.CharField(_("名称"), max_length=64, unique=True)
    channel = models.CharField(_("渠道"), max_length=16)
    token = models.BinaryField(max_length=16, unique=True)
    active = models.BooleanField(_("启用"), default=True)
    since = models.DateTimeField()

    class Meta:
        verbose_name = _("接口客户")

    def __str__(self) -> str:
        return self.name
