# SPDX-License-Identifier: Apache-2.0
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Report(models.Model):
    """A report that the worker writes: on the whole survey, or on the city of an invitation; how far it is, and where its file lies.

    `done` of `expected` pictures are drawn. `everyone` also takes in cities that have not signed.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("排队")
        RUNNING = "running", _("正在写")
        DONE = "done", _("完成")
        FAILED = "failed", _("没有完成")

    survey = models.ForeignKey("assessment.Survey", models.CASCADE, related_name="reports")
    invitation = models.ForeignKey("assessment.Invitation", models.CASCADE, null=True, related_name="+")
    form = models.CharField(_("格式"), max_length=4)
    weighting = models.CharField(_("权重"), max_length=10)
    everyone = models.BooleanField(default=False)
    language = models.CharField(max_length=10)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(_("申请时间"))
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.WAITING)
    expected = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    file = models.CharField(max_length=64, blank=True)
    why = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("评估报告")
        constraints = [models.CheckConstraint(condition=Q(form__in=["pdf", "docx"]), name="report_form_known")]
        indexes = [models.Index(fields=["survey", "-asked_at"], name="report_by_survey")]
