# SPDX-License-Identifier: Apache-2.0
"""The chain of events: each order's events linked by hash, and an hourly seal over all of them.

Intakes never wait for each other: an order has a chain of its own, and the seal is made after the hour is over.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

from django.db import connection, transaction

from rexian.orders.models import NumberDay, OrderEvent, Seal, WorkOrder
from rexian.security import encryption

HOUR = timedelta(hours=1)
SETTLED = timedelta(minutes=5)
"""How long after an hour its last transactions are over (they are cut off after a minute)."""

_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
EVENT_COLUMNS = ("order_id", "seq", "at", "edge", "source", "target", "role", "user_id", "department_id", "data")


def event_hash(previous: bytes, algorithm: str, number: str, columns: Iterable[Any]) -> bytes:
    """The hash of one event; `columns` are EVENT_COLUMNS without the order's id."""
    seq, at, *rest = columns
    content = [number, seq, at.astimezone(UTC).isoformat(timespec="microseconds"), *rest]
    return encryption.digest(previous, _canonical(content).encode(), algorithm=algorithm)


def content_digest(order: WorkOrder) -> str:
    """A keyed digest of what the citizen said, kept in the first event: a changed text or contact is found."""
    said = [order.text, order.who or "", order.telephone or "", order.address or ""]
    return encryption.blind_index(json.dumps(said, ensure_ascii=False), "orders.content").hex()


def link(order: WorkOrder, event: OrderEvent) -> OrderEvent:
    """Gives the event its place and hash in the order's chain, and the order its new end."""
    event.seq = order.last_seq + 1
    event.digest = encryption.digest_name()
    columns = [getattr(event, name) for name in EVENT_COLUMNS[1:]]
    event.hash = event_hash(bytes(order.last_hash), event.digest, order.number, columns)
    order.last_seq, order.last_hash = event.seq, event.hash
    return event


# Seals ---------------------------------------------------------------------------------------------------------------------------------------


def _hashes_of(start: datetime, end: datetime) -> Iterator[tuple[int, bytes]]:
    events = OrderEvent.objects.filter(at__gte=start, at__lt=end).order_by("order_id", "seq")
    for order_id, digest in events.values_list("order_id", "hash").iterator(chunk_size=5000):
        yield order_id, bytes(digest)


def _seal_hash(previous: bytes, algorithm: str, hour: datetime, hashes: Iterable[bytes], rest: list[Any]) -> bytes:
    head = json.dumps([hour.astimezone(UTC).isoformat(), *rest], ensure_ascii=False, sort_keys=True)
    return encryption.digest(previous, head.encode(), *hashes, algorithm=algorithm)


def _voids(after: int, upto: int) -> list[list[Any]]:
    """The serials in (after, upto] that no order and no day's base bears, each with the reason."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s FROM generate_series(%s::bigint, %s::bigint) s "
            "WHERE NOT EXISTS (SELECT 1 FROM orders_workorder o WHERE o.serial = s) "
            "AND NOT EXISTS (SELECT 1 FROM orders_numberday d WHERE d.base = s)",
            [after + 1, upto],
        )
        return [[serial, "受理未完成或数据库中断，号码作废"] for (serial,) in cursor.fetchall()]


@transaction.atomic
def seal(hour: datetime, previous: Seal | None) -> Seal:
    """Seals one hour that is over."""
    rows = list(_hashes_of(hour, hour + HOUR))
    serials = WorkOrder.objects.filter(events__at__gte=hour, events__at__lt=hour + HOUR, events__seq=1)
    last_before = (previous.last_serial if previous else None) or _first_serial() - 1
    last = max(serials.order_by("-serial").values_list("serial", flat=True)[:1], default=last_before)
    last = max(last, last_before)
    voids = _voids(last_before, last)
    algorithm = encryption.digest_name()
    counts: list[Any] = [len(rows), len({order_id for order_id, _ in rows}), last, voids]
    value = _seal_hash(bytes(previous.hash) if previous else b"", algorithm, hour, (h for _, h in rows), counts)
    return Seal.objects.create(
        hour=hour, events=counts[0], orders=counts[1], last_serial=last, voids=voids, digest=algorithm, hash=value
    )


def _first_serial() -> int:
    return NumberDay.objects.order_by("base").values_list("base", flat=True).first() or 1


def seal_due(now: datetime) -> int:
    """Seals every hour that is over and not sealed yet; returns how many. Safe to run twice at once."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('orders.seal'))")
        previous = Seal.objects.order_by("-hour").first()
        first = previous.hour + HOUR if previous else _first_hour()
        done = 0
        while first is not None and first + HOUR + SETTLED <= now:
            previous = seal(first, previous)
            first, done = first + HOUR, done + 1
    return done


def _first_hour() -> datetime | None:
    at = OrderEvent.objects.order_by("at").values_list("at", flat=True).first()
    return at.replace(minute=0, second=0, microsecond=0) if at else None


# Verification --------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in the record that is not as it was written: where, and what."""

    where: str
    what: str


@dataclass(slots=True)
class Verification:
    """What `audit verify` saw: how much it read, and every finding."""

    orders: int
    events: int
    seals: int
    findings: list[Finding]


def verify() -> Verification:
    """Reads the whole record and finds what was changed, removed or reordered."""
    result = Verification(0, 0, 0, [])
    _verify_chains(result)
    _verify_seals(result)
    return result


def _verify_chains(result: Verification) -> None:
    orders = WorkOrder.objects.order_by("id").iterator(chunk_size=2000)
    rows = OrderEvent.objects.order_by("order_id", "seq").values_list(*EVENT_COLUMNS, "digest", "hash")
    grouped = groupby(rows.iterator(chunk_size=5000), key=lambda row: row[0])
    events = next(grouped, None)
    for order in orders:
        chain: list[Any] = []
        if events is not None and events[0] == order.pk:
            chain = list(events[1])
            events = next(grouped, None)
        result.orders += 1
        result.events += len(chain)
        result.findings += [Finding(order.number, what) for what in _check_chain(order, chain)]


def _check_chain(order: WorkOrder, chain: list[Any]) -> Iterator[str]:
    previous, target = b"", ""
    for place, row in enumerate(chain, 1):
        *columns, algorithm, stored = row[1:]
        if columns[0] != place:
            yield f"第 {place} 条事件缺失或次序不对"
            return
        if event_hash(previous, algorithm, order.number, columns) != bytes(stored):
            yield f"第 {place} 条事件被改动"
        previous, target = bytes(stored), columns[4]
    if order.last_seq != len(chain) or bytes(order.last_hash) != previous:
        yield f"事件链应有 {order.last_seq} 条，实有 {len(chain)} 条"
    elif target != order.state:
        yield f"工单状态是 {order.state}，最后一条事件是 {target}"
    if chain and chain[0][9].get("digest") not in (None, content_digest(order)):
        yield "诉求内容或联系方式被改动"


def _verify_seals(result: Verification) -> None:
    previous: Seal | None = None
    for one in Seal.objects.order_by("hour").iterator():
        result.seals += 1
        if previous is not None and one.hour != previous.hour + HOUR:
            result.findings.append(Finding(f"{one.hour:%Y-%m-%d %H:%M}", "之前的封存缺失"))
        rows = list(_hashes_of(one.hour, one.hour + HOUR))
        counts: list[Any] = [len(rows), len({order_id for order_id, _ in rows}), one.last_serial, one.voids]
        before = bytes(previous.hash) if previous else b""
        if _seal_hash(before, one.digest, one.hour, (h for _, h in rows), counts) != bytes(one.hash):
            what = f"封存时有 {one.orders} 张工单 {one.events} 条事件，现在是 {counts[1]} 张 {counts[0]} 条"
            result.findings.append(Finding(f"{one.hour:%Y-%m-%d %H:%M}", what))
        previous = one
    result.findings += [Finding(str(serial), "号码没有工单，也没有作废记录") for serial in _unexplained(previous)]


def _unexplained(last: Seal | None) -> list[int]:
    if last is None or last.last_serial is None:
        return []
    known = {serial for voids in Seal.objects.exclude(voids=[]).values_list("voids", flat=True) for serial, _ in voids}
    return [serial for serial, _ in _voids(_first_serial() - 1, last.last_serial) if serial not in known]
