# SPDX-License-Identifier: Apache-2.0
"""Citizens: one person over all channels."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from rexian.directory.models import Citizen, Identity
from rexian.directory.queries import find_known, identity_index
from rexian.directory.telephone import normalise_telephone, normalise_wechat
from rexian.security.identity import By


def identify_citizen(*, by: By, telephone: str = "", wechat: str = "", name: str = "", address: str = "") -> Citizen:
    """The one person behind a telephone number or WeChat id, made known if new; a newly seen id is added to the known person.

    Raises Refusal for a number that cannot be one. One query where the person is known by what is given.
    """
    wanted = [(Identity.Sort.TELEPHONE, normalise_telephone(telephone))] if telephone else []
    wanted += [(Identity.Sort.WECHAT, normalise_wechat(wechat))] if wechat else []
    found = find_known(wanted)
    if found is not None and len(wanted) == 1:
        return found
    try:
        with transaction.atomic():
            return _make_known(found, wanted, name, address)
    except IntegrityError:  # another intake made the same person known this moment
        found = find_known(wanted)
        if found is None:
            raise
        return found


def _make_known(citizen: Citizen | None, wanted: list[tuple[Identity.Sort, str]], name: str, address: str) -> Citizen:
    citizen = citizen or Citizen.objects.create(name=name, address=address, since=timezone.now())
    for sort, value in wanted:
        index = identity_index(sort, value)
        if not Identity.objects.filter(sort=sort, index=index).exists():
            Identity.objects.create(citizen=citizen, sort=sort, index=index, value=value)
    return citizen


@transaction.atomic
def merge_citizens(*, keep: Citizen, other: Citizen, by: By) -> Citizen:
    """Makes two records one person: the identities of `other` become `keep`'s, and `other` points there from now on."""
    Identity.objects.filter(citizen=other).update(citizen=keep)
    Citizen.objects.filter(merged_into=other).update(merged_into=keep)
    Citizen.objects.filter(pk=other.pk).update(merged_into=keep)
    return keep
