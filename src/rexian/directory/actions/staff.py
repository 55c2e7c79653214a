# SPDX-License-Identifier: Apache-2.0
"""Accounts of staff, with where they work and what they see."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from rexian.directory.actions.recording import Outcome, put, record
from rexian.directory.models import Area, Staff
from rexian.security.errors import Forbidden, Refusal
from rexian.security.identity import By
from rexian.security.models import User
from rexian.security.posts import DEPARTMENT_POSTS, Outsider, Post

OF_ACCOUNT = {"name": "name", "number": "number", "post": "post", "active": "is_active"}


@transaction.atomic
def save_staff(*, by: By, user: User, values: Mapping[str, Any]) -> Outcome:
    """Saves an account (a new one bears its username and has no password yet), its department and its areas. Raises Refusal.

    `values`: name, number, post, active, department, extension, and areas (a list: the person sees only these; empty is all).
    One who changes posts or leaves is signed out everywhere; a change of areas is on record too.
    """
    _may_employ(by, user, values)
    staff = Staff.objects.filter(user=user).first() if user.pk else None
    staff = staff or Staff()
    _check(user, staff, values)
    new = user._state.adding
    own = {"username": user.username} if new else {}
    if new:
        user.set_unusable_password()
    account = own | {field: values[name] for name, field in OF_ACCOUNT.items() if name in values}
    outcomes = [put(by=by, row=user, subject=user.username, values=account)]
    if outcomes[0] is Outcome.CHANGED and account.keys() & {"post", "is_active"}:
        User.objects.filter(pk=user.pk).update(sessions_since=F("sessions_since") + 1)
    work = {name: values[name] for name in ("department", "extension") if name in values}
    outcomes.append(
        put(by=by, row=staff, subject=user.username, values=({"user": user} if staff._state.adding else {}) | work)
    )
    if "areas" in values and set(staff.areas.all()) != set(values["areas"]):
        outcomes.append(_set_areas(by, user, staff, values["areas"]))
    if new:
        return Outcome.ADDED
    return Outcome.SAME if set(outcomes) == {Outcome.SAME} else Outcome.CHANGED


def _set_areas(by: By, user: User, staff: Staff, areas: Sequence[Area]) -> Outcome:
    codes = sorted(staff.areas.values_list("code", flat=True)), sorted(area.code for area in areas)
    staff.areas.set(areas)
    record(by=by, table="staff", subject=user.username, before={"areas": codes[0]}, after={"areas": codes[1]})
    return Outcome.CHANGED


def _may_employ(by: By, user: User, values: Mapping[str, Any]) -> None:
    """Raises Forbidden for all but the administrator and the operator, and for ending or moving oneself."""
    if by.role not in (Post.ADMINISTRATOR, Outsider.SYSTEM):
        raise Forbidden(_("人员和账号由管理员维护。"))
    own = user.pk is not None and by.user_id == user.pk
    if own and (not values.get("active", True) or values.get("post", user.post) != user.post):
        raise Forbidden(_("不能停用自己，也不能换自己的岗位，请另一位管理员办理。"))


def _check(user: User, staff: Staff, values: Mapping[str, Any]) -> None:
    post = values.get("post", user.post)
    if post in DEPARTMENT_POSTS and values.get("department", staff.department) is None:
        raise Refusal(_("承办岗位须有部门。"), field="department")
    for name, value in (("username", user.username), ("number", values.get("number", user.number))):
        if User.objects.filter(**{name: value}).exclude(pk=user.pk).exists():
            raise Refusal(_("“%(value)s”已属于另一账号。") % {"value": value}, field=name)
