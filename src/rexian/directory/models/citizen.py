# SPDX-License-Identifier: Apache-2.0
from django.db import models
from django.utils.translation import gettext_lazy as _

from rexian.security.fields import EncryptedTextField


class Citizen(models.Model):
    """A person who turns to the hotline (诉求人): one over all channels.

    A record that proved to be the same person as another is kept and points there (`merged_into`), for the orders that name it.
    """

    name = EncryptedTextField(_("姓名"))
    salutation = models.CharField(_("称呼"), max_length=64, blank=True)
    address = EncryptedTextField(_("住址"))
    since = models.DateTimeField(_("首次来电"))
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")

    class Meta:
        verbose_name = _("诉求人")
        constraints = [
            models.CheckConstraint(condition=~models.Q(merged_into=models.F("id")), name="citizen_not_into_itself")
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Identity(models.Model):
    """One thing by which a citizen is found: a telephone number, a WeChat id or an identity number.

    `index` is the blind index of the normalised value; `value` the value itself, encrypted.
    """

    class Sort(models.TextChoices):
        TELEPHONE = "telephone", _("电话")
        WECHAT = "wechat", _("微信")
        ID_NUMBER = "id_number", _("身份证号")

    citizen = models.ForeignKey(Citizen, models.CASCADE, related_name="identities")
    sort = models.CharField(max_length=16, choices=Sort.choices)
    index = models.BinaryField(max_length=16)
    value = EncryptedTextField()

    class Meta:
        verbose_name = _("身份标识")
        constraints = [models.UniqueConstraint(fields=["index", "sort"], name="identity_of_one_citizen")]
