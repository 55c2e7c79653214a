# SPDX-License-Identifier: Apache-2.0
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from rexian.orders.deadlines import CARDS


class OrderEvent(models.Model):
    """One thing that happened to an order: appended with the change itself, never edited, chained by hash.

    `hash` = digest(previous hash, canonical bytes of all the other columns); `seq` counts from 1 in each order.
    A trigger refuses UPDATE and DELETE; `audit verify` finds what was changed in spite of it.
    """

    order = models.ForeignKey("orders.WorkOrder", models.PROTECT, related_name="events", db_index=False)
    seq = models.PositiveIntegerField()
    at = models.DateTimeField(_("时间"))
    edge = models.CharField(_("行为"), max_length=24)
    source = models.CharField(max_length=16, blank=True)
    target = models.CharField(max_length=16)
    role = models.CharField(_("岗位"), max_length=16)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    department = models.ForeignKey("directory.Department", models.PROTECT, null=True, related_name="+", db_index=False)
    data = models.JSONField(default=dict)
    digest = models.CharField(max_length=8, default="sha256")
    hash = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("工单事件")
        ordering = ["order", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["order", "seq"], name="event_seq"),
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="event_seq_from_one"),
        ]
        indexes = [
            models.Index(fields=["at"], name="event_by_time"),
            models.Index(
                fields=["user", "at"], name="event_first_by_user", condition=models.Q(seq=1, user__isnull=False)
            ),
            models.Index(fields=["at"], name="event_cards", condition=models.Q(edge__in=CARDS)),
        ]


class Seal(models.Model):
    """The digest over all events of one hour, chained to the hour before, so that a whole order cannot vanish either.

    `voids` are the serial numbers handed out in the hour that no order bears, with the reason: the explained gaps.
    """

    hour = models.DateTimeField(unique=True)
    events = models.PositiveIntegerField()
    orders = models.PositiveIntegerField()
    last_serial = models.BigIntegerField(null=True)
    voids = models.JSONField(default=list)
    digest = models.CharField(max_length=8, default="sha256")
    hash = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("封存")
        ordering = ["hour"]


class NumberDay(models.Model):
    """Where the running numbers of a day begin: running number = serial - base."""

    day = models.DateField(primary_key=True)
    base = models.BigIntegerField()
