# SPDX-License-Identifier: Apache-2.0
"""Which rule pack is live."""

from django.db import transaction
from django.utils.translation import gettext as _

from rexian.directory.actions import save_city
from rexian.directory.actions.recording import Outcome
from rexian.orders import deadlines
from rexian.security.errors import Refusal
from rexian.security.identity import By


@transaction.atomic
def set_rule_pack(*, by: By, key: str, reason: str) -> Outcome:
    """Makes a shipped pack, by `id/version`, the city's: for what is dispatched from now on. Raises Refusal.

    Orders that are dispatched keep their pack and their limit.
    """
    if key not in {pack.key for pack in deadlines.shipped()}:
        raise Refusal(_("没有这个规则包：%(key)s。") % {"key": key}, field="key")
    return save_city(by=by, values={"rule_pack": key}, reason=reason)
