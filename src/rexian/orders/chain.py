# SPDX-License-Identifier: Apache-2.0
"""The chain of events: each order's events linked by hash, and an hourly seal over all of them.

Intakes never wait for each other: an order has a chain of its own, and the seal is made after the hour is over.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from json.encoder import encode_basestring
from operator import attrgetter, itemgetter
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Exists, F, Max, Min, OuterRef

from rexian.directory.queries import kept
from rexian.orders.models import ArchivedEvent, ArchivedOrder, NumberDay, OrderEvent, Seal, WorkOrder
from rexian.orders.processes import spread
from rexian.security import encryption

HOUR = timedelta(hours=1)
CUT_OFF = timedelta(seconds=70)
"""Age of an event from which no smaller key can still come: keys are given out before their transactions commit, and these end within a minute."""
SETTLED = timedelta(minutes=5)
"""How long after an hour its last transactions are over (they are cut off after a minute)."""
VOID = "受理未完成或数据库中断，号码作废"

_plain = json.JSONEncoder(ensure_ascii=False).encode
canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
"""The one written form of JSON: what is hashed is what is stored."""
EVENT_COLUMNS = ("order_id", "seq", "at", "edge", "source", "target", "role", "user_id", "department_id", "data")
_repeating = attrgetter(*EVENT_COLUMNS[3:-1])


@lru_cache(4096)
def _told(*columns: str | int | None) -> str:
    """The columns that repeat from event to event, written as the inner part of a list."""
    return canonical(columns)[1:-1]


def written(moment: datetime) -> str:
    """A moment as the chain writes it: UTC, with microseconds."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def event_hash(previous: bytes, algorithm: str, number: str, columns: Sequence[Any], data: str) -> bytes:
    """The hash of one event: the digest of the hash before and of `[number, *columns, data]` as canonical JSON.

    `columns` are EVENT_COLUMNS without the order's id and the data, the moment `written`; `data` is canonical already.
    """
    seq, when, *rest = columns
    content = f'[{encode_basestring(number)},{seq},"{when}",{_told(*rest)},{data}]'
    return encryption.digest(previous, content.encode(), algorithm=algorithm)


def content_digest(order: WorkOrder) -> str:
    """A keyed digest of what the citizen said, kept in the first event: a changed text or contact is found."""
    return digest_of((order.text, order.who or "", order.telephone or "", order.address or ""))


def digest_of(said: Sequence[str]) -> str:
    """The keyed digest of text, name, telephone and address."""
    return encryption.blind_index(_plain(said), "orders.content").hex()


def sealed_until() -> datetime | None:
    """The end of the last sealed hour; kept in memory for seconds, far less than an hour waits for its seal."""
    last = kept("sealed", lambda: Seal.objects.order_by("-hour").values_list("hour", flat=True).first())
    return last + HOUR if last is not None else None


def link(order: WorkOrder, event: OrderEvent) -> OrderEvent:
    """Gives the event its place and hash in the order's chain, and the order its new end."""
    event.seq = order.last_seq + 1
    event.digest = encryption.digest_name()
    columns = (event.seq, written(event.at), *_repeating(event))
    event.hash = event_hash(bytes(order.last_hash), event.digest, order.number, columns, canonical(event.data))
    order.last_seq, order.last_hash = event.seq, event.hash
    return event


# Seals ---------------------------------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Hour:
    """What happened in one hour: how many events of how many orders, the last serial given out, and the hashes of the events on end, in the
    order of (order, seq)."""

    start: datetime
    events: int = 0
    orders: int = 0
    last_serial: int = 0
    hashes: bytes = b""


EVENTS_OF_SPAN = """
SELECT date_bin('1 hour', e.at, %(start)s), count(*), count(DISTINCT e.order_id),
  coalesce(max(CASE WHEN e.seq = 1 THEN (SELECT o.serial FROM orders_workorder o WHERE o.id = e.order_id) END), 0),
  string_agg(e.hash, ''::bytea ORDER BY e.order_id, e.seq)
FROM (SELECT order_id, seq, at, hash FROM orders_orderevent WHERE at >= %(start)s AND at < %(end)s
      UNION ALL SELECT order_id, seq, at, hash FROM orders_archivedevent WHERE at >= %(start)s AND at < %(end)s) e
GROUP BY 1
"""
"""By hour live events and, of archived orders, what is kept of theirs; serials of live orders only, since what is archived was sealed long ago.

The database puts the hashes on end: handed over one by one they take ten times as long.
"""


def read(sql: str, given: Any) -> Iterator[tuple[Any, ...]]:
    """The rows of a query, read from the database in parts; must be used inside a transaction."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, given)
        while rows := cursor.fetchmany(2000):
            yield from rows


def _hours(start: datetime, end: datetime) -> Iterator[Hour]:
    """Every hour from `start` up to `end`, empty ones too."""
    with connection.cursor() as cursor:
        cursor.execute(EVENTS_OF_SPAN, {"start": start, "end": end})
        told = {row[0]: Hour(*row) for row in cursor.fetchall()}
    for place in range((end - start) // HOUR):
        hour = start + HOUR * place
        yield told.get(hour) or Hour(hour)


def _seal_hash(previous: bytes, algorithm: str, hour: Hour, last_serial: int | None, voids: list[Any]) -> bytes:
    counts = [hour.events, hour.orders, last_serial, voids]
    head = json.dumps([hour.start.astimezone(UTC).isoformat(), *counts], ensure_ascii=False, sort_keys=True)
    return encryption.digest(previous, head.encode(), hour.hashes, algorithm=algorithm)


def _voids(after: int, upto: int) -> list[int]:
    """The serials in (after, upto] that no order and no day's base bears."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s FROM generate_series(%s::bigint, %s::bigint) s "
            "WHERE NOT EXISTS (SELECT 1 FROM orders_workorder o WHERE o.serial = s) "
            "AND NOT EXISTS (SELECT 1 FROM orders_archivedorder a WHERE a.serial = s) "
            "AND NOT EXISTS (SELECT 1 FROM orders_numberday d WHERE d.base = s)",
            [after + 1, upto],
        )
        return [serial for (serial,) in cursor.fetchall()]


def _seal(hours: Iterable[Hour], previous: Seal | None) -> list[Seal]:
    """Seals hours that are over, each chained to the one before; not yet saved."""
    hours, algorithm = list(hours), encryption.digest_name()
    before = (previous.last_serial if previous else None) or _first_serial() - 1
    missing = _voids(before, max(before, *(hour.last_serial for hour in hours)))
    made: list[Seal] = []
    value = bytes(previous.hash) if previous else b""
    for hour in hours:
        last = max(before, hour.last_serial)
        voids = [[serial, VOID] for serial in missing if before < serial <= last]
        value = _seal_hash(value, algorithm, hour, last, voids)
        counts = {"events": hour.events, "orders": hour.orders}
        made.append(Seal(hour=hour.start, **counts, last_serial=last, voids=voids, digest=algorithm, hash=value))
        before = last
    return made


def _first_serial() -> int:
    return NumberDay.objects.order_by("base").values_list("base", flat=True).first() or 1


def seal_due(now: datetime) -> int:
    """Seals every hour that is over and not sealed yet, a day of them at a time; returns how many. Safe to run twice at once."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('orders.seal'))")
        previous = Seal.objects.order_by("-hour").first()
        first = previous.hour + HOUR if previous else _first_hour()
        done = 0
        while first is not None and (count := min(24, (now - SETTLED - first) // HOUR)) > 0:
            made = Seal.objects.bulk_create(_seal(_hours(first, first + HOUR * count), previous))
            previous, first, done = made[-1], first + HOUR * count, done + count
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

    orders: int = 0
    events: int = 0
    seals: int = 0
    archived: int = 0
    findings: list[Finding] = field(default_factory=list)

    def add(self, other: "Verification") -> None:
        self.orders += other.orders
        self.events += other.events
        self.seals += other.seals
        self.findings += other.findings


ORDERS_OF_JOB = 10_000
SEALS_OF_JOB = 24 * 7


def verify(processes: int = 1) -> Verification:
    """Reads the whole record, over several processes where asked to, and finds what was changed, removed or reordered.

    Each process holds one order's events and one hour's hashes at a time.
    """
    result = Verification()
    for part in spread(_verify_chains, _spans(WorkOrder, ORDERS_OF_JOB), processes):
        result.add(part)
    for part in spread(_verify_seals, _spans(Seal, SEALS_OF_JOB), processes):
        result.add(part)
    _verify_stubs(result)
    last = Seal.objects.order_by("-hour").first()
    result.findings += [Finding(str(serial), "号码没有工单，也没有作废记录") for serial in _unexplained(last)]
    return result


def _spans(model: type[WorkOrder] | type[Seal], size: int) -> list[tuple[int, int]]:
    """The table's primary keys cut into spans [first, after)."""
    keys = model._default_manager.aggregate(first=Min("pk"), last=Max("pk"))
    if keys["first"] is None:
        return []
    return [(start, start + size) for start in range(keys["first"], keys["last"] + 1, size)]


ORDER = ("id", "number", "state", "last_seq", "last_hash", "text", "who", "telephone", "address")
EVENT = (*EVENT_COLUMNS, "digest", "hash")
ORDERS = f"SELECT {', '.join(ORDER)} FROM orders_workorder WHERE id >= %s AND id < %s ORDER BY id"  # noqa: S608
EVENTS = (
    f"SELECT {', '.join(EVENT)} FROM orders_orderevent WHERE order_id >= %s AND order_id < %s ORDER BY order_id, seq"  # noqa: S608
)


@transaction.atomic
def _verify_chains(span: tuple[int, int]) -> Verification:
    return check_chains(read(ORDERS, span), read(EVENTS, span))


def check_chains(orders: Iterable[tuple[Any, ...]], events: Iterable[tuple[Any, ...]]) -> Verification:
    """The chains of orders (columns ORDER, by id) with their events (columns EVENT, by order and seq).

    Events without an order cannot be: a foreign key holds that, and the seals.
    """
    result = Verification()
    grouped = groupby(events, key=itemgetter(0))
    following = next(grouped, None)
    for row in orders:
        order, chain = Told.of(row), []
        if following is not None and following[0] == row[0]:
            chain = list(following[1])
            following = next(grouped, None)
        result.orders += 1
        result.events += len(chain)
        result.findings += [Finding(order.number, what) for what in _check_chain(order, chain)]
    return result


@dataclass(frozen=True, slots=True)
class Told:
    """What of an order its chain vouches for; `said` is its text and contacts in plain."""

    number: str
    state: str
    last_seq: int
    last_hash: bytes
    said: tuple[str, str, str, str]

    @classmethod
    def of(cls, row: tuple[Any, ...]) -> "Told":
        _, number, state, last_seq, last_hash, text, *sealed = row
        plain = (
            encryption.decrypt(bytes(value), f"orders.workorder.{name}") if value is not None else ""
            for name, value in zip(("who", "telephone", "address"), sealed, strict=True)
        )
        return cls(number, state, last_seq, bytes(last_hash), (text, *plain))


def _check_chain(order: Told, chain: list[Any]) -> Iterator[str]:
    previous, target = b"", ""
    first: dict[str, Any] = {}
    for place, row in enumerate(chain, 1):
        seq, at, *rest, data, algorithm, stored = row[1:]
        told = json.loads(data)
        first = first or told
        if seq != place:
            yield f"第 {place} 条事件缺失或次序不对"
            return
        columns = (seq, written(at), *rest)
        if event_hash(previous, algorithm, order.number, columns, canonical(told)) != bytes(stored):
            yield f"第 {place} 条事件被改动"
        previous, target = bytes(stored), rest[2]
    if order.last_seq != len(chain) or order.last_hash != previous:
        yield f"事件链应有 {order.last_seq} 条，实有 {len(chain)} 条"
    elif target != order.state:
        yield f"工单状态是 {order.state}，最后一条事件是 {target}"
    if chain and first.get("digest") not in (None, digest_of(order.said)):
        yield "诉求内容或联系方式被改动"


@transaction.atomic
def _verify_seals(span: tuple[int, int]) -> Verification:
    """A span of seals against the events of their hours and the seal before each."""
    result = Verification()
    seals = list(Seal.objects.filter(pk__gte=span[0], pk__lt=span[1]).order_by("hour"))
    previous = Seal.objects.filter(hour__lt=seals[0].hour).order_by("-hour").first() if seals else None
    hours = _hours(seals[0].hour, seals[-1].hour + HOUR) if seals else iter(())
    for one in seals:
        result.seals += 1
        if previous is not None and one.hour != previous.hour + HOUR:
            result.findings.append(Finding(f"{one.hour:%Y-%m-%d %H:%M}", "之前的封存缺失"))
        hour = next(each for each in hours if each.start == one.hour)
        before = bytes(previous.hash) if previous else b""
        if _seal_hash(before, one.digest, hour, one.last_serial, one.voids) != bytes(one.hash):
            what = f"封存时有 {one.orders} 张工单 {one.events} 条事件，现在是 {hour.orders} 张 {hour.events} 条"
            result.findings.append(Finding(f"{one.hour:%Y-%m-%d %H:%M}", what))
        previous = one
    return result


def _verify_stubs(result: Verification) -> None:
    """What is kept of archived orders: as many events as there were, ending in the hash that the order ended in."""
    ends = ArchivedEvent.objects.filter(order=OuterRef("pk"), seq=OuterRef("last_seq"), hash=OuterRef("last_hash"))
    stubs = ArchivedOrder.objects.annotate(whole=Exists(ends), kept=Count("events"))
    result.archived = ArchivedOrder.objects.count()
    broken = stubs.exclude(whole=True, kept=F("last_seq")).values_list("number", flat=True)
    result.findings += [Finding(number, "入档工单留下的事件哈希不全") for number in broken]


def _unexplained(last: Seal | None) -> list[int]:
    if last is None or last.last_serial is None:
        return []
    known = {serial for voids in Seal.objects.exclude(voids=[]).values_list("voids", flat=True) for serial, _ in voids}
    return [serial for serial in _voids(_first_serial() - 1, last.last_serial) if serial not in known]
