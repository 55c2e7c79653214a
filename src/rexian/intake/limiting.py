# SPDX-License-Identifier: Apache-2.0
"""Against floods: so many submissions and look-ups an address and minute; beyond that a proof of work, or a minute's patience.

Counts are kept in the database, so that they hold over all web processes and machines.
"""

import hashlib

import altcha
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from rexian.security import encryption

SUBMISSIONS, LOOKUPS = 10, 20
"""A minute, from one address."""
WINDOW = 60


class TooMany(Exception):  # noqa: N818  an answer, not a fault
    """More than one address may send; the message says what to do."""


def check(address: str, proof: str = "") -> None:
    """Counts a submission; raises TooMany beyond the limit unless a proof of work comes with it."""
    if _count(f"submit {address}") > SUBMISSIONS and not proven(proof):
        raise TooMany(_("这个网络提交得太密，请等一分钟再提交，内容都在；急事请拨打 12345。"))


def check_lookup(address: str) -> None:
    """Counts a look-up of a query code, so that codes cannot be tried out."""
    if _count(f"lookup {address}") > LOOKUPS:
        raise TooMany(_("查询太频繁，请等一分钟再试。"))


def proven(proof: str) -> bool:
    """Whether an ALTCHA solution is right, fresh and not used before."""
    if not proof:
        return False
    try:
        found = altcha.verify_solution(proof, settings.SECRET_KEY)
    except ValueError:
        return False
    return bool(found.verified) and _count(f"proof {hashlib.sha256(proof.encode()).hexdigest()}") == 1


def _count(what: str) -> int:
    """How often `what` happened in this window, this time included; kept without the address itself."""
    key = encryption.blind_index(what, "intake.limiting")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO intake_tally (key, window_start, count) "
            "VALUES (%s, floor(extract(epoch FROM now()) / %s)::bigint, 1) "
            "ON CONFLICT (key, window_start) DO UPDATE SET count = intake_tally.count + 1 RETURNING count",
            [key, WINDOW],
        )
        (count,) = cursor.fetchone()
    return int(count)
