# SPDX-License-Identifier: Apache-2.0
"""One operation at a time on one database, whichever machine it is started on."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from rexian.config.errors import CannotRun

LOCK = "SELECT {}(hashtext('rexian.operations'))"


@contextmanager
def alone(*, wait: bool = False) -> Iterator[None]:
    """Holds the database's lock for operations, without the time limits of a web request; a killed process loses it by itself.

    With `wait`, waits for another operation to end; without, raises CannotRun.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET lock_timeout = 0")
        cursor.execute(LOCK.format("pg_try_advisory_lock"))
        if not cursor.fetchone()[0]:
            if not wait:
                raise CannotRun("另一项维护（换钥、备份或更新结构）正在进行，等它结束后再试。")
            print("等待另一项维护（换钥、备份或更新结构）结束", flush=True)
            cursor.execute(LOCK.format("pg_advisory_lock"))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(LOCK.format("pg_advisory_unlock"))
            cursor.execute("RESET statement_timeout; RESET idle_in_transaction_session_timeout; RESET lock_timeout")
