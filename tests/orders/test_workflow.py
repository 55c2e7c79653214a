# SPDX-License-Identifier: Apache-2.0
"""The workflow table hangs together, and the actions are its edges."""

import inspect

import pytest

from rexian.orders import actions, labels
from rexian.orders.workflow import EDGES, ENDED, OPEN, State, edges_from
from rexian.security.posts import Outsider, Post
from rexian.web.work.acts import ACTS

DONE_BY_RULES = {"close_with_parent", "remind", "yellow", "red", "archive", "submit", "rate", "attach"}
"""Edges that no member of staff takes from the order page."""


def test_every_state_is_reached_and_left() -> None:
    reached, queue = set(), [State.SUBMITTED]
    while queue:
        state = queue.pop()
        reached.add(state)
        queue += [e.target for e in EDGES.values() if state in e.sources and e.target and e.target not in reached]
    assert reached == set(State)
    left = {state for edge in EDGES.values() for state in edge.sources if edge.target}
    assert set(State) - left == {State.ARCHIVED}


def test_open_and_ended_states_are_all_there_are() -> None:
    assert OPEN | ENDED | {State.MERGED, State.ARCHIVED} == set(State)
    assert not OPEN & ENDED


@pytest.mark.parametrize("edge", EDGES.values(), ids=lambda edge: edge.name)
def test_every_edge_has_a_reason_people_a_name_and_an_action(edge: object) -> None:
    name = edge.name
    assert len(edge.why) >= 6
    assert edge.who
    assert name in labels.EDGES
    assert {field for field in edge.requires if field != "publish"} <= labels.FIELDS.keys()
    if name != "close_with_parent":
        signature = inspect.signature(getattr(actions, name))
        assert all(one.kind is inspect.Parameter.KEYWORD_ONLY for one in signature.parameters.values())
        assert "by" in signature.parameters
        taken = set(signature.parameters) | set(getattr(actions.Request, "__dataclass_fields__", ()))
        assert set(edge.requires) <= taken, "what the edge requires is what its action takes"


def test_staff_can_take_every_edge_from_the_order_page() -> None:
    by_staff = {edge.name for edge in EDGES.values() if edge.who - set(Outsider)}
    assert by_staff - DONE_BY_RULES <= set(ACTS)


@pytest.mark.parametrize("post", Post)
def test_posts_without_business_with_orders_take_no_edge(post: Post) -> None:
    idle = {Post.EDITOR, Post.INSPECTOR, Post.ANALYST, Post.STEWARD, Post.ADMINISTRATOR}
    assert any(edges_from(state, post) for state in State) != (post in idle)


def test_only_designation_ends_the_quarrel() -> None:
    """Practice: after three dispatches the hotline designates, and no post of a department may do that."""
    assert EDGES["designate"].who == {Post.DISPATCHER, Post.SUPERVISOR}
    assert "reason" in EDGES["designate"].requires
