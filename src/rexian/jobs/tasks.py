# SPDX-License-Identifier: Apache-2.0
"""What the worker does for the queue itself."""

from asgiref.sync import sync_to_async
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.job_context import JobContext

from rexian.jobs import actions


@app.periodic(cron="*/2 * * * *")
@app.task(queueing_lock="jobs.rescue", pass_context=True)
async def rescue(context: JobContext, timestamp: int) -> None:
    """Takes over the jobs of workers that died in the middle of them."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=actions.STALLED.total_seconds()):
        await manager.retry_job(job, retry_at=timezone.now())


@app.periodic(cron="41 19 * * *")  # procrastinate counts in UTC: 3:41 in China
@app.task(queueing_lock="jobs.forget_old", pass_context=True)
async def forget_old(context: JobContext, timestamp: int) -> None:
    """Throws away what is finished; failed jobs stay until they are run again."""
    hours = int(actions.FINISHED_KEPT.total_seconds() // 3600)
    await context.app.job_manager.delete_old_jobs(hours, include_cancelled=True, include_aborted=True)
    await sync_to_async(actions.forget_old)()
