# SPDX-License-Identifier: Apache-2.0
"""Reads of the directory."""

import time
from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar

from django.conf import settings
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Length

from rexian.directory.calendar import WorkingCalendar
from rexian.directory.models import Area, CalendarDay, CatalogueLine, Category, Citizen, City, Department, Identity, Staff
from rexian.directory.telephone import normalise_id_number, normalise_telephone, normalise_wechat
from rexian.security import encryption
from rexian.security.identity import By
from rexian.security.models import POST_LABELS, User
from rexian.security.posts import DEPARTMENT_POSTS, Post

T = TypeVar("T")
DEMO_PASSWORD = "secrets/demo-password"
"""Below VAR: the password of the synthetic city's accounts, on an installation for trying."""
KEPT = 10.0
"""Seconds that a process keeps what changes rarely and every intake asks for."""
_kept: dict[str, tuple[float, object]] = {}


def kept(name: str, read: Callable[[], T]) -> T:
    """What `read` gives, read again when it is older than KEPT seconds."""
    found = _kept.get(name)
    now = time.monotonic()
    if found is None or now - found[0] > KEPT:
        found = (now, read())
        _kept[name] = found
    return found[1]  # type: ignore[return-value]


def forget() -> None:
    """Drops what is kept in memory; actions that change the directory call it."""
    _kept.clear()


def city() -> City:
    """The city that this installation serves; raises City.DoesNotExist before one is loaded."""
    return kept("city", City.objects.get)


def working_calendar() -> WorkingCalendar:
    """The national calendar with the city's exceptions."""
    return kept("calendar", lambda: WorkingCalendar(dict(CalendarDay.objects.values_list("day", "working"))))


def by_of(user: User) -> By:
    """The account as an actor, with its data scope: department posts see their own part of the tree, all see only their areas."""
    staff = Staff.objects.select_related("department").filter(user=user).first()
    if staff is None:
        nothing: frozenset[int] | None = frozenset() if user.post in DEPARTMENT_POSTS else None
        return By(role=Post(user.post), name=user.name, user_id=user.pk, departments=nothing)
    scope = None
    if user.post in DEPARTMENT_POSTS:
        scope = frozenset(subtree(staff.department).values_list("pk", flat=True)) if staff.department else frozenset()
    areas = tuple(staff.areas.values_list("stem", flat=True))
    return By(
        role=Post(user.post),
        name=user.name,
        user_id=user.pk,
        department_id=staff.department_id,
        departments=scope,
        areas=areas or None,
    )


def subtree(department: Department) -> QuerySet[Department]:
    """A department and all below it."""
    return Department.objects.filter(path__startswith=department.path)


def area_chain(area: Area | None) -> list[Area]:
    """An area and those around it, smallest first."""
    chain = []
    while area is not None:
        chain.append(area)
        area = area.parent
    return chain


def _around(code_stem: str) -> list[str]:
    """The stems of an area and of those around it: 990102003, 990102, 9901."""
    return [code_stem[:length] for length in (9, 6, 4) if length <= len(code_stem)]


def identity_index(sort: str, value: str) -> bytes:
    """The blind index of a normalised telephone number, WeChat id or identity number."""
    return encryption.blind_index(value, f"directory.{sort}")


def find_citizen(*, telephone: str = "", wechat: str = "", id_number: str = "") -> Citizen | None:
    """The citizen known by any of these; raises Refusal for a number that cannot be one."""
    wanted = [
        (sort, normalise(value))
        for sort, value, normalise in (
            (Identity.Sort.TELEPHONE, telephone, normalise_telephone),
            (Identity.Sort.WECHAT, wechat, normalise_wechat),
            (Identity.Sort.ID_NUMBER, id_number, normalise_id_number),
        )
        if value
    ]
    return find_known(wanted)


def find_known(identities: Iterable[tuple[str, str]]) -> Citizen | None:
    """The citizen of the first known one among normalised (sort, value) pairs."""
    match = Q(pk__in=())
    for sort, value in identities:
        match |= Q(identities__sort=sort, identities__index=identity_index(sort, value))
    return Citizen.objects.filter(match).order_by("pk").first()


def lines_on(day: date) -> QuerySet[CatalogueLine]:
    """The dispatch catalogue in force on a day."""
    return CatalogueLine.objects.filter(Q(until=None) | Q(until__gt=day), since__lte=day)


def responsible(category: Category, area: Area | None, on: date) -> CatalogueLine | None:
    """The line for a category in an area: the nearest category first, then the smallest area; a line without area is for all."""
    chain = [category.pk, category.parent_id, category.parent.parent_id if category.parent else None]
    near = Case(*(When(category=pk, then=Value(place)) for place, pk in enumerate(chain) if pk), output_field=IntegerField())
    lines = lines_on(on).filter(category__in=[pk for pk in chain if pk])
    lines = lines.filter(Q(area=None) | Q(area__stem__in=_around(area.stem) if area else ()))
    return (
        lines.select_related("lead", "category", "area")
        .annotate(near=near, size=Length("area__stem"))
        .order_by("near", F("size").desc(nulls_last=True))
        .first()
    )


def demo_accounts() -> list[tuple[str, str, str | None]]:
    """One account of each post (label, username, password) while this installation is for trying; the password is None where it has none."""
    file = settings.VAR / DEMO_PASSWORD
    password = file.read_text(encoding="utf-8") if file.exists() and not settings.PRODUCTION else None
    first: dict[str, str] = {}
    for post, username in User.objects.filter(is_active=True).order_by("pk").values_list("post", "username"):
        first.setdefault(post, username)
    return [(str(POST_LABELS[post]), first[post], password) for post in Post if post in first]
