# SPDX-License-Identifier: Apache-2.0
"""What a monitor reads, in Prometheus's form.

How long requests take is counted by each web process in a file of its own (prometheus_client's multiprocess mode) and added up when asked. All else is
read from the database when asked, so that it is right whichever process answers. No label holds anything of a person.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Count, Max
from django.utils import timezone
from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from rexian.directory import clock
from rexian.jobs import queries as jobs
from rexian.orders import clocks
from rexian.orders.models import Seal, WorkOrder

Path(settings.METRICS).mkdir(parents=True, exist_ok=True)  # the files of this process go there with the first request
REQUESTS = Histogram(
    "rexian_request_seconds",
    "How long requests took, by view, method and class of status",
    ("view", "method", "status"),
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=None,
)
DAY = timedelta(days=1)


def exposition() -> bytes:
    """All metrics as text (format 0.0.4)."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry, str(settings.METRICS))  # type: ignore[no-untyped-call]
    registry.register(Business())
    return generate_latest(registry)


class Business(Collector):
    """The numbers that stand in the database, as of now."""

    def collect(self) -> Iterable[Metric]:
        now = timezone.now()
        yield from self._orders()
        yield from self._queue(now)
        yield from self._database()

    def _orders(self) -> Iterator[Metric]:
        moment = clock.now()
        today = timezone.localtime(moment).replace(hour=0, minute=0, second=0, microsecond=0)
        received = WorkOrder.objects.filter(received_at__gte=today).values_list("channel").annotate(n=Count("id"))
        yield _gauge("rexian_intakes_today", "Orders received since midnight, by channel", "channel", received)
        oldest = clocks.oldest_due(moment)
        late = [(name, (moment - oldest[name]).total_seconds() if name in oldest else 0.0) for name in clocks.MOVES]
        yield _gauge("rexian_lateness_seconds", "How late the oldest time-driven move is, by sort", "move", late)
        if sealed := Seal.objects.aggregate(last=Max("hour"))["last"]:
            behind = (moment - sealed).total_seconds() - 3600
            yield _gauge("rexian_seal_age_seconds", "Since the end of the last sealed hour", None, [("", behind)])

    def _queue(self, now: datetime) -> Iterator[Metric]:
        queues = jobs.queues()
        yield _gauge("rexian_jobs_waiting", "Jobs that wait, by queue", "queue", [(q.name, q.waiting) for q in queues])
        yield _gauge("rexian_jobs_running", "Jobs that run, by queue", "queue", [(q.name, q.running) for q in queues])
        ages = [(q.name, (now - q.oldest).total_seconds()) for q in queues if q.oldest]
        yield _gauge("rexian_oldest_job_seconds", "How long the oldest due job has waited, by queue", "queue", ages)
        yield _gauge("rexian_jobs_failed", "Failed jobs that nobody has run again", None, [("", jobs.failed_count())])
        lately = jobs.failures_since(now - DAY)
        yield _gauge("rexian_job_failures_day", "Runs of jobs that failed in the last 24 hours", None, [("", lately)])
        yield _gauge("rexian_workers_alive", "Workers that gave a sign of life", None, [("", jobs.workers_alive())])

    def _database(self) -> Iterator[Metric]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT coalesce(state, 'other'), count(*) FROM pg_stat_activity WHERE datname = current_database() GROUP BY 1"
            )
            states = cursor.fetchall()
            cursor.execute("SELECT current_setting('max_connections')::int, pg_database_size(current_database())")
            most, size = cursor.fetchone()
        yield _gauge("rexian_database_connections", "Connections to the database, by state", "state", states)
        yield _gauge("rexian_database_connections_most", "Connections that the server takes", None, [("", most)])
        yield _gauge("rexian_database_bytes", "Size of the database", None, [("", size)])


def _gauge(name: str, told: str, label: str | None, values: Iterable[tuple[str, float]]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, told, labels=[label] if label else [])
    for key, value in values:
        family.add_metric([key] if label else [], float(value))
    return family
