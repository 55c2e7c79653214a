# SPDX-License-Identifier: Apache-2.0
"""The only writes of jobs: failures are kept, a failed job runs again, old ones are thrown away."""

import traceback
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException

from rexian.jobs.datasets import KEPT
from rexian.jobs.models import Failure
from rexian.security.actions import record_access
from rexian.security.errors import Refusal
from rexian.security.identity import By
from rexian.security.scrubbing import scrubbed

LONGEST = 8_000
"""Characters of an error that are kept: its end, where the cause stands."""


@transaction.atomic
def record_failure(*, job: int, task: str, error: BaseException) -> Failure:
    """Keeps why a run of a job failed."""
    text = scrubbed("".join(traceback.format_exception(error)))[-LONGEST:]
    return Failure.objects.create(job=job, task=task[:128], at=timezone.now(), error=text)


@transaction.atomic
def run_again(*, job: int, by: By) -> None:
    """Puts a failed job back into its queue. Raises Refusal where it has not failed, or the same work already waits."""
    there = ProcrastinateJob.objects.select_for_update().filter(pk=job, status="failed").first()
    if there is None:
        raise Refusal(_("这个任务没有失败，或已经重新排队。"))
    try:
        with transaction.atomic():
            app.job_manager.retry_job_by_id(job, retry_at=timezone.now())
    except (AlreadyEnqueued, ConnectorException, IntegrityError) as error:
        raise Refusal(_("同样的任务已在排队，不必再运行。")) from error
    record_access(
        by=by, act="run_job_again", subject=f"{job} {there.task_name}"[:64], fields="", reason=gettext_noop("重新运行")
    )


def ask_once(*, task: str, lock: str) -> bool:
    """Asks the worker for a task that waits under its `lock` once at the most; whether it did not wait already."""
    try:
        with transaction.atomic():
            app.configure_task(task, queueing_lock=lock).defer()
    except AlreadyEnqueued:
        return False
    return True


@transaction.atomic
def forget_old() -> int:
    """Throws away failures whose time is over; returns how many."""
    return Failure.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]


STALLED = timedelta(minutes=2)
"""Since a worker's last sign of life, after which its jobs are another's."""
FINISHED_KEPT = timedelta(days=3)
