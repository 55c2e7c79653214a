# SPDX-License-Identifier: Apache-2.0
"""Old months out of the live tables and back, each act recorded with its proof."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from rexian.directory import clock
from rexian.orders import archive
from rexian.orders.archive import TABLES, Part, Unproven
from rexian.orders.deadlines import ZONE
from rexian.orders.models import ArchivedEvent, ArchivedOrder, ArchiveRecord, Seal, WorkOrder
from rexian.orders.workflow import State
from rexian.security.errors import Refusal
from rexian.security.identity import By

Act = ArchiveRecord.Act
STUBS = (
    "INSERT INTO orders_archivedorder (id, number, serial, record_id, last_seq, last_hash, at, area_id, query_code, departments) "
    "SELECT id, number, serial, %(record)s, last_seq, last_hash, %(at)s, area_id, query_code, "
    "ARRAY(SELECT DISTINCT department_id FROM orders_assignment a WHERE a.order_id = o.id AND NOT returned) "
    "FROM orders_workorder o WHERE id = ANY(%(keys)s)",
    "INSERT INTO orders_archivedevent (order_id, seq, at, hash) "
    "SELECT order_id, seq, at, hash FROM orders_orderevent WHERE order_id = ANY(%(keys)s)",
)


def months_before(month: date) -> list[date]:
    """The months before `month` whose orders, or some of them, are archived and live, oldest first."""
    days = WorkOrder.objects.filter(state=State.ARCHIVED, day__lt=month.replace(day=1)).values_list("day", flat=True)
    return sorted({day.replace(day=1) for day in days.distinct()})


@transaction.atomic
def export_month(*, month: date, by: By) -> ArchiveRecord | None:
    """Writes those archived orders of a month that are in no part yet, reads the files back, and records the proof.

    None where there are none. Raises Unproven.
    """
    _unlimited()
    parts = [Part(month, one.part) for one in exports(month)]
    written = {key for part in parts for key in archive.keys(part)}
    keys = [key for key in _archived(month).order_by("pk").values_list("pk", flat=True) if key not in written]
    if not keys:
        return None
    part = Part(month, len(parts) + 1)
    manifest = archive.write(part, keys)
    archive.check(part, manifest)
    return _record(Act.EXPORT, part, manifest, len(keys), by)


def exports(month: date | None = None) -> QuerySet[ArchiveRecord]:
    """The parts that were written, of one month or of all, oldest first."""
    found = ArchiveRecord.objects.filter(act=Act.EXPORT).order_by("month", "part")
    return found.filter(month=month) if month else found


@transaction.atomic
def remove_part(*, record: ArchiveRecord, by: By) -> int:
    """Removes the live orders of an exported part that nothing else refers to; returns how many. Their numbers and hashes stay.

    The files are checked first. Raises Unproven, and Refusal where an event is not sealed yet.
    """
    _unlimited()
    part = Part(record.month, record.part)
    archive.check(part, record.manifest)
    keys = sorted(_unheld(_unchanged(part)))
    _check_sealed(keys)
    deletions = [
        f'DELETE FROM "{model._meta.db_table}" WHERE "{key}" = ANY(%(keys)s)'  # noqa: S608
        for model, key, _order in TABLES[::-1]
    ]
    with connection.cursor() as cursor:
        for sql in (*STUBS, *deletions):
            cursor.execute(sql, {"keys": keys, "record": record.pk, "at": clock.now()})
    if keys:
        _record(Act.REMOVE, part, {"root": record.manifest["root"]}, len(keys), by)
    return len(keys)


@transaction.atomic
def restore_part(*, record: ArchiveRecord, by: By, number: str = "") -> int:
    """Brings the removed orders of a part back, or only that of `number`; returns how many. Raises Unproven."""
    _unlimited()
    part = Part(record.month, record.part)
    archive.check(part, record.manifest)
    stubs = ArchivedOrder.objects.filter(record=record, **({"number": number} if number else {}))
    ends = {pk: bytes(end) for pk, end in stubs.values_list("pk", "last_hash")}
    archive.copy_back(part, frozenset(ends))
    back = WorkOrder.objects.filter(pk__in=list(ends)).values_list("pk", "last_hash")
    if {pk: bytes(end) for pk, end in back} != ends:
        raise Unproven(_("调回的工单与留下的哈希不符。"))
    ArchivedEvent.objects.filter(order__in=list(ends)).delete()
    stubs.delete()
    if ends:
        _record(Act.RESTORE, part, {"number": number} if number else {}, len(ends), by)
    return len(ends)


def _archived(month: date) -> QuerySet[WorkOrder]:
    begin = month.replace(day=1)
    after = (begin + timedelta(days=31)).replace(day=1)
    bounds = [datetime.combine(day, time(), ZONE) for day in (begin, after)]
    return WorkOrder.objects.filter(state=State.ARCHIVED, received_at__gte=bounds[0], received_at__lt=bounds[1])


def _unchanged(part: Part) -> set[int]:
    """The live orders of a part that end as they were written; after archiving nothing moves an order, so all do."""
    written = dict(archive.ends(part))
    live = WorkOrder.objects.filter(pk__in=list(written), state=State.ARCHIVED).values_list("pk", "last_hash")
    return {key for key, end in live if bytes(end) == written[key]}


def _unheld(keys: set[int]) -> set[int]:
    """Those that no row outside the archive's tables refers to, and that no order which stays was merged into."""
    own = {model for model, _key, _order in TABLES}
    for relation in WorkOrder._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete or relation.many_to_many or relation.related_model in own:
            continue
        keys = keys - set(_referred(relation.related_model, relation.field, keys))  # type: ignore[union-attr]
    stay = set(
        WorkOrder.objects.filter(parent__in=list(keys)).exclude(pk__in=list(keys)).values_list("parent", flat=True)
    )
    return keys - stay


def _referred(model: Any, field: Any, keys: Iterable[int]) -> QuerySet[Any]:
    found: QuerySet[Any] = model._default_manager.filter(**{f"{field.name}__in": list(keys)})
    return found.values_list(field.attname, flat=True).distinct()


def _check_sealed(keys: list[int]) -> None:
    """Refuses orders of which an event is younger than the last seal: their hashes must be sealed while their events are live."""
    last = Seal.objects.order_by("-hour").first()
    young = WorkOrder.objects.filter(pk__in=keys)
    if last is not None:
        young = young.filter(events__at__gte=last.hour + timedelta(hours=1))
    if young.exists():
        raise Refusal(_("还有事件没有封存，请过一小时再移出。"))


def _record(act: str, part: Part, manifest: dict[str, Any], orders: int, by: By) -> ArchiveRecord:
    root = bytes.fromhex(manifest.get("root", ""))
    return ArchiveRecord.objects.create(
        at=clock.now(), act=act, month=part.month, part=part.part, orders=orders, root=root, manifest=manifest, user_id=by.user_id
    )  # fmt: skip


def _unlimited() -> None:
    """A month takes longer than a page may."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
