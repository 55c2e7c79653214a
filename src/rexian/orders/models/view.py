# SPDX-License-Identifier: Apache-2.0
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """A list as somebody set it up, under a name: what it asks for, its columns and its order, as the address of the page holds them.

    Shared, it stands in the lists of everyone of the same post; what it shows is still what the reader may see.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="views")
    post = models.CharField(max_length=16)
    name = models.CharField(_("名称"), max_length=40)
    query = models.TextField()
    shared = models.BooleanField(_("同岗位共用"), default=False)
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("保存的列表")
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="view_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="view_has_name"),
        ]
        indexes = [models.Index(fields=["post", "name"], name="view_shared", condition=Q(shared=True))]

    def __str__(self) -> str:
        return self.name


class Export(models.Model):
    """A long export (导出): what was asked for and why, how far it is, and where its file lies until it is thrown away."""

    class State(models.TextChoices):
        WAITING = "waiting", _("排队")
        RUNNING = "running", _("正在写")
        DONE = "done", _("完成")
        FAILED = "failed", _("没有完成")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="exports")
    asked_at = models.DateTimeField(_("申请时间"))
    criteria = models.JSONField()
    columns = ArrayField(models.CharField(max_length=24))
    form = models.CharField(_("格式"), max_length=4)
    reason = models.CharField(_("用途"), max_length=200)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.WAITING)
    expected = models.PositiveIntegerField(_("预计行数"))
    written = models.PositiveIntegerField(_("已写行数"), default=0)
    file = models.CharField(max_length=64, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("导出")
        constraints = [models.CheckConstraint(condition=Q(form__in=["csv", "xlsx"]), name="export_form_known")]
        indexes = [models.Index(fields=["user", "-asked_at"], name="export_by_user")]
