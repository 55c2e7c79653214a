# SPDX-License-Identifier: Apache-2.0
"""What the city itself decides: its rule pack, and above which confidence orders are dispatched without a person."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from rexian.directory.actions.recording import Outcome, may_keep, put
from rexian.directory.models import City
from rexian.directory.queries import forget
from rexian.security.errors import Refusal
from rexian.security.identity import By


@transaction.atomic
def save_city(*, by: By, values: Mapping[str, Any], reason: str) -> Outcome:
    """Saves settings of the city with the reason for it, which stands in the record. Raises Refusal."""
    may_keep(by)
    if len(reason.strip()) < 2:
        raise Refusal(_("请写明理由。"), field="reason")
    above = values.get("dispatch_above")
    if above is not None and not 0.5 < above <= 1:
        raise Refusal(_("置信度应大于 50%，不超过 100%。"), field="dispatch_above")
    city = City.objects.select_for_update().get(pk=1)
    outcome = put(by=by, row=city, subject="city", values=values, reason=reason.strip()[:200])
    forget()
    return outcome
