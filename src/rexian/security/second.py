# SPDX-License-Identifier: Apache-2.0
"""The second factor: begun, confirmed by a first code, asked for at each sign-in, given up."""

import base64
import secrets
from datetime import timedelta

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from rexian.security import encryption
from rexian.security.actions import record_access
from rexian.security.errors import Forbidden, Refusal
from rexian.security.identity import By
from rexian.security.models import SecondFactor, User
from rexian.security.posts import Post

STEP, DIGITS, DRIFT = 30, 6, 1
"""Seconds a code holds, its length, and how many steps a telephone's clock may be off."""
TRIES, LOCKED = 5, timedelta(minutes=15)
RECOVERY = 8
"""Recovery codes handed out at once."""
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def required(post: str, posts: frozenset[str]) -> bool:
    """Whether the operator demands a second factor of a post."""
    return "all" in posts or post in posts


def confirmed(user: User) -> bool:
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).exists()


@transaction.atomic
def begin(*, user: User) -> SecondFactor:
    """A new secret to set up, in place of one that was never confirmed; raises Forbidden where one is in force."""
    if confirmed(user):
        raise Forbidden(_("两步验证已经启用。"))
    secret = base64.b32encode(secrets.token_bytes(20)).decode()
    factor, _made = SecondFactor.objects.update_or_create(user=user, defaults={"secret": secret, "last_step": -1})
    return factor


def address(factor: SecondFactor, issuer: str) -> str:
    """The otpauth address that an authenticator app reads from a QR code."""
    totp = TOTP(base64.b32decode(factor.secret), DIGITS, SHA1(), STEP, enforce_key_length=False)  # noqa: S303  RFC 6238
    return totp.get_provisioning_uri(factor.user.username, issuer)


@transaction.atomic
def confirm(*, user: User, by: By, code: str) -> list[str]:
    """Puts the second factor in force with a first right code; returns the recovery codes, which are shown this once."""
    factor = SecondFactor.objects.select_for_update().filter(user=user, confirmed_at=None).first()
    if factor is None:
        raise Refusal(_("请重新开始设置。"))
    step = _step_of(factor, code)
    if step is None:
        raise Refusal(_("验证码不对。请核对手机的时间，再输入最新的 6 位数字。"), field="code")
    codes = ["-".join(_word(5) for _part in range(2)) for _code in range(RECOVERY)]
    factor.confirmed_at, factor.last_step, factor.recovery = timezone.now(), step, [_index(one) for one in codes]
    factor.save()
    record_access(by=by, act="second_factor", subject=user.username, fields="", reason=gettext_noop("启用两步验证"))
    return codes


def _word(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def _index(code: str) -> str:
    return encryption.blind_index(code.strip().lower(), "security.recovery").hex()


def _step_of(factor: SecondFactor, code: str) -> int | None:
    """The time step whose code this is, if it is newer than the newest taken."""
    digits = "".join(character for character in code if character.isdecimal())
    if len(digits) != DIGITS:
        return None
    hotp = HOTP(base64.b32decode(factor.secret), DIGITS, SHA1(), enforce_key_length=False)  # noqa: S303  RFC 6238
    now = int(timezone.now().timestamp()) // STEP
    for step in range(now - DRIFT, now + DRIFT + 1):
        if step > factor.last_step and encryption.same(hotp.generate(step), digits.encode()):
            return step
    return None


def check(*, user: User, code: str) -> None:
    """Takes a code of the app or a recovery code, once; raises Refusal, and locks for a while after TRIES wrong ones."""
    with transaction.atomic():
        wrong = _check(user, code)
    if wrong:
        raise Refusal(wrong, field="code")


def _check(user: User, code: str) -> str:
    """What is wrong, or ""; the failure is written either way."""
    factor = SecondFactor.objects.select_for_update().get(user=user, confirmed_at__isnull=False)
    now = timezone.now()
    if factor.locked_until is not None and factor.locked_until > now:
        return _("错误次数太多，15 分钟后再试。")
    step, index = _step_of(factor, code), _index(code)
    right = step is not None or index in factor.recovery
    if right:
        factor.last_step = factor.last_step if step is None else step
        factor.recovery = [one for one in factor.recovery if one != index]
    factor.failures = 0 if right else factor.failures + 1
    factor.locked_until = now + LOCKED if factor.failures >= TRIES else None
    factor.failures %= TRIES
    factor.save()
    return "" if right else _("验证码不对。")


@transaction.atomic
def give_up(*, user: User, by: By, password: str = "") -> None:
    """Ends the second factor: one's own with the password, another's by an administrator, whose act is on record."""
    own = by.user_id == user.pk
    if own and not user.check_password(password):
        raise Refusal(_("密码不对。"), field="password")
    if not own and by.role is not Post.ADMINISTRATOR:
        raise Forbidden(_("只有管理员能为别人关闭两步验证。"))
    SecondFactor.objects.filter(user=user).delete()
    record_access(by=by, act="second_factor", subject=user.username, fields="", reason=gettext_noop("关闭两步验证"))
