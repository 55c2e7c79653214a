# SPDX-License-Identifier: Apache-2.0
"""Every route says who may open it, and refuses everyone else."""

import re

import pytest
from django.test import Client

from rexian.orders.access import get_order, visible
from rexian.orders.models import WorkOrder
from rexian.security.access import access_of, all_routes
from rexian.security.posts import Post
from tests.factories import Town, dispatched
from tests.web.test_pages import signed_in

pytestmark = pytest.mark.django_db


def test_every_route_says_who_may_open_it() -> None:
    routes = list(all_routes())
    assert len(routes) > 25
    assert [route for route, pattern in routes if access_of(pattern.callback) is None] == []


def _url(route: str, number: str) -> str:
    url = (
        route.replace("<str:number>", number)
        .replace("<slug:edge>", "sign")
        .replace("<int:pk>", "1")
        .replace("<slug:slug>", "all")
    )
    return "/" + re.sub(r"[\^$]|\\Z", "", url)


def test_strangers_meet_the_door_everywhere(town: Town) -> None:
    number = dispatched(town).number
    for route, pattern in all_routes():
        access = access_of(pattern.callback)
        if access is None or access.public:
            continue
        for method in ("get", "post"):
            answer = getattr(Client(), method)(_url(route, number))
            assert answer.status_code in (302, 401, 403, 404, 405), (route, method, answer.status_code)
            if answer.status_code == 302:
                assert answer["Location"].startswith("/account/in/"), route


@pytest.mark.parametrize("post", [post.value for post in Post])
def test_posts_meet_only_their_own_pages(town: Town, post: str) -> None:
    number = dispatched(town).number
    client = signed_in(post)
    for route, pattern in all_routes():
        access = access_of(pattern.callback)
        if access is None or access.public or access.client or Post(post) in access.posts or "out" in route:
            continue
        assert client.get(_url(route, number)).status_code in (403, 405), route


def test_owner_colleague_and_stranger(town: Town) -> None:
    order = dispatched(town)
    assert get_order(order.number, town.by("clerk")) == order
    assert get_order(order.number, town.by("stranger")) == order, "the assisting department sees it"
    WorkOrder.objects.filter(pk=order.pk).update(lead=None, state="accepted")
    order.assignments.all().delete()
    for name in ("clerk", "stranger", "editor", "steward", "administrator"):
        assert not visible(town.by(name)).exists(), name
    page = signed_in("stranger").get(f"/work/orders/{order.number}/")
    assert page.status_code == 404
