# SPDX-License-Identifier: Apache-2.0
"""Against floods: so many submissions and look-ups an address and minute; beyond that a proof of work, or a minute's patience.

Counts are kept in the database, so that they hold over all web processes and machines.
"""

import hashlib
from datetime import timedelta

from altcha import v1 as altcha
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from rexian.security import encryption

SUBMISSIONS, LOOKUPS = 10, 20
"""A minute, from one address."""
LINK_ACTS = 300
"""A minute, with one link: several people answering as fast as they can."""
MINUTE = timedelta(minutes=1)
HARDEST = 60_000
"""Digests that a proof takes at the most: two seconds or so in the browser of a phone."""
FRESH = timedelta(minutes=20)


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


def check_vote(address: str) -> None:
    """Counts a citizen's vote on an answer."""
    if _count(f"vote {address}") > LOOKUPS:
        raise TooMany(_("评价太频繁，请等一分钟再试。"))


def check_link(token: str) -> None:
    """Counts what is done with the link of a questionnaire, by all who have it together."""
    if _count(f"link {token}") > LINK_ACTS:
        raise TooMany(_("操作太频繁，请等一分钟再试；已填的内容都在页面上。"))


def challenge() -> dict[str, str | int]:
    """A task for the browser (ALTCHA, version 1): find the number whose SHA-256 with the salt is the challenge."""
    options = altcha.ChallengeOptions(max_number=HARDEST, hmac_key=settings.SECRET_KEY, expires=timezone.now() + FRESH)
    return dict(altcha.create_challenge(options).to_dict())


def proven(proof: str) -> bool:
    """Whether a solution (base64 of JSON) is right, fresh and not used before."""
    right, _why = altcha.verify_solution(proof, settings.SECRET_KEY, check_expires=True) if proof else (False, None)
    return right and _count(f"proof {hashlib.sha256(proof.encode()).hexdigest()}", FRESH) == 1


def _count(what: str, window: timedelta = MINUTE) -> int:
    """How often `what` happened in this window, this time included; kept without the address itself."""
    key, minutes = encryption.blind_index(what, "intake.limiting"), window // MINUTE
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO intake_tally (key, window_start, count) "
            "VALUES (%s, floor(extract(epoch FROM now()) / 60 / %s)::bigint * %s, 1) "
            "ON CONFLICT (key, window_start) DO UPDATE SET count = intake_tally.count + 1 RETURNING count",
            [key, minutes, minutes],
        )
        (count,) = cursor.fetchone()
    return int(count)
