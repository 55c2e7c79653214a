# SPDX-License-Identifier: Apache-2.0
from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class ArchiveRecord(models.Model):
    """What was done with the archive: a month's orders written to files, removed from the live tables, or brought back.

    `manifest` is the proof, the same as stands beside the files: rows, SHA-256 of each file, digest of each table's content, and `root`, a
    digest chained over the orders' last hashes in the order of their serials. A trigger refuses UPDATE and DELETE.
    """

    class Act(models.TextChoices):
        EXPORT = "export", _("导出")
        REMOVE = "remove", _("移出")
        RESTORE = "restore", _("调回")

    at = models.DateTimeField()
    act = models.CharField(max_length=8, choices=Act.choices)
    month = models.DateField(_("收到月份"))
    part = models.PositiveSmallIntegerField()
    orders = models.PositiveIntegerField(_("工单数"))
    root = models.BinaryField(max_length=32)
    manifest = models.JSONField(default=dict)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        verbose_name = _("档案记录")
        constraints = [
            models.UniqueConstraint(
                fields=["month", "part"], condition=models.Q(act="export"), name="archive_part_once"
            )
        ]


class ArchivedOrder(models.Model):
    """What stays here of an order whose rows lie in the archive: its number, and the end of its chain. Its key is the order's own.

    So that those may be told who could see it: since when it lies there, its area, the departments that held it, the blind index of its query
    code. Rows of before these were kept have no `at`.
    """

    id = models.BigIntegerField(primary_key=True)
    number = models.CharField(_("工单号"), max_length=32, unique=True)
    serial = models.BigIntegerField(unique=True)
    record = models.ForeignKey(ArchiveRecord, models.PROTECT, related_name="stubs")
    last_seq = models.PositiveIntegerField()
    last_hash = models.BinaryField(max_length=32)
    at = models.DateTimeField(_("移入档案时间"), null=True)
    area = models.ForeignKey("directory.Area", models.PROTECT, null=True, related_name="+", db_index=False)
    departments = ArrayField(models.BigIntegerField(), default=list)
    query_code = models.BinaryField(max_length=16, null=True)

    class Meta:
        verbose_name = _("已入档工单")

    @property
    def since(self) -> datetime:
        """When it was taken out of the live tables; for rows of before this was kept, when it was written to the files."""
        return self.at or self.record.at


class ArchivedEvent(models.Model):
    """An archived event's place and hash, so that the seals still hold. An event stands here or among the live ones: triggers see to it."""

    order = models.ForeignKey(ArchivedOrder, models.PROTECT, related_name="events", db_index=False)
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("已入档事件")
        constraints = [models.UniqueConstraint(fields=["order", "seq"], name="archived_event_seq")]
        indexes = [models.Index(fields=["at"], name="archived_event_by_time")]
