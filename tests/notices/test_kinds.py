# SPDX-License-Identifier: Apache-2.0
"""The table of whom an event needs fits the workflow, and reaches those who have the order."""

import pytest

from rexian.notices.kinds import BESIDE, NEEDED, POSTS, RULES, Desk, Kind, Need, holder, needs
from rexian.orders.workflow import EDGES, ENDED, OPEN, State
from rexian.security.posts import Outsider, Post


def test_every_rule_names_an_edge_of_the_workflow_and_every_kind_has_one() -> None:
    assert set(RULES) <= set(EDGES)
    assert {kind for rules in RULES.values() for kind, _desk in rules} == set(Kind) - {Kind.DANGER} - set(BESIDE)
    assert set(POSTS) == set(Desk)
    assert Post.STEWARD not in NEEDED


@pytest.mark.parametrize("state", list(State))
def test_somebody_has_every_open_order_and_nobody_one_that_has_ended(state: State) -> None:
    assert (holder(state) is not None) == (state in OPEN)
    if state in ENDED:
        assert needs("urge", state, Outsider.CITIZEN, {}, danger=False) == ()


@pytest.mark.parametrize(
    ("edge", "target", "expected"),
    [
        ("urge", State.SUBMITTED, {Need(Desk.DISPATCH, Kind.URGED)}),
        ("urge", State.HANDLING, {Need(Desk.DEPARTMENT, Kind.URGED)}),
        ("add", State.VISITING, {Need(Desk.VISIT, Kind.SUPPLEMENT)}),
        ("red", State.HANDLING, {Need(Desk.DEPARTMENT, Kind.CARD), Need(Desk.WATCH, Kind.CARD)}),
        ("supervise", State.HANDLING, {Need(Desk.DEPARTMENT, Kind.INSTRUCTION)}),
        ("reply", State.REVIEWING, {Need(Desk.REVIEW, Kind.REVIEW)}),
        ("send_back", State.HANDLING, {Need(Desk.DEPARTMENT, Kind.RETURNED)}),
        ("sign", State.HANDLING, set()),
        ("submit", State.SUBMITTED, set()),
    ],
)
def test_who_is_told(edge: str, target: State, expected: set[Need]) -> None:
    assert set(needs(edge, target, Outsider.CITIZEN, {}, danger=False)) == expected


def test_danger_to_life_is_told_at_once_to_dispatchers_and_who_watches_then_to_the_department() -> None:
    alarm = {Need(Desk.DISPATCH, Kind.DANGER), Need(Desk.WATCH, Kind.DANGER)}
    assert set(needs("submit", State.SUBMITTED, Outsider.CITIZEN, {"danger": "煤气"}, danger=True)) == alarm
    assert set(needs("classify", State.ACCEPTED, Post.AGENT, {"urgency": "danger"}, danger=True)) == alarm
    sent = needs("dispatch", State.DISPATCHED, Post.DISPATCHER, {}, danger=True)
    assert sent == (Need(Desk.DEPARTMENT, Kind.DANGER),)


def test_a_file_from_the_citizen_is_a_supplement_and_one_from_the_department_is_not() -> None:
    assert needs("attach", State.HANDLING, Outsider.CITIZEN, {}, danger=False) != ()
    assert needs("attach", State.HANDLING, Post.CLERK, {}, danger=False) == ()
