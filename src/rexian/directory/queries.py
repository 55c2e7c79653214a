# SPDX-License-Identifier: Apache-2.0
"""Reads of the directory."""

import time
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import F, Q, QuerySet

from rexian.directory.calendar import WorkingCalendar
from rexian.directory.coordinates import Point, inside
from rexian.directory.models import (
    Area,
    CalendarDay,
    CatalogueLine,
    Category,
    Citizen,
    City,
    Department,
    Identity,
    Staff,
)
from rexian.directory.telephone import normalise_id_number, normalise_telephone, normalise_wechat
from rexian.security import encryption
from rexian.security.identity import By
from rexian.security.models import POST_LABELS, User
from rexian.security.posts import DEPARTMENT_POSTS, Post

T = TypeVar("T")
DEMO_PASSWORD = "secrets/demo-password"  # noqa: S105  a file's name
"""Below VAR: the password of the synthetic city's accounts, on an installation for trying."""
KEPT = 10.0
"""Seconds that a process keeps what changes rarely and every intake asks for."""
MOST_KEPT = 5_000
_kept: dict[str, tuple[float, object]] = {}


def kept(name: str, read: Callable[[], T]) -> T:
    """What `read` gives, read again when it is older than KEPT seconds."""
    found = _kept.get(name)
    now = time.monotonic()
    if found is None or now - found[0] > KEPT:
        if len(_kept) >= MOST_KEPT:  # names may come from outside, as codes and tokens do
            _kept.clear()
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
    """The national calendar with the city's exceptions and the notices that it imported."""
    return kept("calendar", _working_calendar)


def _working_calendar() -> WorkingCalendar:
    days = list(CalendarDay.objects.values_list("day", "working", "national"))
    return WorkingCalendar(
        {day: working for day, working, _national in days},
        frozenset(day.year for day, _working, national in days if national),
    )


def by_of(user: User) -> By:
    """The account as an actor, with its data scope: department posts see their own part of the tree, all see only their areas."""
    rows = list(  # one query, since every request asks: a row for each area, or one
        Staff.objects.filter(user=user)
        .order_by("areas__code")
        .values_list("department", "department__path", "areas__stem")
    )
    if not rows:
        nothing: frozenset[int] | None = frozenset() if user.post in DEPARTMENT_POSTS else None
        return By(role=Post(user.post), name=user.name, user_id=user.pk, departments=nothing)
    pk, path, _stem = rows[0]
    scope = None
    if user.post in DEPARTMENT_POSTS:
        scope = frozenset(_below(pk, path or "").values_list("pk", flat=True)) if pk else frozenset()
    return By(
        role=Post(user.post),
        name=user.name,
        user_id=user.pk,
        department_id=pk,
        departments=scope,
        areas=tuple(stem for _pk, _path, stem in rows if stem is not None) or None,
    )


def subtree(department: Department) -> QuerySet[Department]:
    """A department and all below it."""
    return _below(department.pk, department.path)


def _below(pk: int, path: str) -> QuerySet[Department]:
    return Department.objects.filter(path__startswith=path) if path else Department.objects.filter(pk=pk)


def area_chain(area: Area | None) -> list[Area]:
    """An area and those around it, smallest first."""
    chain = []
    while area is not None:
        chain.append(area)
        area = area.parent
    return chain


def outlines() -> list[tuple[Area, dict[str, Any]]]:
    """The streets and towns that have an outline (GeoJSON, WGS 84)."""
    return kept(
        "outlines", lambda: [(one, one.outline) for one in Area.objects.filter(level=3, active=True) if one.outline]
    )


def area_at(point: Point) -> Area | None:
    """The street or town whose outline holds a point (WGS 84)."""
    return next((area for area, outline in outlines() if inside(point, outline)), None)


def around(code_stem: str) -> list[str]:
    """The stems of an area and of those around it: 990102003, 990102, 9901, 99."""
    return [code_stem[:length] for length in (9, 6, 4, 2) if length <= len(code_stem)]


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
    """The citizen of the first known one among normalised (sort, value) pairs, which are in order of trust."""
    known = known_by(identities)
    return known[0].citizen if known else None


def known_by(identities: Iterable[tuple[str, str]]) -> list[Identity]:
    """Those of the normalised (sort, value) pairs that are known, in their order, each with its citizen; one query."""
    places = {(sort, identity_index(sort, value)): place for place, (sort, value) in enumerate(identities)}
    match = Q(pk__in=())
    for sort, index in places:
        match |= Q(sort=sort, index=index)
    found = Identity.objects.filter(match).select_related("citizen") if places else ()
    return sorted(found, key=lambda identity: places[identity.sort, bytes(identity.index)])


def same_person(citizen: Citizen) -> QuerySet[Citizen]:
    """All records of a person: the one that is kept, and those merged into it."""
    kept_one = citizen.merged_into_id or citizen.pk
    return Citizen.objects.filter(Q(pk=kept_one) | Q(merged_into=kept_one))


def lines_on(day: date) -> QuerySet[CatalogueLine]:
    """The dispatch catalogue in force on a day; lines of departments that are no longer in use are left out."""
    return CatalogueLine.objects.filter(Q(until=None) | Q(until__gt=day), since__lte=day, lead__active=True)


def responsible(category: Category, area: Area | None, on: date) -> CatalogueLine | None:
    """The line for a category in an area: the nearest category first, then the smallest area; a line without area is for all."""
    above = Category.objects.filter(children=category).values("parent")
    near = Q(category=category.pk) | Q(category=category.parent_id) | Q(category__in=above)
    places = Q(area=None) | Q(area__stem__in=around(area.stem) if area else ())
    return (
        lines_on(on)
        .filter(near, places)
        .select_related("lead", "category", "area")
        .order_by("-category__level", F("area__level").desc(nulls_last=True))
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
