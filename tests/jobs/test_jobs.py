# SPDX-License-Identifier: Apache-2.0
"""Jobs that fail are kept with their error, without personal data, and run again when the administrator says so."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from rexian.jobs import actions, queries
from rexian.jobs.datasets import DATASETS
from rexian.jobs.models import Failure
from rexian.security.errors import Refusal
from rexian.security.models import AccessRecord
from tests.factories import Town
from tests.loops import run_in_thread
from tests.web.test_pages import signed_in

pytestmark = pytest.mark.django_db


@app.task(name="tests.breaks")
def breaks(telephone: str) -> None:
    raise RuntimeError(f"没有接通 {telephone}")


def failed_job(**arguments: Any) -> int:
    """A job that has failed as a worker leaves it."""
    job = breaks.defer(telephone="13800138000", **arguments)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [job])
        cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", [job])
    try:
        breaks(telephone="13800138000")
    except RuntimeError as error:
        actions.record_failure(job=job, task="tests.breaks", error=error)
    return int(job)


def test_every_field_is_declared() -> None:
    assert {dataset.model for dataset in DATASETS} == set(apps.get_app_config("jobs").get_models())
    for dataset in DATASETS:
        assert set(dataset.fields) == {field.name for field in dataset.model._meta.concrete_fields}


def test_a_failure_is_kept_without_the_number() -> None:
    job = failed_job()
    (one,) = queries.failed()
    assert (one.id, one.task, one.queue) == (job, "tests.breaks", "default")
    assert one.reason == "RuntimeError: 没有接通 [电话]"
    assert "13800138000" not in one.error
    assert one.at is not None
    assert queries.failed_count() == queries.failures_since(timezone.now() - timedelta(hours=1)) == 1


def test_it_runs_again_once(town: Town) -> None:
    job = failed_job()
    actions.run_again(job=job, by=town.by("administrator"))
    assert ProcrastinateJob.objects.get(pk=job).status == "todo"
    assert queries.failed() == []
    with pytest.raises(Refusal, match="没有失败"):
        actions.run_again(job=job, by=town.by("administrator"))
    assert AccessRecord.objects.filter(act="run_job_again").count() == 1


def test_the_same_work_does_not_wait_twice(town: Town) -> None:
    first = app.configure_task("tests.breaks", queueing_lock="once").defer(telephone="1")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [first])
        cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", [first])
    app.configure_task("tests.breaks", queueing_lock="once").defer(telephone="1")
    with pytest.raises(Refusal, match="已在排队"):
        actions.run_again(job=first, by=town.by("administrator"))
    assert queries.failed_count() == 1


def test_the_administrator_sees_and_repairs(town: Town) -> None:
    job = failed_job()
    breaks.defer(telephone="2")
    client = signed_in("administrator")
    page = client.get("/operations/jobs/").content.decode()
    assert "没有接通 [电话]" in page
    assert "没有心跳" in page
    assert client.post(f"/operations/jobs/{job}/again/", follow=True).content.decode().count("已重新排队") == 1
    assert "同样" not in page
    again = client.post(f"/operations/jobs/{job}/again/", follow=True).content.decode()
    assert "没有失败" in again
    assert signed_in("dispatcher").get("/operations/jobs/").status_code == 403


def test_queues_say_since_when() -> None:
    breaks.defer(telephone="1")
    later = timezone.now() + timedelta(hours=1)
    breaks.configure(schedule_at=later, queue="slow").defer(telephone="1")
    fast, slow = queries.queues()
    assert (fast.name, fast.waiting, fast.running) == ("default", 1, 0)
    assert fast.oldest is not None
    assert timezone.now() - fast.oldest < timedelta(minutes=1)
    assert (slow.name, slow.waiting, slow.oldest) == ("slow", 1, None)


def test_periodic_tasks_that_nobody_started_are_late() -> None:
    late = dict(queries.late_periodic())
    assert set(late) >= {"rexian.orders.tasks.run_clocks", "rexian.jobs.tasks.rescue"}
    turn = late["rexian.orders.tasks.run_clocks"]
    assert timedelta(minutes=3) <= timezone.now() - turn <= timedelta(minutes=4)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_periodic_defers (task_name, defer_timestamp, periodic_id) VALUES (%s, %s, '')",
            ["rexian.orders.tasks.run_clocks", int(datetime.now(UTC).timestamp())],
        )
    assert "rexian.orders.tasks.run_clocks" not in dict(queries.late_periodic())


@pytest.mark.django_db(transaction=True)
def test_a_worker_keeps_what_failed_and_takes_over_from_the_dead(queue: None) -> None:
    breaks.defer(telephone="13800138000")
    dead = breaks.defer(telephone="2")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id"
        )
        (worker,) = cursor.fetchone()
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s", [worker, dead])
    app.configure_task("rexian.jobs.tasks.rescue").defer(timestamp=0)
    _work()
    _work()
    assert {job.task for job in queries.failed()} == {"tests.breaks"}
    assert queries.failed_count() == 2, "the dead worker's job ran, and failed by itself"
    assert Failure.objects.count() == 2
    app.configure_task("rexian.jobs.tasks.forget_old").defer(timestamp=0)
    Failure.objects.update(at=timezone.now() - timedelta(days=91))
    _work()
    assert Failure.objects.count() == 0


def _work() -> None:
    """One worker, until the queue is empty."""
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]

    async def run() -> None:
        with app.replace_connector(connector) as here:
            async with here.open_async():
                await here.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False, **DEFAULTS)

    run_in_thread(run())


DEFAULTS = {"stalled_worker_timeout": 1e9}
"""The worker does not tidy away the dead one by itself before `rescue` has looked."""
