# SPDX-License-Identifier: Apache-2.0
"""The pages of the measured indicators: who may open them, what stands on them, where the rows lead."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import translation
from procrastinate.contrib.django.models import ProcrastinateJob

from rexian.assessment import index
from rexian.assessment.evidence import actions, claims, queries, report
from rexian.assessment.evidence.models import Measurement, Milestone
from rexian.directory import clock
from rexian.security.identity import SYSTEM
from rexian.security.posts import Post
from rexian.web.navigation import entries
from tests.factories import Town, closed, dispatched
from tests.web.test_pages import signed_in

pytestmark = pytest.mark.django_db
URL = "/assessment/live/"


def text(client: Client, url: str = URL) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.mark.parametrize("name", ["leader", "analyst", "steward", "administrator"])
def test_those_who_answer_for_it_see_all_29(town: Town, name: str) -> None:
    client = signed_in(name)
    assert "还没有测量过" in text(client)
    closed(town)
    actions.measure(by=SYSTEM)
    page = text(client)
    assert index.load().notice in page
    for one in (*index.load().dimensions, *index.load().subdimensions, *index.load().indicators):
        assert f"{one.id} {one.name}" in page
    assert "没有证据" in page
    assert "不是可机读的数据开放" in page
    assert all(one.source.removeprefix(report.YEAR) in page for one in index.load().indicators)
    assert "本市还没有填好的问卷" in page
    assert "改进计划与复测" in page


def test_claim_and_evidence_stand_side_by_side(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    dispatched(town)
    actions.measure(by=SYSTEM)
    monkeypatch.setattr(claims, "current", lambda: {"N1.2": 1.0, "D2.1": 0.25, "D3.4": 1.0})
    page = text(signed_in("leader"))
    assert "本市还没有填好的问卷" not in page
    assert re.search(r"N1\.2 \S+ 1\.00 1/1 [^≠]{0,40}1\.00", page), "the same, so without a sign"
    assert re.search(r"D3\.4 \S+ 没有证据 — [^≠]{0,40}≠ 1\.00", page), "claimed without evidence"


def test_rows_lead_to_their_orders_for_those_who_see_orders(town: Town) -> None:
    order = dispatched(town, channel="wechat")
    dispatched(town, channel="telephone")
    actions.measure(by=SYSTEM)
    one = queries.latest()["N2.2"]
    page = signed_in("leader").get(f"{URL}{one.pk}/").content.decode()
    links = re.findall(r'href="(/lists/\?[^"]+)"', page)
    assert len(links) == 2
    listed = signed_in("leader").get(next(link for link in links if "wechat" in link).replace("&amp;", "&"))
    assert re.findall(r"/work/orders/([^/]+)/", listed.content.decode())[0] == order.number
    assert "/lists/?" not in signed_in("steward").get(f"{URL}{one.pk}/").content.decode()


def test_what_is_lacking_is_named_to_those_who_mend_it(town: Town) -> None:
    dispatched(town)
    actions.measure(by=SYSTEM)
    one = queries.latest()["D2.3"]
    assert "还缺：热线中心、市住建局" in text(signed_in("steward"), f"{URL}{one.pk}/")
    assert "还缺" not in text(signed_in("leader"), f"{URL}{one.pk}/")
    assert signed_in("leader").get(f"{URL}999999/").status_code == 404


def test_the_trend_and_the_plan_stand_on_the_page_of_an_indicator(town: Town) -> None:
    dispatched(town, channel="telephone")
    actions.measure(by=SYSTEM)
    dispatched(town, channel="web")
    with clock.at(clock.now() + timedelta(days=20)):
        actions.measure(by=SYSTEM)
    one = queries.latest()["N2.2"]
    page = text(signed_in("analyst"), f"{URL}{one.pk}/")
    assert page.count("0/1") == page.count("1/2") - 1 == 1, "both measurements, the newest twice"
    assert "用在线渠道分流咨询类诉求" in page
    assert "+1.00" in text(signed_in("analyst"))


def test_measuring_is_asked_of_the_worker_once(town: Town, queue: None) -> None:
    client = signed_in("leader")
    assert client.get(f"{URL}measure/").status_code == 405
    for said in ("已排队", "已在排队"):
        assert said in client.post(f"{URL}measure/", follow=True).content.decode()
    assert ProcrastinateJob.objects.filter(task_name=actions.MEASURE).count() == 1
    assert "在排队" in text(client, f"{URL}job/")


def test_what_an_earlier_index_measured_is_still_told(town: Town) -> None:
    now = clock.now()
    values = {
        "taken_at": now,
        "end": now,
        "numerator": 0,
        "denominator": 0,
        "coverage": 0,
        "note": "x",
        "version": "0.1.1",
    }
    gone = Measurement.objects.create(indicator="Z9.9", **values)
    kept = Measurement.objects.create(indicator="N1.1", **values)
    planned = {"quarter": "2020Q1", "version": "0.1.1", "planned_on": "2020-01-01", "due": "2020-04-01", "before": 0.1}
    Milestone.objects.create(indicator="Z9.9", action="旧措施", **planned)
    client = signed_in("leader")
    page = text(client)
    assert "N1.1 渠道多元化" in page
    assert "旧措施" in page
    assert client.get(f"{URL}{gone.pk}/").status_code == 404
    assert "Z9.9" in text(client, f"{URL}{kept.pk}/")


@pytest.mark.parametrize(
    ("path", "marked"),
    [
        (URL, [URL]),
        (f"{URL}7/", [URL]),
        ("/admin/staff/", ["/admin/"]),
        ("/steward/access/posts/", []),
        ("/today/", []),
    ],
)
def test_the_rail_marks_the_entry_of_a_page_below(path: str, marked: list[str]) -> None:
    assert [one.url for one in entries(Post.STEWARD, path) if one.current] == marked


def test_others_do_not_see_it(town: Town) -> None:
    for name in ("agent", "dispatcher", "clerk", "supervisor", "editor"):
        client = signed_in(name)
        assert client.get(URL).status_code == 403
        assert client.post(f"{URL}measure/").status_code == 403


def test_the_page_is_in_english_too(town: Town) -> None:
    dispatched(town)
    actions.measure(by=SYSTEM)
    with translation.override("zh-hans"):  # what a request sets stays with the thread
        client = signed_in("steward")
        client.cookies["django_language"] = "en"
        page = client.get(URL).content.decode()
        assert "N2.2 relief of the telephone" in page
        bare = re.sub(r'<(\w+)[^>]*lang="zh-hans"[^>]*>.*?</\1>', "", page[page.index("<main") :], flags=re.DOTALL)
        found = re.findall(r"[㐀-鿿]+", re.sub(r"<dialog.*", "", bare, flags=re.DOTALL))
        assert found == []
        one = queries.latest()["N1.2"]
        detail = client.get(f"{URL}{one.pk}/").content.decode()
        assert "Website" in detail
