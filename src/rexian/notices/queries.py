# SPDX-License-Identifier: Apache-2.0
"""Reads of notices: what needs somebody, and what of it is new to them."""

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from rexian.directory import clock
from rexian.notices.datasets import KEPT
from rexian.notices.kinds import POSTS, Desk
from rexian.notices.models import Choice, Notice, Read
from rexian.orders.access import visible
from rexian.security.actions import person
from rexian.security.identity import By
from rexian.security.sources import Source, sources

MOST = 100
"""Notices that a list shows, and beyond which unread ones are not counted."""


def choice_of(by: By) -> Choice:
    """How `by` wants to be told; as usual where nothing was chosen yet (then not saved)."""
    user = person(by)
    return Choice.objects.filter(user_id=user).first() or Choice(user_id=user)


def desks_of(by: By) -> list[Desk]:
    return [desk for desk, posts in POSTS.items() if by.role in posts]


def addressed(by: By) -> QuerySet[Notice]:
    """The notices for `by`'s desk, of orders and other things that `by` may see now, that somebody else caused; newest first."""
    desks = desks_of(by)
    notices = Notice.objects.filter(desk__in=desks, at__gte=clock.now() - KEPT)
    if Desk.DEPARTMENT in desks:
        notices = notices.filter(department__in=by.departments or ())
    if Desk.TAKER in desks:
        notices = notices.filter(user=by.user_id)
    seen = Q(Exists(visible(by).filter(pk=OuterRef("order_id"))))
    for source in sources().values():
        seen |= Q(Exists(source.visible(by).filter(pk=OuterRef("subject"))), about=source.about)
    return notices.filter(Q(actor=None) | ~Q(actor=by.user_id), seen).order_by("-id")


def beside(by: By, after: int) -> list[Notice]:
    """What other apps than orders told `by`'s desk after the notice `after`."""
    return list(addressed(by).exclude(about=Notice.ORDER).filter(pk__gt=after)[:MOST])


def newest_beside() -> int:
    """The key of the newest notice of something else than an order; 0 for none."""
    return Notice.objects.exclude(about=Notice.ORDER).aggregate(newest=Max("pk"))["newest"] or 0


def _unread(by: By, choice: Choice) -> Q:
    return Q(pk__gt=choice.read_upto) & ~Q(Exists(Read.objects.filter(user=by.user_id, notice=OuterRef("pk"))))


def chosen(by: By, choice: Choice) -> QuerySet[Notice]:
    """Those of the kinds that the person is told of."""
    return addressed(by).filter(kind__in=choice.told)


def listed(by: By, choice: Choice) -> list[Notice]:
    """The newest MOST with their orders, each with whether it is `unread` and the `title` of what it is about."""
    rows = chosen(by, choice).annotate(unread=_unread(by, choice))
    found: list[Notice] = list(rows.select_related("order", "order__lead", "department")[:MOST])
    titles = {about: _titles(source, by, found) for about, source in sources().items()}
    for one in found:
        one.title = one.order.title if one.order else titles[one.about].get(one.subject or 0, "")  # type: ignore[attr-defined]
    return found


def _titles(source: Source, by: By, notices: list[Notice]) -> dict[int, str]:
    asked = {one.subject for one in notices if one.about == source.about}
    return {one.pk: source.title(one) for one in source.visible(by).filter(pk__in=asked)} if asked else {}


def unread(by: By, choice: Choice) -> int:
    """How many are unread, at the most MOST."""
    return chosen(by, choice).filter(_unread(by, choice))[:MOST].count()
