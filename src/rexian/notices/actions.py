# SPDX-License-Identifier: Apache-2.0
"""The only writes of notices: what needs whom, what was read, how one is told."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils.translation import gettext as _

from rexian.directory import clock
from rexian.notices.datasets import KEPT
from rexian.notices.happening import MOST, Happened, happened
from rexian.notices.kinds import RULES, Desk, Kind
from rexian.notices.models import Choice, Notice, Read, Sound
from rexian.notices.queries import addressed
from rexian.security.actions import person
from rexian.security.errors import Forbidden, Refusal
from rexian.security.identity import By
from rexian.security.sources import Source, sources

AGAIN = timedelta(minutes=10)
"""How far back the record is read again: further than any transaction takes."""
FURTHEST = timedelta(hours=12)


POINTED = (
    Q(edge__in=RULES)
    | Q(edge="submit", data__has_key="danger")
    | Q(edge="classify", data__urgency="danger")
    | Q(edge="attach", role="citizen")
)
"""The events that need somebody, as `kinds.needs` has it."""


def _notices(one: Happened) -> Iterator[Notice]:
    for need in one.needs:
        place = {"event": one.event, "order_id": one.order, "at": one.at, "kind": need.kind, "desk": need.desk}
        if need.desk is Desk.DEPARTMENT:
            for department in sorted(one.held):
                yield Notice(**place, department_id=department, actor=one.actor)
        elif need.desk is not Desk.TAKER:
            yield Notice(**place, actor=one.actor)
        elif one.taker is not None:
            yield Notice(**place, user_id=one.taker, actor=one.actor)


@transaction.atomic
def keep(events: Iterable[Happened]) -> int:
    """Keeps what the events need, once however often and by however many it is asked; returns how many notices it looked at."""
    made = [notice for one in events for notice in _notices(one)]
    Notice.objects.bulk_create(made, ignore_conflicts=True, batch_size=1_000)
    return len(made)


def _since(about: str) -> datetime:
    """From when on to read again: AGAIN before the newest notice of the sort, within FURTHEST."""
    now = clock.now()
    newest = Notice.objects.filter(about=about).aggregate(newest=Max("at"))["newest"]
    return max((newest or now) - AGAIN, now - FURTHEST)


def catch_up() -> int:
    """Keeps what the stream did not, because it was not running, and what other apps tell of; how many notices it looked at."""
    return _catch_up_orders() + sum(map(_catch_up_beside, sources().values()))


@transaction.atomic
def _catch_up_beside(source: Source) -> int:
    made = [
        Notice(
            about=source.about,
            event=one.event,
            subject=one.subject,
            at=one.at,
            kind=Kind(one.kind),
            desk=Desk(one.desk),
            department_id=one.department,
            actor=one.actor,
        )
        for one in source.since(_since(source.about))
    ]
    Notice.objects.bulk_create(made, ignore_conflicts=True, batch_size=1_000)
    return len(made)


def _catch_up_orders() -> int:
    since = _since(Notice.ORDER)
    kept = Exists(Notice.objects.filter(about=Notice.ORDER, event=OuterRef("pk")))
    span, last, done = Q(at__gte=since) & POINTED, 0, 0
    while events := happened(span & Q(pk__gt=last) & ~Q(kept)):
        done += keep(events)
        last = events[-1].event
        if len(events) < MOST:
            break
    return done


@transaction.atomic
def read(*, by: By, notice: Notice) -> None:
    """Notes that `by` has read a notice."""
    if not addressed(by).filter(pk=notice.pk).exists():
        raise Forbidden(_("这条提醒不是给您的。"))
    Read.objects.get_or_create(user_id=person(by), notice=notice)


@transaction.atomic
def read_all(*, by: By, upto: int) -> None:
    """Notes that `by` has read everything up to the notice `upto`, the newest that was on the page."""
    user = person(by)
    choice, _made = Choice.objects.select_for_update().get_or_create(user_id=user)
    choice.read_upto = max(choice.read_upto, upto)
    choice.save(update_fields=["read_upto"])
    Read.objects.filter(user_id=user, notice__lte=choice.read_upto).delete()


@transaction.atomic
def choose(*, by: By, kinds: Iterable[str], sound: str, title: bool, desktop: bool) -> Choice:
    """Sets how `by` wants to be told."""
    if sound not in Sound.values:
        raise Refusal(_("请选择声音。"), field="sound")
    values = {"kinds": sorted(set(kinds)), "sound": sound, "title": title, "desktop": desktop}
    choice, _made = Choice.objects.update_or_create(user_id=person(by), defaults=values)
    return choice


@transaction.atomic
def forget_old() -> int:
    """Throws away the notices whose time is over, with who read them; returns how many rows."""
    return Notice.objects.filter(at__lt=clock.now() - KEPT).delete()[0]
