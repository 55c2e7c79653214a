# SPDX-License-Identifier: Apache-2.0
from django.db import models
from django.utils.translation import gettext_lazy as _

from rexian.security.fields import EncryptedTextField


class Receipt(models.Model):
    """What was acknowledged for one idempotency key, so that a retry gets the same answer and no second order.

    `source` says whose key it is (`web`, `desk`, or the id of an API client); `body` is the digest of what was sent, so that one key with another
    request is found out; `query_code` is kept for the retry, encrypted.
    """

    source = models.CharField(max_length=24)
    key = models.BinaryField(max_length=16)
    body = models.BinaryField(max_length=16)
    order = models.ForeignKey("orders.WorkOrder", models.PROTECT, related_name="+", null=True)
    query_code = EncryptedTextField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("回执")
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="receipt_once")]
        indexes = [models.Index(fields=["at"], name="receipt_by_age")]
