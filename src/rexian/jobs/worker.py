# SPDX-License-Identifier: Apache-2.0
"""What the worker does around every job: it writes down why one failed. Set by PROCRASTINATE_ON_APP_READY."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import sync_to_async
from django.db import Error, close_old_connections
from procrastinate import App
from procrastinate.job_context import JobContext
from procrastinate.worker import Worker

from rexian.jobs import actions

log = logging.getLogger(__name__)


def install(app: App) -> None:
    """Puts `keep_failures` around all jobs of this app's workers."""
    app.worker_defaults = {**(app.worker_defaults or {}), "worker_middleware": [keep_failures]}


async def keep_failures(call_next: Callable[[], Awaitable[Any]], context: JobContext, worker: Worker) -> Any:
    """Runs the job; keeps the error of one that fails."""
    try:
        return await call_next()
    except Exception as error:
        await sync_to_async(_keep)(context.job.id or 0, context.job.task_name, error)
        raise


def _keep(job: int, task: str, error: Exception) -> None:
    try:
        actions.record_failure(job=job, task=task, error=error)
    except Error:  # without a database there is only the log, where the worker writes the error itself
        log.exception("the failure of job %s could not be kept", job)
    finally:
        close_old_connections()
