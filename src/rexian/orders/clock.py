# SPDX-License-Identifier: Apache-2.0
"""What time it is for the hotline: the wall clock, unless a simulation or a test has set another."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time

from django.utils import timezone

_set: ContextVar[datetime | None] = ContextVar("rexian_now", default=None)


def now() -> datetime:
    """The present moment, aware."""
    return _set.get() or timezone.now()


def today() -> date:
    """The present day where the city is."""
    return timezone.localdate(now())


def midnight() -> datetime:
    """The beginning of the present day where the city is."""
    return timezone.make_aware(datetime.combine(today(), time.min))


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Within the block it is `moment`."""
    token = _set.set(moment)
    try:
        yield
    finally:
        _set.reset(token)
