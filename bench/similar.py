# SPDX-License-Identifier: Apache-2.0
"""What similar orders cost PostgreSQL: processor time of the backend and wall time, for many texts, on the database that REXIAN_VAR or DATABASE_URL names.

    REXIAN_POOL=0 python bench/similar.py [TEXTS] [SEED] [--slowest] [--try SQL]

The texts are those of orders of the last 90 days, asked for as their page does. Reads only. The processor time comes from the backend's
/proc/PID/schedstat (nanoseconds on a processor), so the server must run on this machine and be readable. The first FIRST texts are not counted: they
fill the caches. --slowest prints the plan (EXPLAIN ANALYZE, BUFFERS) of the slowest text; --try runs a statement first, as CREATE INDEX, and
takes it back at the end.
"""

import argparse
import os
import random
import time
from pathlib import Path
from statistics import mean

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rexian.config.settings")
os.environ.setdefault("REXIAN_POOL", "0")
FIRST = 20


def processor(pid: int) -> float:
    """Milliseconds that a process has been on a processor."""
    return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]) / 1e6


def shares(values: list[float]) -> str:
    ranked = sorted(values)
    cuts = [ranked[min(len(ranked) - 1, int(len(ranked) * share))] for share in (0.5, 0.95, 0.99)]
    return f"mean {mean(values):6.2f}  p50 {cuts[0]:6.2f}  p95 {cuts[1]:6.2f}  p99 {cuts[2]:6.2f}  most {ranked[-1]:6.2f} ms"


def main(texts: int, seed: int, *, slowest: bool, trial: str = "") -> None:
    """Measures, with `trial` done before and taken back after."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")
        if trial:
            cursor.execute(trial)
        measure(texts, seed, slowest=slowest)
        transaction.set_rollback(True)


def measure(texts: int, seed: int, *, slowest: bool) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from rexian.directory import clock
    from rexian.orders.models import WorkOrder
    from rexian.orders.similar import RECENT, similar
    from rexian.security.identity import By
    from rexian.security.posts import Post

    by = By(role=Post.DISPATCHER)
    recent = WorkOrder.objects.filter(received_at__gte=clock.now() - RECENT).order_by()
    keys = list(recent.values_list("pk", flat=True))
    orders = random.Random(seed).sample(keys, min(len(keys), texts + FIRST))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    busy, wall, found = [], [], []
    for key in orders:
        order = WorkOrder.objects.select_related("area").get(pk=key)
        before, begun = processor(pid), time.perf_counter()
        like = similar(order.text, by=by, area=order.area, exclude=order.pk, most=4)
        busy.append((processor(pid) - before, key))
        wall.append((time.perf_counter() - begun) * 1000)
        found.append(len(like))
    print(
        f"{WorkOrder.objects.count():,} orders, {len(keys):,} of the last 90 days, {texts} texts, {mean(found):.1f} orders each"
    )
    print("backend's processor:", shares([one for one, _key in busy[FIRST:]]))
    print("wall time:          ", shares(wall[FIRST:]))
    if slowest:
        order = WorkOrder.objects.select_related("area").get(pk=max(busy[FIRST:])[1])
        with CaptureQueriesContext(connection) as asked:
            similar(order.text, by=by, area=order.area, exclude=order.pk, most=4)
        with connection.cursor() as cursor:
            weighed = next(one["sql"] for one in asked if "weighed" in one["sql"])
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {weighed}")
            print(order.text, *(line for (line,) in cursor.fetchall()), sep="\n")


if __name__ == "__main__":
    django.setup()
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("texts", type=int, nargs="?", default=300)
    given.add_argument("seed", type=int, nargs="?", default=1)
    given.add_argument("--slowest", action="store_true")
    given.add_argument("--try", dest="trial", default="", metavar="SQL")
    main(**vars(given.parse_args()))
