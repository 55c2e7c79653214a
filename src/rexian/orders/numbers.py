# SPDX-License-Identifier: Apache-2.0
"""Order numbers: city code, day, running number of the day, check digit: `990100-20261124-003518-7`.

The check digit is ISO 7064 MOD 11,10 (GB/T 17710-2008) over the digits before it. Running numbers come from a database sequence, so that
intakes do not wait for each other; a number whose intake failed is not used again, and the hourly seal records it as void (chain.seal).
"""

from datetime import date

from django.db import connection, transaction
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_11_10

from rexian.directory import prepared

SEQUENCE = "orders_serial"
NEXT = f"SELECT nextval('orders_workorder_id_seq'), nextval('{SEQUENCE}')"
_bases: dict[date, int] = {}


def compose(city: str, day: date, running: int) -> str:
    """The number of the running-th order of a day."""
    parts = (city, f"{day:%Y%m%d}", f"{running:06d}")
    return "-".join((*parts, mod_11_10.calc_check_digit("".join(parts))))


def normalise(text: str) -> str | None:
    """A number as people type it, in its written form; None when it cannot be one, as with one wrong digit."""
    digits = "".join(character for character in text if character.isdecimal())
    try:
        mod_11_10.validate(digits)
    except ValidationError:
        return None
    if len(digits) < 21:
        return None
    return f"{digits[:6]}-{digits[6:14]}-{digits[14:-1]}-{digits[-1]}"


def allocate(city: str, day: date) -> tuple[int, int, str]:
    """The next key, the next serial and the number that it makes, for an order of `day`."""
    base = _bases.get(day)
    if base is None:
        base = _base(day)
    key, serial = prepared.execute(NEXT, []).fetchone()
    return key, serial, compose(city, day, serial - base)


def reserve(day: date, count: int) -> tuple[int, int]:
    """The day's base, and the first of `count` serials in a row, for orders written in bulk; raises Taken."""
    return _base(day), take(SEQUENCE, count)


class Taken(RuntimeError):  # noqa: N818  what happened
    """Somebody else took values of the sequence at the same moment."""


def take(sequence: str, count: int) -> int:
    """The first of `count` values in a row of a database sequence; raises Taken."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(v), max(v) FROM (SELECT nextval(%s) v FROM generate_series(1, %s)) s", [sequence, count]
        )
        first, last = cursor.fetchone()
    if count and last - first + 1 != count:
        raise Taken(sequence)
    return first or 0


def _base(day: date) -> int:
    """The serial before the first of the day; kept in memory once it is committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT base FROM orders_numberday WHERE day = %s", [day])
        row = cursor.fetchone()
        if row is None:
            cursor.execute(
                "INSERT INTO orders_numberday (day, base) VALUES (%s, nextval(%s)) ON CONFLICT (day) DO NOTHING",
                [day, SEQUENCE],
            )
            cursor.execute("SELECT base FROM orders_numberday WHERE day = %s", [day])
            row = cursor.fetchone()
    base: int = row[0]
    transaction.on_commit(lambda: _keep(day, base))
    return base


def _keep(day: date, base: int) -> None:
    if len(_bases) > 7:
        _bases.clear()
    _bases[day] = base
