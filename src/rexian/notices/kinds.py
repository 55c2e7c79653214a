# SPDX-License-Identifier: Apache-2.0
"""Whom an event of an order needs, as one table: the desk, and what it is told. Pure: no Django beyond names, no database.

Sources: the limits, cards, returns and visits of the rule packs, whose edges are in `orders.workflow`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rexian.orders.workflow import AT_DEPARTMENT, BEFORE_DISPATCH, State
from rexian.security.posts import DEPARTMENT_POSTS, Outsider, Post


class Kind(StrEnum):
    """What one is told of."""

    DANGER = "danger"
    CARD = "card"
    INSTRUCTION = "instruction"
    URGED = "urged"
    RETURNED = "returned"
    NEAR = "near"
    SUPPLEMENT = "supplement"
    DECIDED = "decided"
    NEW = "new"
    REVIEW = "review"
    VISIT = "visit"
    RISING = "rising"
    ARTICLE = "article"
    EXPIRING = "expiring"


class Desk(StrEnum):
    """Who is told: those of some posts, those of the order's department, or the agent who took the order down."""

    DISPATCH = "dispatch"
    REVIEW = "review"
    VISIT = "visit"
    WATCH = "watch"
    DEPARTMENT = "department"
    TAKER = "taker"
    ALARM = "alarm"
    LIBRARY = "library"
    EDITOR = "editor"


POSTS: dict[Desk, frozenset[Post]] = {
    Desk.DISPATCH: frozenset({Post.DISPATCHER}),
    Desk.REVIEW: frozenset({Post.DISPATCHER, Post.SUPERVISOR}),
    Desk.VISIT: frozenset({Post.VISITOR}),
    Desk.WATCH: frozenset({Post.SUPERVISOR, Post.LEADER}),
    Desk.DEPARTMENT: DEPARTMENT_POSTS,
    Desk.TAKER: frozenset({Post.AGENT}),
    Desk.ALARM: frozenset({Post.SUPERVISOR, Post.LEADER, Post.DISPATCHER}),
    Desk.LIBRARY: frozenset({Post.EDITOR, Post.SUPERVISOR}),
    Desk.EDITOR: frozenset({Post.EDITOR}),
}
NEEDED: tuple[Post, ...] = tuple(post for post in Post if any(post in posts for posts in POSTS.values()))
"""Posts that anything is told to."""
ALWAYS = frozenset({Kind.DANGER})
"""What nobody can choose not to be told."""
COUNTED = frozenset({Kind.REVIEW, Kind.VISIT})
"""Thousands a day: the count beside the list tells them, and one by one only to who chooses so."""


BESIDE: dict[Kind, frozenset[Desk]] = {
    Kind.RISING: frozenset({Desk.ALARM}),
    Kind.ARTICLE: frozenset({Desk.LIBRARY}),
    Kind.EXPIRING: frozenset({Desk.EDITOR, Desk.DEPARTMENT}),
}
"""What is told of other things than orders, and to which desks; the apps say when (`telling.py`)."""


@dataclass(frozen=True, slots=True)
class Need:
    """One desk that is told, and what."""

    desk: Desk
    kind: Kind


HOLDER = None
"""In the table: whoever has the order in the state that it is in after the event."""
RULES: dict[str, tuple[tuple[Kind, Desk | None], ...]] = {
    "supplement": ((Kind.SUPPLEMENT, Desk.DISPATCH), (Kind.SUPPLEMENT, Desk.TAKER)),
    "ask_supplement": ((Kind.SUPPLEMENT, Desk.TAKER),),
    "add": ((Kind.SUPPLEMENT, HOLDER),),
    "refuse": ((Kind.DECIDED, Desk.TAKER),),
    "appeal": ((Kind.RETURNED, Desk.DISPATCH),),
    "reopen": ((Kind.RETURNED, Desk.DISPATCH),),
    "dispatch": ((Kind.NEW, Desk.DEPARTMENT),),
    "designate": ((Kind.NEW, Desk.DEPARTMENT),),
    "ask_return": ((Kind.RETURNED, Desk.REVIEW),),
    "accept_return": ((Kind.RETURNED, Desk.DISPATCH),),
    "refuse_return": ((Kind.RETURNED, Desk.DEPARTMENT),),
    "ask_extension": ((Kind.RETURNED, Desk.REVIEW),),
    "grant_extension": ((Kind.DECIDED, Desk.DEPARTMENT),),
    "deny_extension": ((Kind.DECIDED, Desk.DEPARTMENT),),
    "reply": ((Kind.REVIEW, Desk.REVIEW),),
    "approve": ((Kind.VISIT, Desk.VISIT),),
    "send_back": ((Kind.RETURNED, Desk.DEPARTMENT),),
    "redo": ((Kind.RETURNED, Desk.DEPARTMENT),),
    "remind": ((Kind.NEAR, HOLDER),),
    "urge": ((Kind.URGED, HOLDER),),
    "yellow": ((Kind.CARD, Desk.DEPARTMENT),),
    "red": ((Kind.CARD, Desk.DEPARTMENT), (Kind.CARD, Desk.WATCH)),
    "supervise": ((Kind.INSTRUCTION, Desk.DEPARTMENT),),
}


def holder(state: str) -> Desk | None:
    """The desk that has an order in a state; None where it has ended."""
    if state in BEFORE_DISPATCH:
        return Desk.DISPATCH
    if state in (State.RETURNING, State.REVIEWING):
        return Desk.REVIEW
    if state in AT_DEPARTMENT:
        return Desk.DEPARTMENT
    return Desk.VISIT if state in (State.VISITING, State.CLOSING) else None


def needs(edge: str, target: str, role: str, data: Mapping[str, Any], *, danger: bool) -> tuple[Need, ...]:
    """Whom an event needs. `target` is the state after it, `role` who took it, `danger` whether the order is of danger to life."""
    if _alarming(edge, data):
        return (Need(Desk.DISPATCH, Kind.DANGER), Need(Desk.WATCH, Kind.DANGER))
    if edge == "attach" and role == Outsider.CITIZEN:
        edge = "add"
    found = []
    for kind, desk in RULES.get(edge, ()):
        told = desk or holder(target)
        if told is not None:
            found.append(Need(told, Kind.DANGER if danger and kind is Kind.NEW else kind))
    return tuple(found)


def _alarming(edge: str, data: Mapping[str, Any]) -> bool:
    """Whether danger to life came to light with this event: in what the citizen said, or by who read it."""
    return (edge == "submit" and bool(data.get("danger"))) or (edge == "classify" and data.get("urgency") == "danger")
