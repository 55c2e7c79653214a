# SPDX-License-Identifier: Apache-2.0
"""Citizens: one person over all channels."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from rexian.directory import prepared
from rexian.directory.models import Change, Citizen, Identity
from rexian.directory.queries import identity_index, known_by
from rexian.directory.telephone import normalise_id_number, normalise_telephone, normalise_wechat
from rexian.security.errors import Forbidden, Refusal
from rexian.security.identity import By
from rexian.security.posts import DEPARTMENT_POSTS, Outsider

Wanted = Sequence[tuple[str, str]]
"""Normalised (sort, value) pairs, the most trusted first."""
COLUMNS = ", ".join(str(one.column) for one in Citizen._meta.concrete_fields)
WHOSE = f"""
WITH given AS (SELECT * FROM unnest($1::text[], $2::bytea[], $3::bytea[]) WITH ORDINALITY AS one (sort, index, value, place)),
known AS (SELECT place, citizen_id FROM given JOIN directory_identity USING (index, sort)),
made AS (
    INSERT INTO directory_citizen (name, salutation, address, since)
    SELECT $4::bytea, '', $5::bytea, $6::timestamptz WHERE NOT EXISTS (SELECT FROM known) RETURNING {COLUMNS}
),
whose AS ((SELECT citizen_id FROM known ORDER BY place LIMIT 1) UNION ALL SELECT id FROM made),
claimed AS (
    INSERT INTO directory_identity (citizen_id, sort, index, value)
    SELECT citizen_id, sort, index, value FROM given, whose WHERE place NOT IN (SELECT place FROM known) ORDER BY place
    ON CONFLICT DO NOTHING RETURNING 1
)
SELECT true, {COLUMNS} FROM directory_citizen JOIN whose ON id = citizen_id
UNION ALL SELECT EXISTS (SELECT FROM claimed), {COLUMNS} FROM made
"""  # noqa: S608  names of our own model
"""The citizen of the first known identity of those given, or else a new one; what is given and nobody's becomes that citizen's, and what
became somebody's this moment stays theirs. The first column is false where nothing was left for a new citizen."""
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
    with transaction.atomic(savepoint=False):  # nothing in it fails and goes on, so intake is spared two round trips
        citizen = _whose(wanted, name, address)
        if name and not citizen.name:
            citizen.name = name
            citizen.save(update_fields=["name"])
    return citizen


def _whose(wanted: Wanted, name: str, address: str) -> Citizen:
    value, called, lives = (
        Identity._meta.get_field("value"),
        Citizen._meta.get_field("name"),
        Citizen._meta.get_field("address"),
    )
    indexes = [identity_index(sort, one) for sort, one in wanted]
    given = [[sort for sort, _ in wanted], indexes, [value.get_db_prep_save(one, connection) for _, one in wanted]]
    told = [called.get_db_prep_save(name, connection), lives.get_db_prep_save(address, connection)]
    held, *row = prepared.execute(WHOSE, [*given, *told, timezone.now()]).fetchone()
    citizen = _of_row(row)
    if held:
        return citizen
    citizen.delete()  # another intake made the same person known this moment
    return known_by(wanted)[0].citizen


def _of_row(row: Sequence[Any]) -> Citizen:
    """The citizen of COLUMNS as they are stored."""
    fields = Citizen._meta.concrete_fields
    plain = [
        value if (read := getattr(field, "from_db_value", None)) is None else read(value, None, connection)
        for field, value in zip(fields, row, strict=True)
    ]
    return Citizen.from_db(connection.alias, [field.attname for field in fields], plain)


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
