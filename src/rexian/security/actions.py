# SPDX-License-Identifier: Apache-2.0
"""The only writes of security: records of access, accounts' sessions and passwords."""

import secrets

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from rexian.security.errors import Forbidden, Refusal
from rexian.security.identity import By
from rexian.security.models import AccessRecord, User
from rexian.security.posts import Post

UNMISTAKABLE = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that nobody confuses when they are read out."""


def person(by: By) -> int:
    """The id of the person who acts; rules and citizens look at nobody's data, and have no lists of their own."""
    if by.user_id is None:
        raise ValueError("not a person")
    return by.user_id


@transaction.atomic
def record_access(
    *, by: By, act: str, subject: str, fields: str, reason: str, address: str | None = None
) -> AccessRecord:
    """Writes down one look at personal data; without a reason there is no look."""
    if len(reason.strip()) < 2:
        raise Refusal(_("请写明查看的理由。"), field="reason")
    return AccessRecord.objects.create(
        at=timezone.now(),
        user_id=person(by),
        act=act,
        subject=subject,
        fields=fields,
        reason=reason.strip()[:200],
        address=address,
    )


@transaction.atomic
def sign_out_everywhere(*, user: User, by: By, address: str | None = None) -> None:
    """Ends every session of the account."""
    User.objects.filter(pk=user.pk).update(sessions_since=F("sessions_since") + 1)
    record_access(
        by=by,
        act="sign_out_everywhere",
        subject=user.username,
        fields="",
        reason=gettext_noop("全部退出"),
        address=address,
    )


@transaction.atomic
def change_password(*, user: User, by: By, old: str, new: str) -> None:
    """Sets a new password, which ends every other session."""
    if not user.check_password(old):
        raise Refusal(_("原密码不对。"), field="old")
    try:
        validate_password(new, user)
    except ValidationError as error:
        raise Refusal(" ".join(error.messages), field="new") from error
    if user.must_change_password and old == new:
        raise Refusal(_("一次性密码不能再用，请换一个。"), field="new")
    user.set_password(new)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    record_access(by=by, act="change_password", subject=user.username, fields="", reason=gettext_noop("修改密码"))


@transaction.atomic
def reset_password(*, user: User, by: By, address: str | None = None) -> str:
    """Gives an account a password for one time, returned here and nowhere else, that must be changed at once; ends all its sessions."""
    if by.role is not Post.ADMINISTRATOR:
        raise Forbidden(_("密码由管理员重设。"))
    if user.pk == by.user_id:
        raise Refusal(_("自己的密码请在“我的账号”里改。"))
    if not user.is_active:
        raise Refusal(_("账号已停用。"))
    once = "-".join("".join(secrets.choice(UNMISTAKABLE) for _n in range(4)) for _part in range(4))
    user.set_password(once)
    user.must_change_password = True
    user.sessions_since += 1
    user.save(update_fields=["password", "must_change_password", "sessions_since"])
    reason = gettext_noop("重设密码")
    record_access(by=by, act="reset_password", subject=user.username, fields="", reason=reason, address=address)
    return once
