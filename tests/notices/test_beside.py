# SPDX-License-Identifier: Apache-2.0
"""Rising trends and the queues of the knowledge base reach those whom they concern, and nobody else."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from rexian.directory import clock
from rexian.directory.models import Area
from rexian.knowledge import actions as knowledge
from rexian.knowledge import validity
from rexian.notices import actions, queries
from rexian.notices.kinds import BESIDE, Desk, Kind
from rexian.notices.models import Notice
from rexian.security.sources import sources
from rexian.warning.models import Alarm
from tests.factories import Town
from tests.knowledge.articles import published, until, written
from tests.web.test_pages import signed_in

pytestmark = pytest.mark.django_db


def told(town: Town, name: str) -> list[tuple[str, str]]:
    """Kind and title of each notice beside orders that an account lists."""
    by = town.by(name)
    rows = queries.listed(by, queries.choice_of(by))
    return [(one.kind, one.title) for one in rows if one.order is None]  # type: ignore[attr-defined]


def rising(town: Town, area: Area | None = None, sort: str = "trend") -> Alarm:
    values: dict[str, Any] = {"count": 12, "expected": 3.04, "chance": 1e-6, "found_at": clock.now()}
    series = f"{town.outage.code}|{area.stem if area else ''}"
    return Alarm.objects.create(sort=sort, day=clock.today(), series=series, category=town.outage, area=area, **values)


def test_every_source_tells_what_the_table_knows(town: Town) -> None:
    rising(town)
    published(town, valid_until=until(20))
    written(town, "editor", title="另一篇")
    validity.run_due(clock.today())
    found = [one for source in sources().values() for one in source.since(clock.now() - timedelta(hours=1))]
    assert {Kind(one.kind) for one in found} == set(BESIDE)
    assert all(Desk(one.desk) in BESIDE[Kind(one.kind)] for one in found)
    assert all((one.department is not None) == (one.desk == Desk.DEPARTMENT) for one in found)


def test_a_trend_is_told_once_to_those_who_take_note(town: Town) -> None:
    rising(town)
    rising(town, sort="matter")
    actions.catch_up()
    actions.catch_up()
    expected = [("rising", "停水 · 全市 · 1 天 12 件，平常 3.0 件")]
    for name in ("dispatcher", "supervisor", "leader"):
        assert told(town, name) == expected, name
    for name in ("clerk", "head", "agent", "visitor", "analyst", "editor", "administrator"):
        assert told(town, name) == [], name


def test_a_trend_elsewhere_is_not_told(town: Town) -> None:
    rising(town, town.area.parent)
    actions.catch_up()
    staff = town.users["dispatcher"].staff  # type: ignore[attr-defined]
    staff.areas.set([town.area.parent])
    assert told(town, "dispatcher") == [("rising", "停水 · 河东区 · 1 天 12 件，平常 3.0 件")]
    staff.areas.set(
        [Area.objects.create(code="990103", stem="990103", name="河西区", level=2, parent=town.area.parent.parent)]
    )
    assert told(town, "dispatcher") == []


def test_a_review_is_told_to_reviewers_but_not_to_who_asked(town: Town) -> None:
    mine = knowledge.submit(article=written(town, "editor"), by=town.by("editor"))
    theirs = knowledge.submit(article=written(town, "clerk", title="停水怎么办"), by=town.by("clerk"))
    actions.catch_up()
    assert told(town, "editor") == [("article", "停水怎么办")]
    assert told(town, "supervisor") == [("article", "停水怎么办"), ("article", "水费怎么交")]
    for name in ("clerk", "stranger", "agent", "dispatcher"):
        assert told(town, name) == [], name
    page = signed_in("supervisor").get("/notices/").content.decode()
    for article in (mine, theirs):
        assert f'href="/knowledge/{article.pk}/"' in page


def test_the_end_of_validity_is_told_to_editors_and_the_department_that_answers(town: Town) -> None:
    published(town, valid_until=until(20))
    published(town, title="住房补贴", department=town.other, valid_until=until(20))
    validity.run_due(clock.today())
    actions.catch_up()
    assert {title for kind, title in told(town, "editor") if kind == "expiring"} == {"水费怎么交", "住房补贴"}
    assert told(town, "clerk") == [("expiring", "水费怎么交")]
    assert told(town, "stranger") == [("expiring", "住房补贴")]
    assert ("expiring", "水费怎么交") not in told(town, "supervisor")


def test_each_chooses_and_reads_them_as_the_others(town: Town) -> None:
    alarm = rising(town)
    actions.catch_up()
    client = signed_in("leader")
    assert f'href="/today/alarms/{alarm.pk}/"' in client.get("/notices/").content.decode()
    assert client.get("/notices/now/").json()["unread"] == 1
    client.post(f"/notices/{Notice.objects.get(about='alarm').pk}/read/")
    assert client.get("/notices/now/").json()["unread"] == 0
    assert 'value="rising"' in client.get("/notices/choices/").content.decode()
    assert 'value="rising"' not in signed_in("editor").get("/notices/choices/").content.decode()
    actions.choose(by=town.by("leader"), kinds=["card"], sound="off", title=True, desktop=False)
    assert told(town, "leader") == []


def test_a_notice_is_of_an_order_or_of_something_else(town: Town) -> None:
    with pytest.raises(IntegrityError, match="notice_of_what"):
        Notice.objects.create(about="alarm", event=1, at=clock.now(), kind=Kind.RISING, desk=Desk.ALARM)
