# SPDX-License-Identifier: Apache-2.0
"""What time it is for the hotline: the wall clock, unless a simulation or a test has set another."""

from contextvars import ContextVar, Token
from datetime import date, datetime, time

from django.db import connection
from django.utils import timezone

_set: ContextVar[datetime | None] = ContextVar("rexian_now", default=None)


def now() -> datetime:
    """The present moment, aware."""
    return _set.get() or timezone.now()


def today() -> date:
    """The present day where the city is."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The day of a moment where the city is."""
    return moment.astimezone(timezone.get_default_timezone()).date()


def start_of(day: date) -> datetime:
    """The beginning of a day where the city is."""
    return timezone.make_aware(datetime.combine(day, time.min))


def midnight() -> datetime:
    """The beginning of the present day."""
    return start_of(today())


def of_database() -> datetime:
    """The database server's clock, one for all machines: what happens by time alone follows it, not the clock of one worker."""
    if (given := _set.get()) is not None:
        return given
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


class at:  # noqa: N801  read as a word: with clock.at(moment)
    """Within the block it is `moment`. A class, since a simulation goes through millions of moments: a generator takes three times as long."""

    __slots__ = ("_moment", "_token")
    _token: Token[datetime | None]

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def __enter__(self) -> None:
        self._token = _set.set(self._moment)

    def __exit__(self, *_raised: object) -> None:
        _set.reset(self._token)
