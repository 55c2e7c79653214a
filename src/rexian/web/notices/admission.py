# SPDX-License-Identifier: Apache-2.0
"""Who may have a stream: the same session that opens the pages, looked at again every few seconds, and never prolonged by it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import auth
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.utils import timezone

from rexian.directory.queries import by_of
from rexian.notices.kinds import NEEDED
from rexian.security.access import MUST_SET_UP
from rexian.security.identity import By
from rexian.security.models import User

Stamp = tuple[Any, ...]
ACCOUNT = ("password", "sessions_since", "post", "is_active", "must_change_password", "staff__department")
"""What of an account decides whether its sessions hold and what it sees; with its areas, the stamp of a stream."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """Somebody who was let in, by which session, and what the account was then."""

    by: By
    session: str
    stamp: Stamp


def admit(session: str) -> Admitted | None:
    """The person whose session it is, as the pages know them; None where a page would ask to sign in or has something to be done first."""
    request = HttpRequest()
    request.session = SessionStore(session)
    user = auth.get_user(request)
    if isinstance(user, AnonymousUser) or not isinstance(user, User):
        return None
    if user.must_change_password or request.session.get(MUST_SET_UP):
        return None
    stamp, by = stamps([user.pk])[user.pk], by_of(user)
    return Admitted(by, session, stamp) if by.role in NEEDED else None


def stamps(users: Iterable[int]) -> dict[int, Stamp]:
    """The stamp of each account, in one query."""
    rows = User.objects.filter(pk__in=users).annotate(
        stems=ArrayAgg("staff__areas__stem", order_by="staff__areas__stem", default=[])
    )
    return {pk: (*rest[:-1], tuple(rest[-1])) for pk, *rest in rows.values_list("pk", *ACCOUNT, "stems")}


def holding(admitted: Iterable[Admitted]) -> set[str]:
    """Of the sessions those that still hold: not signed out, not run out, the account as it was. Two queries, however many."""
    there = list(admitted)
    sessions = SessionStore.get_model_class().objects.filter(
        session_key__in={one.session for one in there}, expire_date__gt=timezone.now()
    )
    alive = set(sessions.values_list("session_key", flat=True))
    now = stamps({one.by.user_id for one in there if one.by.user_id is not None})
    return {one.session for one in there if one.session in alive and now.get(one.by.user_id or 0) == one.stamp}
