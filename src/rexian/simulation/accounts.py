# SPDX-License-Identifier: Apache-2.0
"""Accounts for trying the hotline: one password of this installation for every account of the synthetic city."""

import secrets

from django.conf import settings
from django.contrib.auth.hashers import make_password

from rexian.directory.queries import DEMO_PASSWORD
from rexian.security.models import User


def open_demo_accounts() -> None:
    """Gives every account the installation's demo password; in production none is made, since nobody should know it."""
    if settings.PRODUCTION:
        return
    file = settings.VAR / DEMO_PASSWORD
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(f"rexian-{secrets.token_hex(4)}", encoding="utf-8")
    User.objects.update(password=make_password(file.read_text(encoding="utf-8")))
