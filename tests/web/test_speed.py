# SPDX-License-Identifier: Apache-2.0
"""Pages ask the database for what they show, once: nothing that was left out is loaded row by row, and more rows are no more queries."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rexian.directory import clock
from rexian.directory.queries import forget
from rexian.orders import actions, queries
from rexian.orders.columns import COLUMNS
from rexian.orders.models import WorkOrder
from rexian.security.posts import Post
from rexian.web.work.queues import QUEUES
from tests.factories import TELEPHONE, Town, closed, dispatched, received, replied
from tests.web.test_pages import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
POSTS = {"dispatch": "dispatcher", "disputes": "dispatcher", "reviews": "dispatcher", "inbox": "clerk"}
POSTS |= {"visits": "visitor", "late": "supervisor", "mine": "agent", "all": "dispatcher"}


def one_of_each(town: Town) -> list[WorkOrder]:
    """An order in each state that a list of work is of, with what makes its row long."""
    water, other = town.by("clerk"), received(town).order
    late = actions.urge(order=dispatched(town), by=town.by("supervisor"), reason="请尽快")
    WorkOrder.objects.filter(pk=late.pk).update(due_at=clock.now() - timedelta(hours=1))
    near = actions.urge(order=dispatched(town), by=town.by("supervisor"), reason="请尽快")
    WorkOrder.objects.filter(pk=near.pk).update(due_at=clock.now() + timedelta(hours=1), urgency="danger", card=1)
    merged = actions.merge(order=dispatched(town), by=town.by("dispatcher"), parent=near)
    returning = actions.ask_return(order=dispatched(town), by=water, reason="不归我们管", suggested=town.other)
    visiting = actions.approve(order=replied(town), by=town.by("dispatcher"))
    return [other, late, near, merged, returning, replied(town), visiting, closed(town)]


@pytest.fixture
def nothing_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """A column that a query left out cannot be asked for afterwards."""
    whole = Model.refresh_from_db

    def refresh(self: Model, using: Any = None, fields: Any = None, **more: Any) -> None:
        assert fields is None, f"{type(self).__name__}.{fields} was left out of the query, and is asked for row by row"
        whole(self, using=using, fields=fields, **more)

    monkeypatch.setattr(Model, "refresh_from_db", refresh)


def addresses(orders: list[WorkOrder]) -> list[tuple[str, str]]:
    """Of each page that shows orders: who opens it, and where it is."""
    pages = [(POSTS[slug], f"/work/{slug}/") for slug in QUEUES]
    pages += [
        ("clerk", "/work/all/"),
        ("clerk", "/lists/"),
        ("dispatcher", "/lists/"),
        ("dispatcher", "/lists/?q=停水"),
    ]
    pages += [("dispatcher", "/lists/?" + "&".join(f"columns={name}" for name in COLUMNS))]
    pages += [
        ("supervisor", f"/work/board/{part}") for part in ("", "near/", "near/?late=1", "chains/", "cards/", "people/")
    ]
    pages += [("head", f"/work/board/{part}") for part in ("", "near/", "chains/", "cards/", "people/")]
    pages += [(post, f"/work/orders/{one.number}/") for post in ("dispatcher", "supervisor") for one in orders]
    pages += [("head", f"/work/orders/{one.number}/") for one in orders[1:]]
    return pages + [("dispatcher", f"/work/orders/{one.number}/repeats/") for one in orders]


def test_what_a_query_left_out_is_not_asked_for(town: Town, nothing_later: None) -> None:
    pages = addresses(one_of_each(town))
    clients: dict[str, Client] = {post: signed_in(post) for post in {post for post, _address in pages}}
    for post, address in pages:
        assert clients[post].get(address).status_code == 200, (post, address)
    caller = signed_in("agent").post("/desk/citizen/", {"telephone": TELEPHONE})
    assert "以前的诉求" in caller.content.decode()


@pytest.mark.parametrize(("slug", "post"), POSTS.items())
def test_a_longer_list_asks_no_more(town: Town, slug: str, post: str) -> None:
    """The open order aside: which one stands first, and so what is asked for it, is not the list's."""

    def asked() -> int:
        client = signed_in(post)
        client.get(f"/work/{slug}/?q=停水")
        forget()
        with CaptureQueriesContext(connection) as seen:
            assert client.get(f"/work/{slug}/?q=停水").status_code == 200
        return len(seen)

    one_of_each(town)
    few = asked()
    for _ in range(3):
        one_of_each(town)
    assert asked() == few


def test_an_actor_is_one_query_and_his_departments_another(town: Town) -> None:
    for post, most in ((Post.DISPATCHER, 1), (Post.CLERK, 2)):
        with CaptureQueriesContext(connection) as seen:
            town.by(post.value)
        assert len(seen) == most


def test_late_work_has_an_index_of_its_own(town: Town) -> None:
    """Without it a page of late orders reads every order that ever had a limit."""
    rows = queries.late(town.by("supervisor"), clock.now()).order_by("due_at", "pk")[:31]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    assert "order_in_hand" in rows.explain()
