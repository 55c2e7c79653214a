# SPDX-License-Identifier: Apache-2.0
"""Whom of those at a desk an event concerns: by post, department and area, as `orders.access.visible` has it. Pure."""

from dataclasses import replace

from rexian.notices.happening import Happened
from rexian.notices.kinds import POSTS, Desk, Kind, Need
from rexian.security.identity import By
from rexian.security.posts import Post


def scope_of(by: By) -> By:
    """What of an actor decides what is seen: colleagues with the same scope see the same."""
    own = by.user_id if by.role is Post.AGENT else None
    return replace(by, name="", user_id=own, department_id=None)


def within(scope: By, one: Happened) -> bool:
    """Whether the event's order lies in the departments and areas of a scope. An order that a department has lost counts: its list changed."""
    if scope.departments is not None and not scope.departments & one.ever:
        return False
    return scope.areas is None or not one.area or one.area.startswith(scope.areas)


def told(scope: By, one: Happened) -> list[Kind]:
    """What those of a scope are told of the event."""
    return [need.kind for need in one.needs if scope.role in POSTS[need.desk] and _addressed(scope, one, need)]


def _addressed(scope: By, one: Happened, need: Need) -> bool:
    if need.desk is Desk.DEPARTMENT:
        return bool((scope.departments or frozenset()) & one.held)
    return need.desk is not Desk.TAKER or (one.taker is not None and one.taker == scope.user_id)
