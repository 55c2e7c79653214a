# SPDX-License-Identifier: Apache-2.0
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rexian.notices.kinds import Desk
from rexian.notices.labels import KINDS


class Notice(models.Model):
    """Something that needs a desk (提醒): one event of an order, for those of a desk; one row for all of them, not one a person.

    Of an order where `about` is "order", else of what the source of that name knows by the key `subject` (`security.sources`). `department` where
    the desk is a department's, `user` where it is one person's. `event` is the event's key without a constraint: the row is gone long before its
    order may be archived. `actor` did it, and is not told of it.
    """

    ORDER = "order"

    about = models.CharField(max_length=12, default=ORDER, db_default=ORDER)
    event = models.BigIntegerField()
    order = models.ForeignKey("orders.WorkOrder", models.CASCADE, null=True, related_name="+")
    subject = models.BigIntegerField(null=True)
    at = models.DateTimeField(_("时间"))
    kind = models.CharField(_("种类"), max_length=12, choices=[(kind.value, label) for kind, label in KINDS.items()])
    desk = models.CharField(max_length=12, choices=[(desk.value, desk.value) for desk in Desk])
    department = models.ForeignKey("directory.Department", models.CASCADE, null=True, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+", db_index=False)
    actor = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("提醒")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "desk", "department", "user", "about"], name="notice_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=(Q(about="order") & Q(order__isnull=False, subject=None))
                | (~Q(about="order") & Q(order=None, subject__isnull=False)),
                name="notice_of_what",
            ),
            models.CheckConstraint(
                condition=(Q(desk="department") & Q(department__isnull=False, user=None))
                | (Q(desk="taker") & Q(department=None, user__isnull=False))
                | (~Q(desk__in=["department", "taker"]) & Q(department=None, user=None)),
                name="notice_for_whom",
            ),
        ]
        indexes = [
            models.Index(
                fields=["desk", "-id"], name="notice_of_desk", condition=Q(department__isnull=True, user__isnull=True)
            ),
            models.Index(
                fields=["department", "-id"], name="notice_of_department", condition=Q(department__isnull=False)
            ),
            models.Index(fields=["user", "-id"], name="notice_of_user", condition=Q(user__isnull=False)),
            models.Index(fields=["at"], name="notice_by_time"),
            models.Index(fields=["about", "-id"], name="notice_of_others", condition=~Q(about="order")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.order_id or self.subject}"


class Read(models.Model):
    """A notice that somebody has read by itself; what is older than `Choice.read_upto` is read as a whole."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="read")

    class Meta:
        verbose_name = _("已读")
        constraints = [models.UniqueConstraint(fields=["user", "notice"], name="notice_read_once")]
