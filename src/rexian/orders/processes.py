# SPDX-License-Identifier: Apache-2.0
"""Heavy work of a command over several processes, each with its own connection to the same database."""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import Any, TypeVar

import django
from django.db import connection, connections

Job = TypeVar("Job")
Result = TypeVar("Result")


def spread(work: Callable[[Job], Result], jobs: Iterable[Job], processes: int) -> Iterator[Result]:
    """What `work` gives for each job, as it comes ready; with one process here and in order.

    `work` and what it takes and gives are pickled, so it is a function of a module. A failure of one job is raised here.
    """
    if processes <= 1:
        yield from map(work, jobs)
        return
    # Spawned, not forked: a fork would share the connections.
    context = multiprocessing.get_context("spawn")
    name = connection.settings_dict["NAME"]
    with ProcessPoolExecutor(processes, context, _begin, (name,)) as pool:
        waiting = [pool.submit(work, job) for job in jobs]
        try:
            for done in as_completed(waiting):
                yield done.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _begin(database: str) -> None:
    """A process of its own: Django, and the database of the one that started it."""
    django.setup()
    settings: dict[str, Any] = connections.settings["default"]
    settings["NAME"] = database
    connection.settings_dict["NAME"] = database
