# SPDX-License-Identifier: Apache-2.0
"""The pages of notices: the list, what was read, how one is told, and the counts for who has no stream."""

import json

import pytest
from django.test import Client, override_settings

from rexian.notices import actions, queries
from rexian.notices.happening import Happened
from rexian.notices.kinds import Desk, Kind, Need
from rexian.notices.models import Choice
from rexian.orders import actions as orders
from rexian.security.identity import CITIZEN, By
from rexian.security.posts import Post
from rexian.web.notices.concerning import scope_of, told, within
from rexian.web.notices.counts import WAITS, brought, counts, touched
from rexian.web.work.queues import QUEUES
from tests.factories import Town, dispatched, received
from tests.web.test_pages import signed_in

pytestmark = pytest.mark.django_db


def test_the_list_shows_what_needs_me_and_keeps_what_i_read(town: Town) -> None:
    order = dispatched(town)
    orders.urge(order=order, by=CITIZEN, reason="还没来水")
    actions.catch_up()
    clerk = signed_in("clerk")
    page = clerk.get("/notices/").content.decode()
    assert page.count("未读</span>") == 2
    assert order.title in page
    newest, oldest = queries.listed(town.by("clerk"), Choice(user_id=town.users["clerk"].pk))
    assert clerk.post(f"/notices/{oldest.pk}/read/").status_code == 302
    assert clerk.get("/notices/").content.decode().count("未读</span>") == 1
    clerk.post("/notices/read/", {"upto": newest.pk})
    assert "未读</span>" not in clerk.get("/notices/").content.decode()
    assert signed_in("visitor").post(f"/notices/{newest.pk}/read/").status_code == 404


@pytest.mark.parametrize("upto", ["", "x", "9" * 30, "-1"])
def test_a_wrong_mark_changes_nothing(town: Town, upto: str) -> None:
    assert signed_in("clerk").post("/notices/read/", {"upto": upto}).status_code == 302
    assert not Choice.objects.exists()


def test_the_counts_are_cheap_to_ask_for_again(town: Town) -> None:
    dispatched(town)
    actions.catch_up()
    clerk = signed_in("clerk")
    first = clerk.get("/notices/now/")
    known = json.loads(first.content)
    assert known["counts"] == {"inbox": 1}
    assert known["unread"] == 1
    assert known["choice"]["sound"] == "off"
    assert "danger" in known["choice"]["kinds"]
    assert clerk.get("/notices/now/", headers={"If-None-Match": first["ETag"]}).status_code == 304
    dispatched(town, telephone="13800138001", text="另一处停水，请来看看。")
    assert clerk.get("/notices/now/", headers={"If-None-Match": first["ETag"]}).json()["counts"] == {"inbox": 2}


def test_everyone_chooses_how_to_be_told(town: Town) -> None:
    clerk = signed_in("clerk")
    page = clerk.get("/notices/choices/").content.decode()
    assert 'value="visit"' not in page, "what never comes to this post is not offered"
    answer = clerk.post("/notices/choices/", {"kinds": ["card", "urged"], "sound": "danger", "title": "on"})
    assert answer.status_code == 302
    choice = Choice.objects.get(user=town.users["clerk"])
    assert (choice.kinds, choice.sound, choice.title, choice.desktop) == (["card", "urged"], "danger", True, False)
    assert clerk.post("/notices/choices/", {"kinds": ["visit"], "sound": "off"}).status_code == 422
    assert clerk.post("/notices/choices/", {"sound": "trumpet"}).status_code == 422


def test_the_bell_hangs_where_something_can_need_one(town: Town) -> None:
    assert "data-notices" in signed_in("dispatcher").get("/work/dispatch/").content.decode()
    assert "data-notices" not in signed_in("steward").get("/admin/").content.decode()
    with override_settings(STREAM_URL="http://{host}:8346/notices/stream/"):
        page = signed_in("clerk").get("/work/inbox/").content.decode()
    assert 'data-stream="http://testserver:8346/notices/stream/"' in page
    assert 'data-count="inbox"' in page
    assert Client().get("/notices/now/").status_code == 302


def test_each_list_counts_what_it_shows(town: Town) -> None:
    received(town)
    assert set(WAITS) <= set(QUEUES)
    for name in ("dispatcher", "clerk", "visitor", "supervisor", "leader"):
        by = town.by(name)
        for slug, count in counts(by).items():
            assert count == QUEUES[slug].rows(by).count(), (name, slug)
    assert counts(town.by("dispatcher"))["dispatch"] == 1


def one(edge: str, source: str, target: str, **values: object) -> Happened:
    """An event of an order that department 1 has and department 2 had, in a street of the east."""
    told: dict[str, object] = {"event": 1, "order": 1, "at": None, "actor": None, "area": "990102001", "needs": ()}
    told |= {"held": frozenset({1}), "ever": frozenset({1, 2})}
    return Happened(edge=edge, source=source, target=target, **told | values)  # type: ignore[arg-type]


def test_what_an_event_moves() -> None:
    assert brought(one("submit", "", "submitted")) == {"dispatch"}
    assert brought(one("accept", "submitted", "accepted")) == set(), "it was in the list already"
    assert brought(one("dispatch", "accepted", "dispatched")) == {"inbox"}
    assert touched(one("dispatch", "accepted", "dispatched")) == {"dispatch", "inbox"}
    assert brought(one("ask_extension", "handling", "handling")) == {"disputes"}
    assert touched(one("deny_extension", "handling", "handling")) == {"disputes"}
    assert brought(one("ask_return", "handling", "returning")) == {"disputes"}


def test_whom_an_event_concerns() -> None:
    needs = (Need(Desk.DEPARTMENT, Kind.URGED), Need(Desk.TAKER, Kind.SUPPLEMENT))
    event = one("urge", "handling", "handling", needs=needs, taker=7)
    clerk = scope_of(By(role=Post.CLERK, user_id=3, departments=frozenset({1})))
    before = scope_of(By(role=Post.CLERK, user_id=4, departments=frozenset({2})))
    stranger = scope_of(By(role=Post.CLERK, user_id=5, departments=frozenset({3})))
    assert [within(scope, event) for scope in (clerk, before, stranger)] == [True, True, False]
    assert [told(scope, event) for scope in (clerk, before)] == [[Kind.URGED], []], (
        "who lost the order is not told of it"
    )
    east = scope_of(By(role=Post.DISPATCHER, user_id=6, areas=("990102",)))
    west = scope_of(By(role=Post.DISPATCHER, user_id=6, areas=("990103",)))
    assert [within(scope, event) for scope in (east, west)] == [True, False]
    agents = [scope_of(By(role=Post.AGENT, user_id=user)) for user in (7, 8)]
    assert [told(scope, event) for scope in agents] == [[Kind.SUPPLEMENT], []]
    assert scope_of(By(role=Post.DISPATCHER, user_id=6)) == scope_of(By(role=Post.DISPATCHER, user_id=9, name="另一人"))
