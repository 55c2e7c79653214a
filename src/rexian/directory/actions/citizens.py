# SPDX-License-Identifier: Apache-2.0
"""Citizens: one person over all channels."""

from collections.abc import Mapping, Sequence

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from rexian.directory.models import Change, Citizen, Identity
from rexian.directory.queries import identity_index, known_by
from rexian.directory.telephone import normalise_id_number, normalise_telephone, normalise_wechat
from rexian.security.errors import Forbidden, Refusal
from rexian.security.identity import By
from rexian.security.posts import DEPARTMENT_POSTS, Outsider

Wanted = Sequence[tuple[str, str]]
"""Normalised (sort, value) pairs, the most trusted first."""
CLAIM = "INSERT INTO directory_identity (citizen_id, sort, index, value) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING"
NORMALISE = {
    Identity.Sort.TELEPHONE: normalise_telephone,
    Identity.Sort.WECHAT: normalise_wechat,
    Identity.Sort.ID_NUMBER: normalise_id_number,
}


def identify_citizen(
    *, by: By, telephone: str = "", wechat: str = "", id_number: str = "", name: str = "", address: str = ""
) -> Citizen:
    """The one person behind a telephone number, WeChat id or identity number, made known if new.

    What is given and not yet anybody's becomes the person's; of two persons that are meant, the first is taken and nothing is joined
    (that is `merge_citizens`). Being known opens nothing: an order is shown by its query code. Safe under intakes at once; one query
    where all is known. Raises Refusal for a number that cannot be one, and where nothing is given.
    """
    given = {Identity.Sort.TELEPHONE: telephone, Identity.Sort.WECHAT: wechat, Identity.Sort.ID_NUMBER: id_number}
    wanted = [(str(sort), NORMALISE[sort](value)) for sort, value in given.items() if value]
    if not wanted:
        raise Refusal(_("请填写电话。"), field="telephone")
    known = known_by(wanted)
    if len(known) == len(wanted) and (known[0].citizen.name or not name):
        return known[0].citizen
    with transaction.atomic(savepoint=False):  # nothing in it fails and goes on, so intake is spared two round trips
        return _make_known(known, wanted, name, address)


def _make_known(known: list[Identity], wanted: Wanted, name: str, address: str) -> Citizen:
    citizen = known[0].citizen if known else Citizen.objects.create(name=name, address=address, since=timezone.now())
    if name and not citizen.name:
        citizen.name = name
        citizen.save(update_fields=["name"])
    there = {(identity.sort, bytes(identity.index)) for identity in known}
    indexed = [(sort, identity_index(sort, value), value) for sort, value in wanted]
    if _claim(citizen, [row for row in indexed if row[:2] not in there]) or known:
        return citizen
    citizen.delete()  # another intake made the same person known this moment
    return known_by(wanted)[0].citizen


def _claim(citizen: Citizen, rows: list[tuple[str, bytes, str]]) -> bool:
    """Makes (sort, index, value) the citizen's; those that became somebody's this moment stay theirs. False where nothing was left to claim."""
    value, claimed = Identity._meta.get_field("value"), 0
    with connection.cursor() as cursor:
        for sort, index, told in rows:
            sealed = value.get_db_prep_save(told, connection)
            cursor.execute(CLAIM, [citizen.pk, sort, index, sealed])
            claimed += cursor.rowcount
    return claimed > 0


@transaction.atomic
def merge_citizens(*, by: By, keep: Citizen, other: Citizen, reason: str) -> Citizen:
    """Makes two records one person: the identities of `other` become `keep`'s, and `other` points there from now on.

    Orders keep the citizen that they name; `queries.same_person` finds those of all. Raises Refusal.
    """
    if by.role in DEPARTMENT_POSTS or isinstance(by.role, Outsider):
        raise Forbidden(_("诉求人由热线中心合并。"))
    if len(reason.strip()) < 2:
        raise Refusal(_("请写明合并的理由。"), field="reason")
    rows = Citizen.objects.select_for_update().order_by("pk").in_bulk([keep.pk, other.pk])
    if len(rows) < 2 or any(row.merged_into_id for row in rows.values()):
        raise Refusal(_("要合并的须是两个未被合并的诉求人。"))
    Identity.objects.filter(citizen=other).update(citizen=keep)
    Citizen.objects.filter(merged_into=other).update(merged_into=keep)
    Citizen.objects.filter(pk=other.pk).update(merged_into=keep)
    _record(by, other, {"merged_into": None}, {"merged_into": keep.pk, "reason": reason.strip()[:200]})
    return rows[keep.pk]


def _record(by: By, citizen: Citizen, before: Mapping[str, object], after: Mapping[str, object]) -> None:
    Change.objects.create(
        at=timezone.now(),
        user_id=by.user_id,
        role=by.role,
        table="citizen",
        subject=str(citizen.pk),
        before=before,
        after=after,
    )
