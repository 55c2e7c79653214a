# SPDX-License-Identifier: Apache-2.0
"""Plays the stories of one matter: steps of all its orders in order of time, and between them what happens because time has passed."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from rexian.orders.models import Card, WorkOrder
from rexian.orders.workflow import EDGES, ENDED, OPEN, State
from rexian.security.identity import SYSTEM
from rexian.simulation.story import Step, Telling

LATE = timedelta(seconds=30)
"""How long after its moment the worker makes a time-driven move, half a minute in the middle."""


class Writer(Protocol):
    """Writes down what happens: by the real actions, or in bulk."""

    def take(self, order: WorkOrder, step: Step) -> WorkOrder:
        """One step; the order as it then stands."""
        ...

    def present(self, order: WorkOrder) -> WorkOrder:
        """The order as it stands now, whatever other orders of its matter did to it."""
        ...


@dataclass(slots=True)
class Player:
    """One order of a matter: how it is received, its story from then on, and when something happened to it last."""

    at: datetime
    receive: Callable[[], tuple[WorkOrder, Telling]]
    order: WorkOrder | None = None
    telling: Telling | None = None
    step: Step | None = None


def play(writer: Writer, players: list[Player], end: datetime) -> None:
    """Takes every step before `end`. Players stand in order of time, the matter's first one first."""
    waiting = [(player.at, place) for place, player in enumerate(players) if player.at < end]
    while waiting:
        _, place = heapq.heappop(waiting)
        player = players[place]
        _advance(writer, player)
        if player.step is not None and player.step.at < end:
            heapq.heappush(waiting, (player.step.at, place))
    for player in players:
        if player.order is not None:
            _pass_time(writer, player, end)


def _advance(writer: Writer, player: Player) -> None:
    """Receives the order, or takes its waiting step, and asks the story for the next one."""
    if player.order is None or player.telling is None or player.step is None:
        player.order, player.telling = player.receive()
        player.step = next(player.telling, None)
        return
    step, order = player.step, _pass_time(writer, player, player.step.at)
    if not step.optional or _possible(order, step):
        order, player.at = writer.take(order, step), step.at
    player.order = order
    try:
        player.step = player.telling.send(order)
    except StopIteration:
        player.step = None


def _possible(order: WorkOrder, step: Step) -> bool:
    parent = step.data.get("parent")
    return order.state in EDGES[step.edge].sources and (parent is None or parent.state in OPEN)


def _pass_time(writer: Writer, player: Player, until: datetime) -> WorkOrder:
    """The order with the time-driven moves up to a moment; `clocks` would have found each within a minute."""
    assert player.order is not None  # noqa: S101  it has been received
    order = writer.present(player.order)
    while step := _due(order, max(player.at, order.closed_at or player.at), until):
        order, player.at = writer.take(order, step), step.at
    return order


def _due(order: WorkOrder, since: datetime, until: datetime) -> Step | None:
    """The first time-driven move of an order after `since` and before `until`, as orders.clocks would make it."""
    found: Step | None = None
    if order.stage_due_at is not None and not order.stage_reminded:
        when = max(order.stage_due_at, since) + LATE
        if when < until and order.state in ENDED:
            return Step("archive", when, SYSTEM)
        if when < until and order.state == State.RETURNING:
            found = Step("accept_return", when, SYSTEM, {"silent": True})
        elif when < until and order.state in OPEN:
            found = Step("remind", when, SYSTEM)
    card = _card(order, since, until)
    return card if card is not None and (found is None or card.at < found.at) else found


def _card(order: WorkOrder, since: datetime, until: datetime) -> Step | None:
    """The card that is due; a reply that was sent back may leave one overdue, which then comes at once."""
    if order.state not in EDGES["yellow"].sources or order.due_at is None or order.warn_at is None:
        return None
    if order.card == Card.NONE and (when := max(order.warn_at, since) + LATE) < min(until, order.due_at):
        return Step("yellow", when, SYSTEM)
    if order.card < Card.RED and (when := max(order.due_at, since) + LATE) < until:
        return Step("red", when, SYSTEM)
    return None
