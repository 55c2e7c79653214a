# SPDX-License-Identifier: Apache-2.0
"""Intake and acceptance."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from rexian.directory import clock
from rexian.directory.inserting import insert_together, new
from rexian.directory.models import Area, Category, Citizen
from rexian.directory.queries import city
from rexian.directory.searching import vector
from rexian.orders import chain, limits, numbers
from rexian.orders.actions.moving import begin, check_required, event, finish
from rexian.orders.models import OrderEvent, WorkOrder
from rexian.orders.workflow import EDGES, State
from rexian.security.errors import Forbidden, Refusal
from rexian.security.identity import By
from rexian.security.models import User

TITLE = 40
TEXT = 10_000
EMERGENCY = ("110", "119", "120", "122")


@dataclass(slots=True)
class Request:
    """A request (诉求) as it comes in: what the citizen said and what the machines made of it.

    `tokens` are the search words of the text in order; `proposal` is kept as given, in JSON types.
    """

    text: str
    channel: str
    kind: str
    urgency: str = "normal"
    title: str = ""
    who: str = ""
    telephone: str = ""
    address: str = ""
    happened: str = ""
    cause: str = ""
    area: Area | None = None
    longitude: float | None = None
    latitude: float | None = None
    category: Category | None = None
    citizen: Citizen | None = None
    confidential: bool = False
    danger: str = ""
    proposal: dict[str, Any] | None = None
    fingerprint: bytes | None = None
    tokens: list[str] = field(default_factory=list)
    query_code: bytes | None = None


@transaction.atomic
def submit(*, request: Request, by: By, accept: bool = False) -> WorkOrder:
    """A new order from a request; `accept` also accepts it, as an agent does on the telephone."""
    return enter(request=request, by=by, accept=accept)


def enter(
    *, request: Request, by: By, accept: bool = False, beside: Callable[[WorkOrder], list[Model]] = lambda order: []
) -> WorkOrder:
    """As `submit`, inside the transaction of intake, in two round trips: without a savepoint of its own, and with the rows that
    `beside` makes for the order written in the same statement."""
    check_required(EDGES["submit"], {"text": request.text})
    if len(request.text) > TEXT:
        raise Refusal(
            _("诉求内容最多 %(most)s 字，现在 %(now)s 字。") % {"most": TEXT, "now": len(request.text)}, field="text"
        )
    order = make_order(request)
    events = first_events(order, request, by, accept=accept)
    insert_together([order, *events, *beside(order)])
    if order.confidential and by.user_id:
        order.named.add(by.user_id)
    return order


SAME = (
    *("text", "channel", "kind", "urgency", "who", "telephone", "address", "happened", "cause", "area", "longitude"),
    *("latitude", "category", "citizen", "confidential", "danger", "proposal", "fingerprint", "query_code"),
)
"""What an order takes over from its request as it is."""


def make_order(request: Request, numbered: tuple[int, str] | None = None) -> WorkOrder:
    """An order of the request with its key, serial and number (the next, unless they were reserved: then without a key), not yet saved."""
    day = clock.today()
    key, serial, number = (None, *numbered) if numbered else numbers.allocate(city().code, day)
    return new(
        WorkOrder,
        id=key,
        number=number,
        serial=serial,
        day=day,
        received_at=clock.now(),
        state=State.SUBMITTED,
        title=request.title or title_of(request.text),
        search=vector(request.tokens) or None,
        **{name: getattr(request, name) for name in SAME},
    )


def first_events(order: WorkOrder, request: Request, by: By, *, accept: bool) -> list[OrderEvent]:
    """The events with which a new order begins, not yet saved; with `accept` the order is then accepted."""
    events = [_submitted(order, request, by)]
    if accept:
        order.accepted_at, order.state = clock.now(), State.ACCEPTED
        events.append(event(order, "accept", by=by, source=State.SUBMITTED, data=accepted_data(order)))
    order.stage_due_at = limits.stage_due(order, State(order.state), order.received_at)
    return events


def title_of(text: str) -> str:
    """The first sentence of a text, cut to fit a list."""
    line = text.strip().splitlines()[0]
    for mark in "。！？；":
        line = line.split(mark)[0]
    return line if len(line) <= TITLE else line[: TITLE - 1] + "…"


def _submitted(order: WorkOrder, request: Request, by: By) -> OrderEvent:
    data = {
        "channel": order.channel,
        "kind": order.kind,
        "area": request.area.code if request.area else None,
        "category": request.category.code if request.category else None,
        "danger": order.danger,
        "digest": chain.content_digest(order),
    }
    return event(order, "submit", by=by, source="", data=data)


def accepted_data(order: WorkOrder) -> dict[str, Any]:
    """What the event of an acceptance or a correction says of the order."""
    return {
        "kind": order.kind,
        "urgency": order.urgency,
        "category": order.category.code if order.category else None,
        "area": order.area.code if order.area else None,
    }


def _choices(kind: str | None, urgency: str | None, category: Category | None, area: Area | None) -> dict[str, Any]:
    given = {"kind": kind, "urgency": urgency, "category": category, "area": area}
    return {name: value for name, value in given.items() if value}


@transaction.atomic
def accept(
    *,
    order: WorkOrder,
    by: By,
    kind: str | None = None,
    urgency: str | None = None,
    category: Category | None = None,
    area: Area | None = None,
) -> WorkOrder:
    """Accepts a request, with what was made clearer of it."""
    locked = begin(order, "accept", by=by, kind=kind or order.kind)
    changes = _choices(kind, urgency, category, area)
    for name, value in changes.items():
        setattr(locked, name, value)
    return finish(locked, "accept", by=by, data=accepted_data(locked), accepted_at=clock.now())


@transaction.atomic
def classify(
    *,
    order: WorkOrder,
    by: By,
    kind: str | None = None,
    urgency: str | None = None,
    category: Category | None = None,
    area: Area | None = None,
) -> WorkOrder:
    """Corrects category, kind, urgency or area before dispatch."""
    locked = begin(order, "classify", by=by)
    for name, value in _choices(kind, urgency, category, area).items():
        setattr(locked, name, value)
    return finish(locked, "classify", by=by, data=accepted_data(locked))


@transaction.atomic
def ask_supplement(*, order: WorkOrder, by: By, question: str) -> WorkOrder:
    locked = begin(order, "ask_supplement", by=by, question=question)
    return finish(locked, "ask_supplement", by=by, data={"question": question})


@transaction.atomic
def supplement(*, order: WorkOrder, by: By, text: str) -> WorkOrder:
    locked = begin(order, "supplement", by=by, text=text)
    return finish(locked, "supplement", by=by, data={"text": text})


@transaction.atomic
def add(*, order: WorkOrder, by: By, text: str) -> WorkOrder:
    """Adds what the citizen says later; the first text is never changed."""
    locked = begin(order, "add", by=by, text=text)
    return finish(locked, "add", by=by, data={"text": text})


@transaction.atomic
def refuse(*, order: WorkOrder, by: By, reason: str) -> WorkOrder:
    locked = begin(order, "refuse", by=by, reason=reason)
    return finish(
        locked, "refuse", by=by, data={"reason": reason}, outcome="refused", closed_at=clock.now(), reply_citizen=reason
    )


@transaction.atomic
def appeal(*, order: WorkOrder, by: By, reason: str) -> WorkOrder:
    """Has a refusal looked at again, once."""
    locked = begin(order, "appeal", by=by, reason=reason)
    if locked.events.filter(edge="appeal").exists():
        raise Forbidden(_("这张工单已经申诉过一次。"))
    return finish(locked, "appeal", by=by, data={"reason": reason}, outcome="", closed_at=None)


@transaction.atomic
def answer(*, order: WorkOrder, by: By, reply_citizen: str, reply_public: str = "") -> WorkOrder:
    """Answers at once, without a department."""
    locked = begin(order, "answer", by=by, reply_citizen=reply_citizen)
    now = clock.now()
    return finish(
        locked,
        "answer",
        by=by,
        data={"reply_citizen": reply_citizen, "reply_public": reply_public},
        reply_citizen=reply_citizen,
        reply_public=reply_public,
        outcome="answered",
        accepted_at=locked.accepted_at or now,
        replied_at=now,
        closed_at=now,
    )


@transaction.atomic
def transfer(*, order: WorkOrder, by: By, hotline: str, note: str) -> WorkOrder:
    """Hands an emergency to 110, 119, 120 or 122."""
    locked = begin(order, "transfer", by=by, hotline=hotline, note=note)
    if hotline not in EMERGENCY:
        raise Refusal(_("只能转 110、119、120 或 122。"), field="hotline")
    data = {"hotline": hotline, "note": note}
    return finish(locked, "transfer", by=by, data=data, outcome=f"to {hotline}", closed_at=clock.now())


@transaction.atomic
def make_confidential(*, order: WorkOrder, by: By, named: list[User]) -> WorkOrder:
    """Hides the citizen from everyone but those named; who sets it is named too."""
    locked = begin(order, "make_confidential", by=by)
    ids = sorted({user.pk for user in named} | ({by.user_id} if by.user_id else set()))
    locked.named.set(ids)
    return finish(locked, "make_confidential", by=by, data={"named": ids}, confidential=True, published=False)
