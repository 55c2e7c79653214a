# SPDX-License-Identifier: Apache-2.0
"""What the portal does beside taking a request: the map, what others reported, addresses behind a proxy, the language."""

import html
import json
import re
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client

from rexian.directory.coordinates import Datum, from_wgs84
from rexian.directory.models import Area, City
from rexian.directory.queries import forget
from rexian.intake import limiting
from rexian.orders.models import WorkOrder
from tests.factories import TEXT, Town, dispatched
from tests.intake.test_limiting import solve
from tests.web.test_pages import form

pytestmark = pytest.mark.django_db
INSIDE = (105.2, 27.6)


@pytest.fixture
def mapped(town: Town) -> Town:
    ring = [[105.1, 27.5], [105.3, 27.5], [105.3, 27.7], [105.1, 27.7], [105.1, 27.5]]
    Area.objects.filter(pk=town.area.pk).update(outline={"type": "Polygon", "coordinates": [ring]})
    forget()
    return town


def test_a_point_on_the_map_is_kept_and_names_the_area(mapped: Town) -> None:
    City.objects.update(tiles="https://{s}.tiles.example/{z}/{x}/{y}.png", tiles_datum="gcj02")
    forget()
    page = Client().get("/")
    assert "https://*.tiles.example" in page["Content-Security-Policy"]
    longitude, latitude = from_wgs84(INSIDE, Datum.GCJ02)
    Client().post("/", form(area="", longitude=str(longitude), latitude=str(latitude)))
    order = WorkOrder.objects.get()
    assert (order.longitude, order.latitude) == pytest.approx(INSIDE, abs=2e-6)
    assert order.area == mapped.area


def test_outlines_are_served_for_the_map(mapped: Town) -> None:
    found = json.loads(Client().get("/areas.json").content)
    assert [one["properties"]["name"] for one in found["features"]] == ["春和街道"]


def test_what_others_reported_is_told_from_three_people_on(mapped: Town) -> None:
    def ask() -> str:
        told = Client().post("/nearby/", {"text": TEXT, "longitude": INSIDE[0], "latitude": INSIDE[1]})
        assert unquote(told["X-Area"]) == "春和街道"
        return re.sub(r"\s+", "", told.content.decode())

    for number in range(2):
        dispatched(mapped, telephone=f"1380013800{number}")
    assert ask() == ""
    dispatched(mapped, telephone="13800138009")
    assert "近三天已有3人反映“停水”" in ask()
    assert "市自来水公司正在处理" in ask()


def test_a_flood_gets_a_task_and_its_solution_opens_the_door(town: Town) -> None:
    client = Client()
    for _ in range(limiting.SUBMISSIONS):
        client.post("/", form())
    page = client.post("/", form())
    assert page.status_code == 422
    task = json.loads(html.unescape(re.search(r'data-challenge="([^"]+)"', page.content.decode())[1]))
    assert client.post("/", form(altcha=solve(task))).status_code == 302


def test_only_our_own_proxy_is_believed(town: Town, settings: Any) -> None:
    client, other = Client(), "203.0.113.9"
    for number in range(limiting.SUBMISSIONS + 1):
        last = client.post("/", form(), headers={"X-Forwarded-For": f"203.0.113.{number}"})
    assert last.status_code == 422, "what a stranger writes of himself counts for nothing"
    settings.PROXIES = frozenset({"127.0.0.1"})
    assert client.post("/", form(), headers={"X-Forwarded-For": f"10.9.9.9, {other}"}).status_code == 302


def test_the_language_can_be_chosen(town: Town) -> None:
    client = Client()
    assert client.post("/language/", {"language": "en", "next": "/find/"}).status_code == 302
    assert 'lang="en"' in client.get("/find/").content.decode()
