# SPDX-License-Identifier: Apache-2.0
"""Hot issues: found among open orders of one street, merged by a person, not brought back once refused, taken apart again."""

from datetime import timedelta

import pytest

from rexian.directory import clock
from rexian.directory.models import Area
from rexian.orders import actions
from rexian.orders.models import WorkOrder
from rexian.security.errors import Forbidden, Refusal
from rexian.warning import hot, tasks
from rexian.warning.models import HotIssue
from tests.factories import Town, dispatched, received
from tests.web.test_pages import signed_in

pytestmark = pytest.mark.django_db
SAID = (
    "春和小区东门的化粪池堵了，粪水漫到路上",
    "化粪池堵塞，春和小区东门满地粪水，臭得很",
    "春和小区东门粪水横流，化粪池没人清掏",
)
OTHERS = ("公交车九路总是不准点", "想问新生儿怎么上户口", "工地半夜打桩睡不着", "银杏路的路灯三天没亮")


def people(town: Town, *texts: str, start: int = 0, area: Area | None = None) -> list[WorkOrder]:
    """An order a text, each from somebody else."""
    return [
        received(town, text=text, telephone=f"1380013{start + n:04}", area=area or town.area).order
        for n, text in enumerate(texts)
    ]


@pytest.fixture
def orders(town: Town) -> list[WorkOrder]:
    found = people(town, *SAID, start=100)
    people(town, *OTHERS)
    return found


def test_what_many_say_of_one_place_is_found_once(town: Town, orders: list[WorkOrder]) -> None:
    (issue,) = hot.look(clock.now())
    assert set(issue.orders.all()) == set(orders)
    assert (issue.people, issue.area, issue.state) == (3, town.area, "open")
    assert issue.first <= issue.last
    assert issue.heat == pytest.approx(2 + 2 / 2, abs=0.01), "log2(1 + 3 people) + half of log2(1 + 3 orders)"
    later = dispatched(town, text="春和小区东门化粪池又堵了，粪水流出来", telephone="13800130200")
    tasks.look_for_hot_issues(0)
    assert HotIssue.objects.count() == 1
    assert later in issue.orders.all()
    WorkOrder.objects.update(received_at=clock.now() - timedelta(days=20))
    assert hot.look(clock.now()) == []
    issue.refresh_from_db()
    assert issue.state == "passed"


def test_other_streets_and_confidential_orders_stay_out(town: Town) -> None:
    street = Area.objects.create(code="990102002", stem="990102002", name="桃园街道", level=3, parent=town.area.parent)
    people(town, *OTHERS)
    first, second, *_rest = people(town, SAID[0], SAID[1], start=100)
    people(town, SAID[2], start=102, area=street)
    assert hot.look(clock.now()) == [], "two here and one there are no issue"
    secret = received(town, text=SAID[2], telephone="13800130300", confidential=True).order
    assert hot.look(clock.now()) == []
    (third,) = people(town, SAID[2], start=104)
    (issue,) = hot.look(clock.now())
    assert set(issue.orders.all()) == {first, second, third}
    assert secret not in issue.orders.all()


def test_a_supervisor_makes_a_parent_with_its_repeats(town: Town, orders: list[WorkOrder]) -> None:
    taken = dispatched(town, text=SAID[0], telephone="13800130200")
    (issue,) = hot.look(clock.now())
    with pytest.raises(Forbidden):
        hot.merge(by=town.by("analyst"), issue=issue, parent=taken, repeats=orders)
    with pytest.raises(Refusal, match="这个热点里的"):
        hot.merge(by=town.by("supervisor"), issue=issue, parent=dispatched(town, text=OTHERS[0]), repeats=orders)
    with pytest.raises(Refusal, match="先选中"):
        hot.merge(by=town.by("supervisor"), issue=issue, parent=taken, repeats=[])
    supervisor = signed_in("supervisor")
    assert issue.title in supervisor.get("/today/hot/").content.decode()
    page = supervisor.get(f"/today/hot/{issue.pk}/").content.decode()
    assert f'value="{taken.number}" aria-label="主单：{taken.title}" checked' in page, "the one that a department has"
    left, *chosen = orders
    sent = {"parent": taken.number, "number": [one.number for one in (taken, *chosen)]}
    supervisor.post(f"/today/hot/{issue.pk}/merge/", sent)
    assert set(taken.repeats.all()) == set(chosen)
    assert chosen[0].events.filter(edge="merge", user=town.users["supervisor"]).exists()
    issue.refresh_from_db()
    assert (issue.state, issue.parent, issue.decided_by) == ("merged", taken, town.users["supervisor"])
    assert taken.number in supervisor.get("/today/hot/").content.decode()
    assert "已并单" in supervisor.post(f"/today/hot/{issue.pk}/merge/", sent, follow=True).content.decode()
    split = actions.unmerge(order=WorkOrder.objects.get(pk=chosen[0].pk), by=town.by("supervisor"), reason="不同楼")
    assert split.parent is None
    assert left.parent is None


def test_a_group_once_refused_is_not_proposed_again(town: Town, orders: list[WorkOrder]) -> None:
    (issue,) = hot.look(clock.now())
    dispatcher = signed_in("dispatcher")
    assert "请写明理由" in dispatcher.post(f"/today/hot/{issue.pk}/refuse/", {}, follow=True).content.decode()
    dispatcher.post(f"/today/hot/{issue.pk}/refuse/", {"reason": "三个门三件事"})
    assert hot.look(clock.now()) == []
    people(town, SAID[0], SAID[1], start=300)
    assert hot.look(clock.now()) == [], "two more are not yet as many as make an issue"
    people(town, SAID[2], start=310)
    (again,) = hot.look(clock.now())
    assert again.pk != issue.pk
    assert again.orders.count() == 6
    assert "三个门三件事" in dispatcher.get("/today/hot/").content.decode()


def test_who_sees_what(town: Town, orders: list[WorkOrder]) -> None:
    (issue,) = hot.look(clock.now())
    leader = signed_in("leader")
    assert "不是一件事" not in leader.get(f"/today/hot/{issue.pk}/").content.decode()
    assert leader.post(f"/today/hot/{issue.pk}/refuse/", {"reason": "不是"}).status_code == 403
    assert signed_in("clerk").get("/today/hot/").status_code == 403
    assert leader.get("/today/hot/999/").status_code == 404
    far = Area.objects.create(code="990103", stem="990103", name="河西区", level=2, parent=town.area.parent)
    town.users["supervisor"].staff.areas.add(far)
    assert signed_in("supervisor").get(f"/today/hot/{issue.pk}/").status_code == 404
    assert hot.waiting(town.by("supervisor")) == []
