# SPDX-License-Identifier: Apache-2.0
from django.db import models
from django.utils.translation import gettext_lazy as _


class Failure(models.Model):
    """One run of a job that ended in an error: what procrastinate itself does not keep.

    `job` is the id in procrastinate's table, whose row may be gone earlier; `error` the end of the traceback, without personal data.
    """

    job = models.BigIntegerField(db_index=True)
    task = models.CharField(_("任务"), max_length=128)
    at = models.DateTimeField(_("时间"), db_index=True)
    error = models.TextField(_("错误"))

    class Meta:
        verbose_name = _("任务失败")
