# SPDX-License-Identifier: Apache-2.0
"""How many orders wait in each list of work, and which events bring one into a list or take one out."""

from rexian.notices.happening import Happened
from rexian.orders.workflow import AT_DEPARTMENT, State
from rexian.security.identity import By
from rexian.web.work.queues import QUEUES

WAITS: dict[str, frozenset[State]] = {
    "dispatch": frozenset({State.SUBMITTED, State.ACCEPTED}),
    "disputes": frozenset({State.RETURNING}),
    "reviews": frozenset({State.REVIEWING}),
    "inbox": AT_DEPARTMENT,
    "visits": frozenset({State.VISITING, State.CLOSING}),
    "late": frozenset(),
}
"""The lists that say how many wait, each with the states of its orders."""
BRINGS = {"ask_extension": "disputes", "red": "late"}
"""Events that bring an order into a list although its state stays."""
TAKES = {"grant_extension": "disputes", "deny_extension": "disputes"}
MOST = 1_000
"""Beyond this many a list is not counted on."""


def lists_of(by: By) -> list[str]:
    return [slug for slug in WAITS if by.role in QUEUES[slug].posts]


def counts(by: By) -> dict[str, int]:
    """How many orders wait in each of `by`'s lists, at the most MOST; by the same reads as the lists themselves."""
    return {slug: QUEUES[slug].rows(by)[:MOST].count() for slug in lists_of(by)}


def brought(one: Happened) -> frozenset[str]:
    """The lists into which an event brought its order."""
    entered = {slug for slug, states in WAITS.items() if one.target in states and one.source not in states}
    return frozenset(entered | {BRINGS[one.edge]} if one.edge in BRINGS else entered)


def touched(one: Happened) -> frozenset[str]:
    """The lists whose count an event may have changed."""
    left = {slug for slug, states in WAITS.items() if (one.source in states) != (one.target in states)}
    moved = {sides[one.edge] for sides in (BRINGS, TAKES) if one.edge in sides}
    return frozenset(left | moved)
