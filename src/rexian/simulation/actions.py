# SPDX-License-Identifier: Apache-2.0
"""A believable city's orders: the newest through intake and the real actions, those before in bulk, a day a job."""

import gc
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.apps import apps
from django.db import connection, transaction

from rexian.directory import clock
from rexian.directory.models import Citizen, Identity
from rexian.directory.queries import working_calendar
from rexian.orders import chain, numbers
from rexian.orders.models import Assignment, Correction, Extension, OrderEvent, Visit, WorkOrder
from rexian.orders.processes import spread
from rexian.simulation import town
from rexian.simulation.cast import Town
from rexian.simulation.copying import broken_references
from rexian.simulation.hotline import Block, Bulk, Matter, Real, Writer, matter, players
from rexian.simulation.people import People, settle
from rexian.simulation.playing import play
from rexian.simulation.town import Call, Day

REAL = 100
"""How many of the last day's orders go through the real actions."""
WRITTEN = (OrderEvent, WorkOrder, Assignment, Visit, Extension, Correction, WorkOrder.named.through, Citizen, Identity)
"""The tables that are written without a look-up of their references; the largest ones first."""
SETTLED = 20_000
"""Citizens of a job."""


@dataclass(frozen=True, slots=True)
class Job:
    """A day to be told in bulk up to `end`; its last `real` orders are left to the real actions."""

    seed: int
    day: Day
    people: People
    block: Block
    end: datetime
    real: int = 0


def simulate(
    *,
    orders: int,
    days: int,
    seed: int,
    real: int = REAL,
    end: datetime | None = None,
    processes: int | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> int:
    """Fills the city with `orders` over the `days` up to now; returns how many it wrote.

    The same seed and end give the same city, whatever the number of `processes` (by default the machine's): every row with the same content,
    personal data under new nonces and rows beside the orders under keys in the order of their writing.
    """
    end, processes = end or clock.now(), processes or os.cpu_count() or 1
    _town.cache_clear()
    plan = town.plan(seed, _town().map, orders=orders, days=days, end=end, calendar=working_calendar())
    count = max(1, orders * 6 // 10)
    people = People(seed, numbers.take(_sequence(Citizen), count), count)
    parts = [(people, places, plan[0].until - timedelta(days=1)) for places in _parts(count)]
    for _ in spread(_settle, parts, processes):
        pass
    jobs = _jobs(seed, plan, people, end, real)
    for done, told in enumerate(spread(_tell_day, jobs, processes), 1):
        if done % max(1, len(jobs) // 20) == 0:
            say(f"历史工单：{done} / {len(jobs)} 天（{told:%Y-%m-%d}）")
    _tell_newest(jobs[-1])
    say("封存每一小时")
    for _ in spread(_check, [model._meta.label for model in WRITTEN], processes):
        pass
    chain.seal_due(end)
    return orders


def _sequence(model: type[Citizen] | type[WorkOrder]) -> str:
    """The sequence of a table's primary keys."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [model._meta.db_table])
        (name,) = cursor.fetchone()
    return str(name)


def _parts(count: int) -> list[range]:
    return [range(first, min(first + SETTLED, count)) for first in range(0, count, SETTLED)]


def _settle(part: tuple[People, range, datetime]) -> None:
    people, places, since = part
    with transaction.atomic():
        settle(people, places, since)


@transaction.atomic
def _jobs(seed: int, plan: list[Day], people: People, end: datetime, real: int) -> list[Job]:
    """Reserves keys and serials for every day, in order of time, the newest orders of the last day left out."""
    jobs, sequence = [], _sequence(WorkOrder)
    for day in plan:
        left = min(real, day.orders) if day is plan[-1] else 0
        count = day.orders - left
        base, serial = numbers.reserve(day.day, count)
        jobs.append(Job(seed, day, people, Block(numbers.take(sequence, count), serial, base), end, left))
    return jobs


@cache
def _town() -> Town:
    """The city, read once a process."""
    return Town.read()


def _matters(job: Job, place: Town) -> tuple[list[Matter], list[Matter]]:
    """The day's matters: those to be told in bulk, and the newest ones, which are left to the real actions."""
    calls = town.calls(job.seed, place.map, job.day)
    cut = len(calls) - job.real
    found: dict[tuple[bool, int], list[tuple[int, Call]]] = {}
    for number, call in enumerate(calls):
        found.setdefault((number >= cut, call.matter), []).append((number, call))
    matters = [(newest, matter(job.seed, place, job.people, one)) for (newest, _), one in found.items()]
    return [one for newest, one in matters if not newest], [one for newest, one in matters if newest]


def _tell_day(job: Job) -> datetime:
    """Writes a day's orders with all that has happened to them since; gives the end of the day."""
    place, writer = _town(), Bulk(job.block)
    gc.disable()  # a day's rows are all alive until they are written: looking through them again and again finds nothing
    try:
        old, _ = _matters(job, place)
        writer.read({one.place: one.told for each in old for one in each.heard})
        for each in old:
            _play(writer, place, each, job.end)
        writer.ledger.write()
    finally:
        gc.enable()
    return job.day.until


def _tell_newest(job: Job) -> None:
    """Puts the newest orders through intake and the actions."""
    place, writer = _town(), Real()
    _, new = _matters(job, place)
    for each in new:
        _play(writer, place, each, job.end)


def _play(writer: Writer, place: Town, one: Matter, end: datetime) -> None:
    told = players(writer, place, one)
    play(writer, told, end)
    told.clear()  # each player knows the first one, and so the list: the orders of a day would wait for a search through all of memory


@transaction.atomic
def _check(label: str) -> None:
    """Makes sure that a table's rows, written together with others, point to rows that are there, and tells the planner of it; raises RuntimeError."""
    model = apps.get_model(label)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        if broken := broken_references(model):
            raise RuntimeError(f"rows point to nothing: {', '.join(broken)}")
        cursor.execute(f"ANALYZE {model._meta.db_table}")
