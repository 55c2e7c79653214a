# SPDX-License-Identifier: Apache-2.0
"""Reads of the queue: what waits, what runs late, what failed, which workers live."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.models import Max
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import (
    ProcrastinateEvent,
    ProcrastinateJob,
    ProcrastinatePeriodicDefer,
    ProcrastinateWorker,
)

from rexian.jobs.models import Failure

ALIVE = timedelta(seconds=45)
"""A worker gives a sign of life every 10 seconds."""
GRACE = timedelta(minutes=3)
"""How late a periodic task may start before it is called late."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A failed job with the last error that is known of it."""

    id: int
    task: str
    queue: str
    attempts: int
    at: datetime | None
    error: str

    @property
    def reason(self) -> str:
        """The last line of the error: its sort and message."""
        return self.error.strip().splitlines()[-1] if self.error.strip() else ""


@dataclass(frozen=True, slots=True)
class Queue:
    """How many jobs of a queue wait and run, and since when the oldest that could run has waited."""

    name: str
    waiting: int
    running: int
    oldest: datetime | None


def failed(most: int = 100) -> list[Failed]:
    """Failed jobs, the newest first."""
    jobs = list(ProcrastinateJob.objects.filter(status="failed").order_by("-id")[:most])
    ids = [job.pk for job in jobs]
    errors = {one.job: one for one in Failure.objects.filter(job__in=ids).order_by("at")}
    ended = dict(
        ProcrastinateEvent.objects.filter(job__in=ids, type="failed").values_list("job").annotate(at=Max("at"))
    )
    return [
        Failed(
            job.pk,
            job.task_name,
            job.queue_name,
            job.attempts,
            ended.get(job.pk),
            errors[job.pk].error if job.pk in errors else "",
        )
        for job in jobs
    ]


@dataclass(frozen=True, slots=True)
class Last:
    """The newest job of a task: `todo`, `doing`, `succeeded` or `failed`, since when, and why it failed."""

    status: str
    at: datetime | None
    reason: str = ""

    @property
    def open(self) -> bool:
        return self.status in ("todo", "doing")


def last_of(task: str) -> Last | None:
    """The newest job of a task; None where there is none, or it was finished long ago and forgotten."""
    job = ProcrastinateJob.objects.filter(task_name=task).order_by("-id").first()
    if job is None:
        return None
    at = ProcrastinateEvent.objects.filter(job=job.pk).aggregate(at=Max("at"))["at"]
    found = Failure.objects.filter(job=job.pk).order_by("-at").first() if job.status == "failed" else None
    return Last(job.status, at, found.error.strip().splitlines()[-1] if found and found.error.strip() else "")


def failed_count() -> int:
    return ProcrastinateJob.objects.filter(status="failed").count()


def failures_since(moment: datetime) -> int:
    return Failure.objects.filter(at__gte=moment).count()


def queues() -> list[Queue]:
    """Every queue that has open work."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT queue_name, count(*) FILTER (WHERE status = 'todo'), count(*) FILTER (WHERE status = 'doing'), "
            "min(coalesce(scheduled_at, (SELECT min(at) FROM procrastinate_events e WHERE e.job_id = j.id))) "
            "FILTER (WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())) "
            "FROM procrastinate_jobs j WHERE status IN ('todo', 'doing') GROUP BY queue_name ORDER BY queue_name"
        )
        return [Queue(*row) for row in cursor.fetchall()]


def last_heartbeat() -> datetime | None:
    """When a worker last gave a sign of life; None where none has ever run or all ended in order."""
    return ProcrastinateWorker.objects.order_by("-last_heartbeat").values_list("last_heartbeat", flat=True).first()


def workers_alive() -> int:
    return ProcrastinateWorker.objects.filter(last_heartbeat__gte=timezone.now() - ALIVE).count()


def late_periodic() -> list[tuple[str, datetime]]:
    """Periodic tasks whose last turn was not put into the queue, each with the moment of that turn."""
    now = timezone.now()
    last = dict(
        ProcrastinatePeriodicDefer.objects.values_list("task_name").annotate(last=Max("defer_timestamp")).order_by()
    )
    late = []
    for (name, _id), task in app.periodic_registry.periodic_tasks.items():
        turn = datetime.fromtimestamp(task.croniter.get_prev(float, (now - GRACE).timestamp()), UTC)
        if last.get(name, 0) < turn.timestamp():
            late.append((name, turn))
    return late
